//! Kernels: the fast products equal their schoolbook twins bit for bit, whatever the shape.

use std::convert::identity;

use backprop::math::kernels::{self, Start};
use backprop::math::matrix::Matrix;
use backprop::math::relu::relu;
use backprop::math::rng::Rng;

use crate::schoolbook;

/// Normals of three magnitudes and zeros of both signs: sums of their products show any change of order.
fn finite(rng: &mut Rng) -> f64 {
    match rng.below(10) {
        0 => 0.0,
        1 => -0.0,
        2 => 1e10 * rng.normal(),
        3 => 1e-10 * rng.normal(),
        _ => rng.normal(),
    }
}

/// [`finite`] numbers, and now and then a value that makes a product or a sum infinite or no number at all.
fn any(rng: &mut Rng) -> f64 {
    match rng.below(100) {
        0 => f64::INFINITY,
        1 => f64::NEG_INFINITY,
        2 => f64::NAN,
        3 => f64::MAX,
        _ => finite(rng),
    }
}

fn random<const R: usize, const C: usize>(rng: &mut Rng, entry: fn(&mut Rng) -> f64) -> Matrix<R, C> {
    let mut matrix = Matrix::zeros();
    matrix.values_mut().fill_with(|| entry(rng));
    matrix
}

/// A result matrix full of what must not shine through.
fn stale<const R: usize, const C: usize>() -> Matrix<R, C> {
    let mut matrix = Matrix::zeros();
    matrix.values_mut().fill(f64::NAN);
    matrix
}

fn assert_same(product: &str, shape: [usize; 3], fast: &[f64], twin: &[f64]) {
    for (position, (fast, twin)) in fast.iter().zip(twin).enumerate() {
        // The sign and payload of a NaN are nobody's promise.
        let same = fast.to_bits() == twin.to_bits() || fast.is_nan() && twin.is_nan();
        assert!(same, "{product} of {shape:?}: entry {position} is {fast:e}, schoolbook says {twin:e}");
    }
}

/// The products of a layer of I inputs and O outputs for N samples, against their twins.
fn check<const N: usize, const I: usize, const O: usize>(rng: &mut Rng, entry: fn(&mut Rng) -> f64) {
    let shape = [N, I, O];
    let x = random::<N, I>(rng, entry);
    let w = random::<I, O>(rng, entry);
    let b = random::<1, O>(rng, entry);
    let d_out = random::<N, O>(rng, entry);

    let (mut fast, mut twin) = (stale(), stale());
    kernels::affine(relu, &x, &w, &b, &mut fast);
    schoolbook::affine(relu, &x, &w, &b, &mut twin);
    assert_same("affine with relu", shape, fast.values(), twin.values());

    let scaled = Matrix::from_rows(w.map(|row| row.map(|weight| 0.5 * weight + 0.0)));
    for (start, mut fast, mut twin) in [
        (Start::Penalty { lambda: 0.0 }, stale(), Matrix::zeros()),
        (Start::Penalty { lambda: 0.5 }, stale(), scaled),
        (Start::Sum, w.clone(), w.clone()),
    ] {
        kernels::transposed_product(start, Some(&w), &x, &d_out, &mut fast);
        schoolbook::add_transposed_product(&x, &d_out, &mut twin);
        assert_same("transposed_product", shape, fast.values(), twin.values());
    }

    let (mut fast, mut twin) = (stale(), stale());
    kernels::gated_product_with_transposed(&d_out, &w, &x, &mut fast);
    schoolbook::gated_product_with_transposed(&d_out, &w, &x, &mut twin);
    assert_same("gated_product_with_transposed", shape, fast.values(), twin.values());
}

/// `check::<N, I, O>` for each of these shapes, written N x I x O.
macro_rules! check_shapes {
    ($rng:expr, $entry:expr, $($n:literal x $i:literal x $o:literal),* $(,)?) => {
        $( check::<$n, $i, $o>($rng, $entry); )*
    };
}

