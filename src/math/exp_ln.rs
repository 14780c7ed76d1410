//! `exp` and `ln` from + − · / alone, so that they are the same bits on every machine.
//!
//! std's own differ between platforms and versions by contract. Both functions here are free of branches and
//! tables: a loop that applies them to a row or a tile is vectorised by the compiler.
//!
//! Source of both reductions and of the order of the last additions: FDLIBM (Sun Microsystems, 1993), `e_exp.c` and
//! `e_log.c`. Otherwise than there, the coefficients are those of the series, known in closed form, so that every one can
//! be checked by eye, and nothing branches.

/// ln 2 without the last 21 bits of its significand: a product with an integer below 2²¹ is exact.
const LN_2_HIGH: f64 = f64::from_bits(0x3FE6_2E42_FEE0_0000);
/// ln 2 − `LN_2_HIGH`.
const LN_2_LOW: f64 = f64::from_bits(0x3DEA_39EF_3579_3C76);

/// 1.5·2⁵²: adding it rounds a number of magnitude below 2⁵¹ to an integer (ties to even) and leaves that
/// integer in the low bits of the sum's representation.
const ROUND_TO_INTEGER: f64 = 6_755_399_441_055_744.0;

/// eˣ.
///
/// # Method
///
/// With n the integer nearest to x / ln 2 and r = x − n·ln 2, |r| ≤ ½ ln 2, eˣ = 2ⁿ·eʳ.
///
/// The even function R = r·coth(r/2) = r·(eʳ + 1)/(eʳ − 1) has a series that converges fast,
/// R = 2 + Σₖ 2·B₂ₖ·r²ᵏ/(2k)! with the Bernoulli numbers B₂ = 1/6, B₄ = −1/30, B₆ = 1/42, B₈ = −1/30, B₁₀ = 5/66,
/// B₁₂ = −691/2730; the terms left out are below 10⁻¹⁷. Solved for eʳ, and with c = r − (R − 2),
///
/// ```text
/// eʳ = 1 + 2r / (R − r) = 1 + r + r·c / (2 − c)
/// ```
///
/// where 1 + r is most of the sum. The remainder comes as a difference of two numbers, r = high − low, which are added
/// one by one, the smaller first.
///
/// # Special cases
///
/// eˣ = ∞ from x = 709.79 on, including +∞; 0 below x = −745.14, including −∞, with a gradual underflow
/// above; exp(±0) = 1; NaN gives NaN.
///
/// # Accuracy
///
/// Within 1 ulp: the largest error found, over the correctly rounded values of `tests/laws/elementary.txt`, is 0.76 ulp,
/// and 0.80 ulp where the result is subnormal and so rounded twice.
///
/// ```
/// use backprop::math::exp_ln::exp;
/// assert_eq!(exp(0.0), 1.0);
/// assert_eq!(exp(1.0), std::f64::consts::E);
/// assert_eq!(exp(-1e300), 0.0);
/// ```
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    let (n, high, low) = reduce(x);
    scale(exp_of_remainder(high, low), n)
}

/// n in the low bits of a number that is n + `ROUND_TO_INTEGER`, and the remainder x − n·ln 2 as high − low.
#[inline(always)]
fn reduce(x: f64) -> (f64, f64, f64) {
    // Beyond these bounds the result is 0 or ∞ anyway, and n stays within what two factors can scale by.
    // A NaN compares false and passes through.
    let x = if x < -746.0 { -746.0 } else { x };
    let x = if x > 710.0 { 710.0 } else { x };
    let shifted = x * std::f64::consts::LOG2_E + ROUND_TO_INTEGER;
    let n = shifted - ROUND_TO_INTEGER;
    (shifted, x - n * LN_2_HIGH, n * LN_2_LOW)
}

/// e to the power of high − low, a number between ±½ ln 2.
#[inline(always)]
fn exp_of_remainder(high: f64, low: f64) -> f64 {
    // 2·B₂ₖ/(2k)! for k = 1 … 6.
    const C: [f64; 6] = [
        1.0 / 6.0,
        -1.0 / 360.0,
        1.0 / 15_120.0,
        -1.0 / 604_800.0,
        1.0 / 23_950_080.0,
        -691.0 / 653_837_184_000.0,
    ];
    let r = high - low;
    let z = r * r;
    let z2 = z * z;
    // Pairs of terms, then pairs of pairs (Estrin's scheme): short chains of dependent operations.
    let series = z * ((C[0] + C[1] * z) + ((C[2] + C[3] * z) + (C[4] + C[5] * z) * z2) * z2);
    let c = r - series;
    // 1 + high rounds; what it loses is exactly high − ((1 + high) − 1), because |high| < 1.
    let one_plus_high = 1.0 + high;
    let lost = high - (one_plus_high - 1.0);
    one_plus_high + (lost + (r * c / (2.0 - c) - low))
}

