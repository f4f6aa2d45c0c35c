//! A picture that becomes smaller while its rows come in.

use super::group::Group;
use super::kernel::{GROUP, Sample};
use super::weights::Weights;

/// A picture whose rows pass by once, from the top: no more of them are kept than a target row needs, so all its pixels
/// are never in memory.
pub(crate) struct Passing<T> {
    group: Group,
    down: Weights,
    /// The latest rows, each in its turn's place.
    kept: Vec<T>,
    places: usize,
    /// The source row that comes next, and the target row that is summed next.
    next: usize,
    target: usize,
    out: Vec<u8>,
}

impl<T: Sample + Default> Passing<T> {
    /// The source row `first` comes first.
    pub(super) fn new(group: Group, down: Weights, first: usize) -> Self {
        let places = down.taps();
        Self {
            kept: vec![T::default(); group.source_row() * places],
            places,
            next: first,
            target: 0,
            out: vec![0; group.target_row() * down.count() as usize],
            group,
            down,
        }
    }

    /// Takes in the next row: `read` writes its samples.
    pub(crate) fn row<E>(&mut self, read: impl FnOnce(&mut [T]) -> Result<(), E>) -> Result<(), E> {
        let (length, places) = (self.group.source_row(), self.places);
        read(&mut self.kept[self.next % places * length..][..length])?;
        self.next += 1;
        let count = self.down.count() as usize;
        while self.target < count {
            let (first, weights) = self.down.of(self.target);
            let beyond = first + weights.len();
            if beyond > self.next {
                break;
            }
            let window: Vec<&[T]> = (first..beyond).map(|row| &self.kept[row % places * length..][..length]).collect();
            self.group.sum(self.target % GROUP, &window, weights);
            self.target += 1;
            if self.target.is_multiple_of(GROUP) || self.target == count {
                let (row, group) = (self.group.target_row(), (self.target - 1) / GROUP);
                self.group.finish(&mut self.out[group * GROUP * row..self.target * row]);
            }
        }
        Ok(())
    }

    /// The target, when all rows have passed.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.out
    }
}