/// The fewest shapes found that take every branch of every product, and leave every remainder of rows and columns beside its
/// blocks, on vectors of four lanes and of eight. (Each shape costs the compiler half a second.)
#[test]
fn products_equal_their_twins_whatever_the_shape() {
    let mut rng = Rng::new(1);
    for entry in [finite, any] {
        check_shapes!(&mut rng, entry,
            1 x 2 x 129, 1 x 8 x 1, 1 x 33 x 5, 1 x 33 x 6, 2 x 1 x 64, 2 x 5 x 3, 2 x 9 x 5, 3 x 1 x 10,
            3 x 2 x 2, 3 x 9 x 6, 4 x 32 x 7, 4 x 33 x 4, 5 x 1 x 1, 5 x 32 x 2, 6 x 3 x 23, 6 x 7 x 5,
            6 x 20 x 3, 7 x 6 x 130, 7 x 23 x 17, 8 x 4 x 3, 8 x 12 x 2, 9 x 100 x 1, 9 x 100 x 3,
            10 x 1 x 3, 12 x 35 x 6, 16 x 33 x 64, 20 x 17 x 3, 23 x 9 x 12, 32 x 129 x 3, 39 x 32 x 64,
            100 x 31 x 7,
        );
    }
}

/// Without the rectifier, in which the sign of a sum is lost: one shape for each of its forms.
#[test]
fn affine_equals_its_twin() {
    fn check<const N: usize, const I: usize, const O: usize>(rng: &mut Rng, entry: fn(&mut Rng) -> f64) {
        let (x, w, b) = (random::<N, I>(rng, entry), random::<I, O>(rng, entry), random::<1, O>(rng, entry));
        let (mut fast, mut twin) = (stale(), stale());
        kernels::affine(identity, &x, &w, &b, &mut fast);
        schoolbook::affine(identity, &x, &w, &b, &mut twin);
        assert_same("affine", [N, I, O], fast.values(), twin.values());
    }
    let mut rng = Rng::new(2);
    for entry in [finite, any] {
        check_shapes!(&mut rng, entry,
            10 x 2 x 6, 5 x 33 x 2, 10 x 100 x 3, 7 x 20 x 5, 10 x 4 x 100, 1 x 7 x 43, 3 x 9 x 27, 9 x 35 x 21, 42 x 2 x 100,
        );
    }
}

#[test]
fn column_sums_are_the_product_with_a_column_of_ones() {
    fn check<const N: usize, const C: usize>(rng: &mut Rng) {
        let d = random::<N, C>(rng, any);
        let (w, ones) = (random::<1, C>(rng, any), Matrix::from_rows([[1.0]; N]));
        for (start, mut fast, mut twin) in
            [(Start::Penalty { lambda: 0.5 }, stale(), Matrix::zeros()), (Start::Sum, w.clone(), w.clone())]
        {
            kernels::column_sums(start, &d, &mut fast);
            schoolbook::add_transposed_product(&ones, &d, &mut twin);
            assert_same("column_sums", [1, N, C], fast.values(), twin.values());
        }
    }
    let mut rng = Rng::new(4);
    check::<4, 2>(&mut rng);
    check::<10, 3>(&mut rng);
    check::<7, 31>(&mut rng);
    check::<10, 100>(&mut rng);
}

#[test]
fn the_sum_of_squares_is_summed_side_by_side() {
    assert_eq!(kernels::sum_of_squares(&Matrix::from_rows([[3.0, -4.0]])), 25.0);
    // In one sum from the left, each 2⁻⁵⁴ would be lost beside the 1; together, in sum 1, four of them are not.
    let mut matrix = Matrix::<25, 2>::zeros();
    matrix.values_mut()[0] = 1.0;
    for index in [1, 17, 33, 49] {
        matrix.values_mut()[index] = 1.0 / (1_u64 << 27) as f64;
    }
    assert_eq!(kernels::sum_of_squares(&matrix), 1.0 + f64::EPSILON);
}