/// y·2ⁿ, where n comes as n + `ROUND_TO_INTEGER`, in two factors, because 2ⁿ alone may be out of range where the product
/// is not.
#[inline(always)]
fn scale(y: f64, shifted: f64) -> f64 {
    // The integer in the low bits stays right when it is halved, because those of the constant above it are zeros.
    let half = shifted.to_bits() >> 1;
    let rest = shifted.to_bits() - half;
    y * power_of_two(half) * power_of_two(rest)
}

/// 2ⁿ for an integer −1022 ≤ n ≤ 1023 in the low 12 bits.
#[inline(always)]
fn power_of_two(n: u64) -> f64 {
    const ONE: u64 = 1.0_f64.to_bits();
    f64::from_bits((n << 52).wrapping_add(ONE))
}

/// Replaces every number by its exponential, [`exp`].
#[inline(always)]
pub fn exp_in_place(values: &mut [f64]) {
    for value in values {
        *value = exp(*value);
    }
}

/// The natural logarithm of x.
///
/// # Method
///
/// x = 2ⁿ·m with √½ ≤ m < √2. With f = m − 1 and s = f / (2 + f),
/// ln m = ln((1 + s) / (1 − s)) = 2s + s·R, where R = 2s²/3 + 2s⁴/5 + … + 2s²⁰/21 (|s| < 0.172; the terms left out
/// are below 10⁻¹⁸ of the sum), and 2s = f − s·f = f − f²/2 + s·f²/2, so that f enters exactly.
///
/// # Special cases
///
/// ln(±0) = −∞; ln of a negative number is NaN; ln(∞) = ∞; NaN gives NaN; subnormal numbers are exact inputs
/// like any other.
///
/// # Accuracy
///
/// Within 1 ulp: the largest error found, in the same way as that of [`exp`], is 0.89 ulp.
///
/// ```
/// use backprop::math::exp_ln::ln;
/// assert_eq!(ln(1.0), 0.0);
/// assert_eq!(ln(2.0), std::f64::consts::LN_2);
/// assert_eq!(ln(0.0), f64::NEG_INFINITY);
/// ```
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    const TWO_TO_54: f64 = (1_u64 << 54) as f64;
    let subnormal = x < f64::MIN_POSITIVE;
    let result = if subnormal { ln_of_normal(x * TWO_TO_54, 54.0) } else { ln_of_normal(x, 0.0) };
    let result = if x == f64::INFINITY { x } else { result };
    let result = if x == 0.0 { f64::NEG_INFINITY } else { result };
    if x >= 0.0 { result } else { f64::NAN }
}

/// The logarithm of x/2ᵉ for a normal x.
#[inline(always)]
pub(super) fn ln_of_normal(x: f64, e: f64) -> f64 {
    const SQRT_HALF: u64 = std::f64::consts::FRAC_1_SQRT_2.to_bits();
    const TOP_12_BITS: u64 = 0xFFF << 52;
    const TWO_TO_52: f64 = (1_u64 << 52) as f64;
    // 2/3, 2/5, …, 2/21
    const C: [f64; 10] = [
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
    ];
    // n, the exponent of x / √½ as a signed integer, in the top 12 bits: from √½ on it counts one power of two further.
    let bits = x.to_bits();
    let exponent = bits.wrapping_sub(SQRT_HALF);
    let m = f64::from_bits(bits.wrapping_sub(exponent & TOP_12_BITS));
    // n + 2048 ≥ 0 in the low bits of 2⁵² makes the number 2⁵² + n + 2048.
    let biased = (exponent ^ 1 << 63) >> 52;
    let n = f64::from_bits(TWO_TO_52.to_bits() | biased) - (TWO_TO_52 + 2048.0) - e;

    let f = m - 1.0;
    let half_square = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    let z2 = z * z;
    let z4 = z2 * z2;
    let z8 = z4 * z4;
    let p0 = (C[0] + C[1] * z) + (C[2] + C[3] * z) * z2;
    let p4 = (C[4] + C[5] * z) + (C[6] + C[7] * z) * z2;
    let p8 = C[8] + C[9] * z;
    let series = z * (p0 + (p4 * z4 + p8 * z8));
    n * LN_2_HIGH - ((half_square - (s * (half_square + series) + n * LN_2_LOW)) - f)
}
