//! `exp` and `ln` from + − · / alone, so that they are the same bits on every machine.
//!
//! std's own differ between platforms and versions by contract. Both functions here are free of branches and
//! tables: a loop that applies them to a row or a tile is vectorised by the compiler.
//!
//! Source of the two reductions and of the compensated forms: the error analyses in J.-M. Muller, *Elementary
//! Functions*, 3rd ed. (2016), chapters 10 and 11; the series are Taylor's, so that every coefficient can be
//! checked by eye.

/// ln 2 without the last 21 bits of its significand: a product with an integer below 2²¹ is exact.
const LN_2_HIGH: f64 = f64::from_bits(0x3FE6_2E42_FEE0_0000);
/// ln 2 − `LN_2_HIGH`.
const LN_2_LOW: f64 = f64::from_bits(0x3DEA_39EF_3579_3C76);

/// 1.5·2⁵²: adding it rounds a number of magnitude below 2⁵¹ to an integer (ties to even) and leaves that
/// integer in the low bits of the sum's representation.
const ROUND_TO_INTEGER: f64 = 6_755_399_441_055_744.0;

/// 2ⁿ for an integer −1022 ≤ n ≤ 1023 given as `n + ROUND_TO_INTEGER`.
#[inline(always)]
fn power_of_two(shifted: f64) -> f64 {
    const ONE: u64 = 1.0_f64.to_bits();
    f64::from_bits((shifted.to_bits() << 52).wrapping_add(ONE))
}

/// eˣ.
///
/// # Method
///
/// With n the integer nearest to x / ln 2 and r = x − n·ln 2, |r| ≤ ½ ln 2, eˣ = 2ⁿ·eʳ. The remainder is kept as
/// a sum of two numbers, r + tail, and eʳ = 1 + r + r²·(1/2! + r/3! + … + r¹¹/13!) is added up so that only the
/// last addition rounds noticeably: the Taylor terms left out are below 4·10⁻¹⁸.
///
/// # Special cases
///
/// eˣ = ∞ from x = 709.79 on, including +∞; 0 below x = −745.14, including −∞, with a gradual underflow
/// above; exp(±0) = 1; NaN gives NaN.
///
/// # Accuracy
///
/// Within 1 ulp.
///
/// ```
/// use backprop::elementary::exp;
/// assert_eq!(exp(0.0), 1.0);
/// assert_eq!(exp(1.0), std::f64::consts::E);
/// assert_eq!(exp(-1e300), 0.0);
/// ```
#[inline(always)]
#[must_use]
pub fn exp(x: f64) -> f64 {
    // 1/2!, 1/3!, …, 1/13!
    const C: [f64; 12] = [
        1.0 / 2.0,
        1.0 / 6.0,
        1.0 / 24.0,
        1.0 / 120.0,
        1.0 / 720.0,
        1.0 / 5_040.0,
        1.0 / 40_320.0,
        1.0 / 362_880.0,
        1.0 / 3_628_800.0,
        1.0 / 39_916_800.0,
        1.0 / 479_001_600.0,
        1.0 / 6_227_020_800.0,
    ];
    // Beyond these bounds the result is 0 or ∞ anyway, and n stays within what two factors can scale by.
    // A NaN compares false and passes through.
    let x = if x < -746.0 { -746.0 } else { x };
    let x = if x > 710.0 { 710.0 } else { x };

    let n = (x * std::f64::consts::LOG2_E + ROUND_TO_INTEGER) - ROUND_TO_INTEGER;
    let high = x - n * LN_2_HIGH;
    let low = n * LN_2_LOW;
    let r = high - low;
    let tail = (high - r) - low;

    // Pairs of terms, then pairs of pairs (Estrin's scheme): short chains of dependent operations.
    let r2 = r * r;
    let r4 = r2 * r2;
    let r8 = r4 * r4;
    let p0 = (C[0] + C[1] * r) + (C[2] + C[3] * r) * r2;
    let p4 = (C[4] + C[5] * r) + (C[6] + C[7] * r) * r2;
    let p8 = (C[8] + C[9] * r) + (C[10] + C[11] * r) * r2;
    let p = p0 + (p4 * r4 + p8 * r8);

    // 1 + r rounds; what it loses is exactly r − ((1 + r) − 1), because |r| < 1.
    let one_plus_r = 1.0 + r;
    let lost = r - (one_plus_r - 1.0);
    let exp_r = one_plus_r + (lost + (r2 * p + (tail + tail * r)));

    // Two factors, because 2ⁿ alone may be out of range where the product is not.
    let half = n * 0.5 + ROUND_TO_INTEGER;
    let rest = (n - (half - ROUND_TO_INTEGER)) + ROUND_TO_INTEGER;
    exp_r * power_of_two(half) * power_of_two(rest)
}

