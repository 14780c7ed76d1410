//! A 64-bit fingerprint, FNV-1a: two runs with the same one ended with the same bits. It finds accidents, not forgers.
//!
//! Source: G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, *The FNV Non-Cryptographic Hash Algorithm* (IETF draft).

use std::fmt;

use crate::math::model::Model;

/// The fingerprint of bytes. Shown as 16 hexadecimal digits.
///
/// ```
/// use backprop::training::fingerprint::Fingerprint;
///
/// assert_eq!(Fingerprint::of(*b"foobar").to_string(), "85944171f73967e8");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The fingerprint of these bytes.
    pub fn of(bytes: impl IntoIterator<Item = u8>) -> Self {
        let mut hash = 0xCBF2_9CE4_8422_2325;
        for byte in bytes {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
        Fingerprint(hash)
    }

    /// The fingerprint of a network: of the bits of its parameters, in their order, lowest byte first.
    pub fn of_model<M: Model<D, K>, const D: usize, const K: usize>(model: &M) -> Self {
        let parameters = model.parameters();
        let values = parameters.iter().flat_map(|parameter| parameter.values);
        Fingerprint::of(values.flat_map(|value| value.to_bits().to_le_bytes()))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}
