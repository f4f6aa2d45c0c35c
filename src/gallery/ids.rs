//! Lists of ids in a request.

use darkroom_domain::id::ImageId;
use darkroom_runtime::api::Fields;
use std::collections::BTreeSet;

/// Photos that one request may name: with an album's own check one transaction of the table, which takes a hundred.
pub const IDS_MAX: usize = 50;

/// Notes a fault of the field unless it holds at most so many ids, each once.
pub fn check(fields: &mut Fields, field: &str, ids: &[ImageId]) {
    let unique: BTreeSet<_> = ids.iter().collect();
    let fits = (1..=IDS_MAX).contains(&ids.len()) && unique.len() == ids.len();
    fields.check(fits, field, rule);
}

/// From a query, where commas stand between them.
pub fn read(text: &str) -> Option<Vec<ImageId>> {
    text.split(',').map(|id| ImageId::parse(id).ok()).collect()
}

/// What they must be.
pub fn rule() -> String {
    format!("must be 1 to {IDS_MAX} ids, each once")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stand_between_commas_and_nothing_else_does() {
        let (one, other) = (ImageId::from_number(1), ImageId::from_number(2));
        assert_eq!(read(&format!("{other},{one}")), Some(vec![other, one]));
        for bad in ["", ",", &format!("{one},"), &format!("{one}, {other}"), &format!("{one};{other}"), "x"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn there_are_one_to_fifty_and_each_once() {
        let ids: Vec<_> = (0..51).map(ImageId::from_number).collect();
        for (ids, good) in
            [(&ids[..1], true), (&ids[..50], true), (&ids[..], false), (&[], false), (&[ids[0], ids[1], ids[0]], false)]
        {
            let mut fields = Fields::default();
            check(&mut fields, "ids", ids);
            assert_eq!(fields.done().is_ok(), good, "{}", ids.len());
        }
    }
}
