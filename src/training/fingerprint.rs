//! A 64-bit fingerprint, FNV-1a: two runs with the same one ended with the same bits. It finds accidents, not forgers.
//!
//! Source: G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, *The FNV Non-Cryptographic Hash Algorithm* (IETF draft).

use std::fmt;

use crate::math::model::Model;

/// The fingerprint of the bytes seen so far. Shown as 16 hexadecimal digits.
///
/// ```
/// use backprop::training::fingerprint::Fingerprint;
///
/// let mut fingerprint = Fingerprint::new();
/// fingerprint.update(b"foobar");
/// assert_eq!(fingerprint.to_string(), "85944171f73967e8");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(u64);

impl Default for Fingerprint {
    fn default() -> Self {
        Fingerprint(0xCBF2_9CE4_8422_2325)
    }
}

impl Fingerprint {
    /// The fingerprint of nothing.
    #[must_use]
    pub fn new() -> Self {
        Fingerprint::default()
    }

    /// The fingerprint of a network: of the bits of its parameters, in their order, lowest byte first.
    #[must_use]
    pub fn of<M: Model<D, K>, const D: usize, const K: usize>(model: &M) -> Self {
        let mut fingerprint = Fingerprint::new();
        for value in model.parameters().iter().flat_map(|parameter| parameter.values) {
            fingerprint.update(&value.to_bits().to_le_bytes());
        }
        fingerprint
    }

    /// Takes in further bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}
