//! A cursor is valid for the list of the reader it was made for, and for no other; in one spelling; and the next page
//! lies below its id. A text that Darkroom did not seal is not a cursor.

#![no_main]

use darkroom_domain::cursor::CursorScope;
use darkroom_domain::id::{AlbumId, LinkId, OwnerId};
use darkroom_domain::range::IdRange;
use darkroom_domain::record::Status;
use darkroom_domain::token::MacKey;
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use time::Date;

const KEY: MacKey = MacKey::new([7; 32]);

fuzz_target!(|data: &[u8]| {
    let mut dice = Unstructured::new(data);
    // Too few bytes for two lists are no case.
    let _ = check(&mut dice);
});

fn check(dice: &mut Unstructured<'_>) -> Result<()> {
    let (ada, adam) = (owner(dice)?, owner(dice)?);
    let (one, other) = (scope(dice, &ada)?, scope(dice, &adam)?);
    let last: u128 = dice.arbitrary()?;
    let cursor = one.seal(&KEY, last);
    assert_eq!(one.open(&KEY, &cursor), Some(last));
    assert_eq!(other.open(&KEY, &cursor), (one == other).then_some(last), "{one:?}, {other:?}");
    assert_eq!(one.open(&MacKey::new([8; 32]), &cursor), None);
    if let Some(rest) = IdRange::ALL.below(last) {
        assert_eq!(rest.above(), last);
    }

    let (at, byte): (usize, u8) = dice.arbitrary()?;
    let mut changed = cursor.clone().into_bytes();
    let at = at % changed.len();
    if changed[at] != byte {
        changed[at] = byte;
        assert_eq!(one.open(&KEY, &String::from_utf8_lossy(&changed)), None, "another spelling of {cursor}");
    }
    let rest = dice.bytes(dice.len())?;
    assert_eq!(one.open(&KEY, &String::from_utf8_lossy(rest)), None, "a forged cursor");
    Ok(())
}

/// Names of few letters, so that two of them are often alike or begin alike.
fn owner(dice: &mut Unstructured<'_>) -> Result<OwnerId> {
    let letters: [u8; 3] = dice.arbitrary()?;
    let name = letters.map(|letter| char::from(b"ab-1"[usize::from(letter % 4)]));
    let length = dice.int_in_range(1..=name.len())?;
    Ok(OwnerId::parse(&name[..length].iter().collect::<String>()).expect("letters and hyphens"))
}

fn scope<'a>(dice: &mut Unstructured<'_>, owner: &'a OwnerId) -> Result<CursorScope<'a>> {
    let album = AlbumId::from_number(u128::from(dice.arbitrary::<u8>()? % 4));
    let link = LinkId::from_number(u128::from(dice.arbitrary::<u8>()? % 4));
    let day =
        |number: u8| (number % 3 > 0).then(|| Date::from_ordinal_date(2026, u16::from(number % 3)).expect("a day"));
    Ok(match dice.arbitrary::<u8>()? % 8 {
        0 => CursorScope::Public(owner),
        1 => CursorScope::Albums(owner),
        2 => CursorScope::Album(owner, album),
        3 => CursorScope::Links(owner, album),
        4 => CursorScope::Shared(album, link),
        filters => {
            let days = (day(dice.arbitrary()?), day(dice.arbitrary()?));
            let status = [None, Some(Status::Ready), Some(Status::Failed)][usize::from(filters - 5)];
            CursorScope::Mine { owner, status, album: dice.arbitrary::<bool>()?.then_some(album), days }
        }
    })
}
