//! A reader that ends when the time for a decode is over.

use std::io::{BufRead, Cursor, Read, Seek, SeekFrom};

use crate::error::ImageError;
use crate::sandbox::Deadline;

pub(super) const DAMAGED: ImageError = ImageError::Corrupt("its pixels are cut or damaged");

/// The error of a decoder that ran out of time. The decoder itself only reports that it could not read.
pub(super) fn late(deadline: Deadline) -> ImageError {
    deadline.check().err().unwrap_or(DAMAGED)
}

/// A long file is handed out in pieces, so that its reader checks the clock between them.
const PIECE: usize = 64 * 1024;

/// A reader that ends when the time is over.
pub(super) struct Timed<'a> {
    cursor: Cursor<&'a [u8]>,
    deadline: Deadline,
    reads: u8,
}

impl<'a> Timed<'a> {
    pub(super) fn new(bytes: &'a [u8], deadline: Deadline) -> Self {
        Self { cursor: Cursor::new(bytes), deadline, reads: 0 }
    }

    fn tick(&mut self) -> std::io::Result<()> {
        self.reads = self.reads.wrapping_add(1);
        // Reads may be single bytes: only every 64th reads the clock.
        if self.reads.is_multiple_of(64) && self.deadline.check().is_err() {
            return Err(std::io::ErrorKind::TimedOut.into());
        }
        Ok(())
    }
}

impl Read for Timed<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.tick()?;
        self.cursor.read(out)
    }
}

impl BufRead for Timed<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.tick()?;
        let rest = self.cursor.fill_buf()?;
        Ok(&rest[..rest.len().min(PIECE)])
    }

    fn consume(&mut self, amount: usize) {
        self.cursor.consume(amount);
    }
}

impl Seek for Timed<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.cursor.seek(to)
    }
}
