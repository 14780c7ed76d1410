//! A 64-bit fingerprint, FNV-1a, in 16 hexadecimal digits: two runs with the same one ended with the same bits. It finds
//! accidents, not forgers.
//!
//! Source: G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, *The FNV Non-Cryptographic Hash Algorithm* (IETF draft).

use crate::math::model::Model;

/// The fingerprint of these bytes.
///
/// ```
/// assert_eq!(backprop::training::fingerprint::of(*b"foobar"), "85944171f73967e8");
/// ```
pub fn of(bytes: impl IntoIterator<Item = u8>) -> String {
    let mut hash: u64 = 0xCBF2_9CE4_8422_2325;
    for byte in bytes {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    }
    format!("{hash:016x}")
}

/// The fingerprint of a network: of the bits of its parameters, in their order, lowest byte first.
pub fn of_model<M: Model<D, K>, const D: usize, const K: usize>(model: &M) -> String {
    let parameters = model.parameters();
    let values = parameters.iter().flat_map(|parameter| parameter.values);
    of(values.flat_map(|value| value.to_bits().to_le_bytes()))
}