/// Replaces every number by its exponential: [`exp`], at the full width of the machine's vectors.
pub fn exp_in_place(values: &mut [f64]) {
    // Two at a time, because a compiler that prefers vectors of 4 lanes then makes vectors of 4×2.
    let mut pairs = values.chunks_exact_mut(2);
    for pair in pairs.by_ref() {
        pair[0] = exp(pair[0]);
        pair[1] = exp(pair[1]);
    }
    for value in pairs.into_remainder() {
        *value = exp(*value);
    }
}

/// The natural logarithm of x.
///
/// # Method
///
/// x = 2ⁿ·m with √½ ≤ m < √2. With f = m − 1 and s = f / (2 + f),
/// ln m = ln((1 + s) / (1 − s)) = 2s + s·R, where R = 2s²/3 + 2s⁴/5 + … + 2s²²/23 (|s| < 0.172; the terms left out
/// are below 10⁻¹⁸ of the first), and 2s = f − s·f = f − f²/2 + s·f²/2, so that f enters exactly.
///
/// # Special cases
///
/// ln(±0) = −∞; ln of a negative number is NaN; ln(∞) = ∞; NaN gives NaN; subnormal numbers are exact inputs
/// like any other.
///
/// # Accuracy
///
/// Within 1 ulp.
///
/// ```
/// use backprop::elementary::ln;
/// assert_eq!(ln(1.0), 0.0);
/// assert_eq!(ln(2.0), std::f64::consts::LN_2);
/// assert_eq!(ln(0.0), f64::NEG_INFINITY);
/// ```
#[inline(always)]
#[must_use]
pub fn ln(x: f64) -> f64 {
    const SQRT_HALF: u64 = std::f64::consts::FRAC_1_SQRT_2.to_bits();
    const TWO_TO_54: f64 = (1_u64 << 54) as f64;
    // 2/3, 2/5, …, 2/23
    const C: [f64; 11] = [
        2.0 / 3.0,
        2.0 / 5.0,
        2.0 / 7.0,
        2.0 / 9.0,
        2.0 / 11.0,
        2.0 / 13.0,
        2.0 / 15.0,
        2.0 / 17.0,
        2.0 / 19.0,
        2.0 / 21.0,
        2.0 / 23.0,
    ];
    let subnormal = x < f64::MIN_POSITIVE;
    let scaled = if subnormal { x * TWO_TO_54 } else { x };
    let bits = scaled.to_bits();
    // The exponent of x / √½, as a signed integer: from √½ on it counts one power of two further.
    #[expect(clippy::cast_possible_wrap, reason = "the difference of two exponents has a sign")]
    let exponent = (bits.wrapping_sub(SQRT_HALF) as i64 >> 52) as i32;
    #[expect(clippy::cast_sign_loss, reason = "the bits of a shift by a signed count")]
    let m = f64::from_bits(bits.wrapping_sub((i64::from(exponent) << 52) as u64));
    let n = f64::from(exponent) - if subnormal { 54.0 } else { 0.0 };

    let f = m - 1.0;
    let half_square = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    let z2 = z * z;
    let z4 = z2 * z2;
    let z8 = z4 * z4;
    let p0 = (C[0] + C[1] * z) + (C[2] + C[3] * z) * z2;
    let p4 = (C[4] + C[5] * z) + (C[6] + C[7] * z) * z2;
    let p8 = (C[8] + C[9] * z) + C[10] * z2;
    let series = z * (p0 + (p4 * z4 + p8 * z8));
    let result = n * LN_2_HIGH - ((half_square - (s * (half_square + series) + n * LN_2_LOW)) - f);

    let result = if x == f64::INFINITY { x } else { result };
    let result = if x == 0.0 { f64::NEG_INFINITY } else { result };
    if x < 0.0 || x.is_nan() { f64::NAN } else { result }
}
