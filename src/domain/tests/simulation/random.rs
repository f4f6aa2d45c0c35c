//! Random numbers that can be repeated: the same seed gives the same run on every machine (splitmix64).

pub struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to this, both included.
    pub fn up_to(&mut self, most: i64) -> i64 {
        let span = most.unsigned_abs().saturating_add(1);
        i64::try_from(self.next() % span).unwrap_or_default()
    }

    /// True in so many of a thousand cases.
    pub fn in_1000(&mut self, cases: i64) -> bool {
        self.up_to(999) < cases
    }
}
