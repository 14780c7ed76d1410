//! Pseudo-random numbers: xorshift64* seeded through SplitMix64.
//!
//! The stream of a seed is part of the project's promise: initial weights, mini-batches and so every result
//! depend on it. Changing it changes every published number.
//!
//! Sources: S. Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled", ACM TOMS
//! 42 (2016), for xorshift64*; G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators",
//! OOPSLA 2014, for SplitMix64; G. Marsaglia, T. Bray, "A convenient method for generating normal variables",
//! SIAM Review 6 (1964), for the polar method; D. Lemire, "Fast random integer generation in an interval", ACM
//! TOMACS 29 (2019), for bounded integers.

use std::num::NonZeroU64;

use crate::math::exp_ln::ln;

/// The SplitMix64 sequence: turns any seed, however regular, into well-mixed 64-bit words.
///
/// ```
/// let mut words = backprop::math::rng::SplitMix64::new(1_234_567);
/// assert_eq!(words.next_u64(), 6_457_827_717_110_365_317);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    /// The sequence that starts at `seed`. Every seed is good, zero included.
    pub fn new(seed: u64) -> Self {
        SplitMix64 { state: seed }
    }

    /// The next word.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.state;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }
}

/// The xorshift64* generator: period 2⁶⁴ − 1, every 64-bit word but zero is a state.
///
/// Not for cryptography. The lowest bits are the weakest; [`uniform`](Self::uniform) and
/// [`below`](Self::below) use the highest.
#[derive(Debug, Clone, PartialEq)]
pub struct Rng {
    state: NonZeroU64,
    /// The second normal of a pair made by the polar method, kept for the next call.
    spare_normal: Option<f64>,
}

impl Rng {
    /// The generator of a seed. Its state is the first non-zero word of [`SplitMix64`], so every seed is good,
    /// zero included, and neighbouring seeds give unrelated streams.
    ///
    /// # Panics
    ///
    /// Never: SplitMix64 visits zero once in 2⁶⁴ words.
    pub fn new(seed: u64) -> Self {
        let mut words = SplitMix64::new(seed);
        let state = std::iter::repeat_with(|| words.next_u64()).find_map(NonZeroU64::new);
        Rng::from_state(state.expect("an endless iterator with non-zero words"))
    }

    /// The generator in a given state, with no seeding in between: for published reference vectors, and to go on where
    /// another generator stopped.
    pub fn from_state(state: NonZeroU64) -> Self {
        Rng { state, spare_normal: None }
    }

    /// The state, from which [`from_state`](Self::from_state) makes a generator with the same next word. (The second
    /// normal of a pair, if it is still to come, is not part of it.)
    pub fn state(&self) -> NonZeroU64 {
        self.state
    }

    /// The next word, uniform over 1 … 2⁶⁴ − 1.
    ///
    /// # Panics
    ///
    /// Never: a xorshift step is invertible and maps only zero to zero.
    pub fn next_u64(&mut self) -> u64 {
        let mut x = self.state.get();
        x ^= x >> 12;
        x ^= x << 25;
        x ^= x >> 27;
        self.state = NonZeroU64::new(x).expect("xorshift maps non-zero states to non-zero states");
        x.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A uniform number in [0, 1): the top 53 bits times 2⁻⁵³, so every multiple of 2⁻⁵³ is equally likely, up to the one
    /// word that never comes (zero).
    pub fn uniform(&mut self) -> f64 {
        const TWO_TO_MINUS_53: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.next_u64() >> 11) as f64 * TWO_TO_MINUS_53
    }

    /// A standard normal number N(0, 1) by Marsaglia's polar method: a uniform point (u, v) in the unit disc
    /// with s = u² + v² gives the two independent normals u·√(−2 ln s / s) and v·√(−2 ln s / s).
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare_normal.take() {
            return spare;
        }
        loop {
            let u = 2.0 * self.uniform() - 1.0;
            let v = 2.0 * self.uniform() - 1.0;
            let s = u * u + v * v;
            if 0.0 < s && s < 1.0 {
                let factor = (-2.0 * ln(s) / s).sqrt();
                self.spare_normal = Some(v * factor);
                return u * factor;
            }
        }
    }

    /// A uniform integer in 0 … bound − 1, without bias up to the one word that never comes (Lemire's multiply and reject).
    ///
    /// # Panics
    ///
    /// If `bound` is zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "there is no integer below 0");
        // Of the 2⁶⁴ words, 2⁶⁴ mod bound are rejected; the rest fall evenly on the bound values.
        let rejected = bound.wrapping_neg() % bound;
        loop {
            let product = u128::from(self.next_u64()) * u128::from(bound);
            #[expect(clippy::cast_possible_truncation, reason = "the low half is what decides")]
            if product as u64 >= rejected {
                return (product >> 64) as u64;
            }
        }
    }

    /// Puts the items in a uniformly random order (Fisher–Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            #[expect(clippy::cast_possible_truncation, reason = "below last + 1, which is a usize")]
            let other = self.below(last as u64 + 1) as usize;
            items.swap(last, other);
        }
    }
}
