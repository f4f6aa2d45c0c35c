//! The bytes of one strip or tile of a TIFF, unpacked as they are read.

use std::io::{Error, ErrorKind, Read};

use flate2::bufread::ZlibDecoder;
use weezl::{BitOrder, LzwStatus, decode::Configuration};

use crate::header::tiff_layout::Packing;

/// A reader of what a strip or a tile holds.
pub(super) fn unpacked<'a>(packed: &'a [u8], packing: Packing) -> Box<dyn Read + 'a> {
    match packing {
        Packing::None => Box::new(packed),
        Packing::Deflate => Box::new(ZlibDecoder::new(packed)),
        Packing::Lzw => Box::new(Lzw::new(packed)),
        Packing::PackBits => Box::new(PackBits { packed, left: 0, repeated: None }),
    }
}

/// The decoder says that it makes no progress also when it takes a code from its own 64 bits and gives no byte yet.
const MOST_CODES_INSIDE: u32 = 64 / 9;

struct Lzw<'a> {
    packed: &'a [u8],
    decoder: weezl::decode::Decoder,
}

impl<'a> Lzw<'a> {
    fn new(packed: &'a [u8]) -> Self {
        // TIFF makes its codes longer one code early. A reader of rows stops wherever its row is full.
        let decoder = Configuration::with_tiff_size_switch(BitOrder::Msb, 8).with_yield_on_full_buffer(true).build();
        Self { packed, decoder }
    }
}

impl Read for Lzw<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let mut idle = 0;
        loop {
            let step = self.decoder.decode_bytes(self.packed, out);
            self.packed = &self.packed[step.consumed_in..];
            match step.status {
                _ if step.consumed_out > 0 => return Ok(step.consumed_out),
                Err(error) => return Err(Error::new(ErrorKind::InvalidData, error)),
                // Some writers leave out the code that ends a strip: only missing pixels are an error.
                Ok(LzwStatus::Done) => return Ok(0),
                Ok(LzwStatus::NoProgress) if idle == MOST_CODES_INSIDE => return Ok(0),
                Ok(LzwStatus::NoProgress) => idle += 1,
                Ok(LzwStatus::Ok) => {}
            }
        }
    }
}

/// Runs of one byte, and runs of different ones.
struct PackBits<'a> {
    packed: &'a [u8],
    /// Bytes that are left of the current run.
    left: usize,
    /// The byte that the current run repeats.
    repeated: Option<u8>,
}

impl Read for PackBits<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.left == 0 {
            let Some((&head, rest)) = self.packed.split_first() else { return Ok(0) };
            self.packed = rest;
            match head {
                0..=127 => (self.left, self.repeated) = (usize::from(head) + 1, None),
                // By Apple's rule it means nothing.
                128 => {}
                129.. => {
                    let Some((&byte, rest)) = self.packed.split_first() else { return Ok(0) };
                    (self.left, self.repeated, self.packed) = (257 - usize::from(head), Some(byte), rest);
                }
            }
        }
        let length = self.left.min(out.len());
        let length = match self.repeated {
            Some(byte) => {
                out[..length].fill(byte);
                length
            }
            None => self.packed.read(&mut out[..length])?,
        };
        self.left -= length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the TIFF specification, section 9.
    #[test]
    fn runs_unpack() {
        let packed = [0xFE, 0xAA, 0x02, 0x80, 0x00, 0x2A, 0xFD, 0xAA, 0x03, 0x80, 0x00, 0x2A, 0x22, 0xF7, 0xAA];
        let mut out = Vec::new();
        unpacked(&packed, Packing::PackBits).read_to_end(&mut out).unwrap();
        let expected = [
            0xAA, 0xAA, 0xAA, 0x80, 0x00, 0x2A, 0xAA, 0xAA, 0xAA, 0xAA, 0x80, 0x00, 0x2A, 0x22, 0xAA, 0xAA, 0xAA, 0xAA,
            0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA,
        ];
        assert_eq!(out, expected);
    }
}
