//! Files that are not pictures, or pretend to be another kind.

use super::super::{Case, Expect};
use super::jpeg::splice;
use super::{case, noise, refused};
use crate::common::fixture;

pub fn all() -> Vec<Case> {
    let iso = |brand: &[u8; 4]| [b"\0\0\0\x18ftyp", brand.as_slice(), b"\0\0\0\0mif1", brand].concat();
    let mut cases = vec![
        refused("nothing", vec![], "Empty"),
        refused("one zero", vec![0], "Unsupported"),
        refused("zeros", vec![0; 100_000], "Unsupported"),
        refused("only fill", vec![0xFF; 100_000], "Unsupported"),
        refused(
            "svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec(),
            "Unsupported",
        ),
        refused("svg behind a byte order mark", "\u{FEFF}<svg/>".as_bytes().to_vec(), "Unsupported"),
        refused("billion laughs", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><svg/>".to_vec(), "Unsupported"),
        refused("html", b"<!doctype html><img src=x onerror=alert(1)>".to_vec(), "Unsupported"),
        refused("pdf", b"%PDF-1.7\n1 0 obj".to_vec(), "Unsupported"),
        refused("zip", b"PK\x03\x04rest".to_vec(), "Unsupported"),
        refused("elf", b"\x7FELF\x02\x01\x01".to_vec(), "Unsupported"),
        refused("postscript", b"%!PS-Adobe-3.0 EPSF-3.0".to_vec(), "Unsupported"),
        refused("psd", b"8BPS\0\x01".to_vec(), "Unsupported"),
        refused("jpeg xl that ends within its header", b"\xFF\x0A\xFA\x1F".to_vec(), "Corrupt"),
        refused("jpeg 2000", b"\0\0\0\x0CjP  \r\n\x87\n".to_vec(), "Unsupported"),
        refused("video", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec(), "Unsupported"),
        refused("a box without end", b"\xFF\xFF\xFF\xFFftyp".to_vec(), "Unsupported"),
        refused("gif that is a script", b"GIF89a=1;alert(1);//".to_vec(), "TooManyPixels"),
        refused("bmp that is a script", b"BM\0\0\0\0\0\0\0\0=1;alert(1)//".to_vec(), "Unsupported"),
        refused(
            "jpeg with a page in its comment",
            splice(&[(0xFE, b"<html><script>alert(1)</script>".to_vec())]),
            "Unsupported",
        ),
        refused("jpeg with a document in its comment", splice(&[(0xFE, b"%PDF-1.4".to_vec())]), "Unsupported"),
        case(
            "jpeg with an archive behind it",
            [fixture("4-2-2.jpg"), b"PK\x03\x04evil".to_vec()].concat(),
            Expect::Picture,
        ),
    ];
    cases
        .extend([b"heic", b"heix", b"hevc", b"mif1"].map(|brand| refused(format!("{brand:?}"), iso(brand), "Corrupt")));
    cases.extend([b"avif", b"avis"].map(|brand| refused(format!("{brand:?}"), iso(brand), "Avif")));
    for magic in [
        &b"\xFF\xD8\xFF"[..],
        b"\x89PNG\r\n\x1A\n",
        b"GIF89a",
        b"RIFF\xFF\xFF\0\0WEBP",
        b"BM\0\0\0\0\0\0\0\0",
        b"II*\0",
        b"MM\0*",
    ] {
        let name = String::from_utf8_lossy(magic).into_owned();
        cases.push(refused(format!("magic alone {name}"), magic.to_vec(), "Corrupt"));
        for seed in 0..6 {
            cases.push(case(
                format!("magic and noise {seed} {name}"),
                [magic.to_vec(), noise(seed, 3000)].concat(),
                Expect::AnyError,
            ));
        }
    }
    cases
}
