//! Chance that is the same each time: SplitMix64, so that no update of a library changes the book.

/// A source of numbers.
pub struct Random(u64);

impl Random {
    /// A source that begins at a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let many = u64::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(1);
        low.saturating_add(i64::try_from(self.next() % many).unwrap_or(0))
    }

    /// A number around the middle of 0 to 100: the sum of four dice.
    pub fn bell(&mut self) -> i64 {
        (0..4).map(|_| self.between(0, 25)).sum()
    }

    /// True so many times in a thousand.
    pub fn chance(&mut self, per_mille: i64) -> bool {
        self.between(1, 1000) <= per_mille
    }

    /// One of some.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let place = self.between(0, i64::try_from(from.len()).unwrap_or(1).saturating_sub(1));
        from.get(usize::try_from(place).unwrap_or(0)).unwrap_or(&from[0])
    }
}
