//! Row-major matrices whose shape is part of their type.

use std::ops::{Deref, DerefMut};

/// An `R×C` matrix of `f64`, stored row by row in one block on the heap.
///
/// The shape is a type parameter: a product of matrices that do not fit is a compile-time error. The block is on the heap
/// whatever its size, so a matrix moves as one pointer; it is allocated when the matrix is made and never again.
///
/// ```
/// use backprop::math::matrix::Matrix;
///
/// let w = Matrix::from_rows([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
/// assert_eq!(w[1][2], 6.0);
/// assert_eq!(w.values(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
/// ```
///
/// A matrix without rows or columns, and so a layer without units, does not compile:
///
/// ```compile_fail
/// backprop::math::matrix::Matrix::<0, 3>::zeros();
/// ```
///
/// ```compile_fail
/// use backprop::{math::mlp1::Mlp1, math::model::Model};
///
/// Mlp1::<2, 0, 2>::zeros();
/// ```
#[derive(Debug, Clone)]
pub struct Matrix<const R: usize, const C: usize> {
    block: Block<R, C>,
}

/// The rows on the heap.
#[derive(Debug, Clone)]
enum Block<const R: usize, const C: usize> {
    Aligned(Box<Aligned<R, C>>),
    /// Made as a vector, because without optimisation an array passes over the stack on its way into a box.
    Large(Box<[[f64; C]; R]>),
}

/// Rows from the start of a cache line on: a vector of up to 64 bytes whose row and column are aligned lies in one line,
/// and is loaded and stored in one go.
#[derive(Debug, Clone)]
#[repr(align(64))]
struct Aligned<const R: usize, const C: usize>([[f64; C]; R]);

/// The most bytes of a block that may pass over the stack.
const MOST_ON_STACK: usize = 128 * 1024;

impl<const R: usize, const C: usize> Matrix<R, C> {
    /// The matrix of zeros.
    pub fn zeros() -> Self {
        if const { size_of::<[[f64; C]; R]>() <= MOST_ON_STACK } {
            return Matrix::from_rows([[0.0; C]; R]);
        }
        let Ok(rows) = vec![[0.0; C]; R].try_into() else { unreachable!("R rows are made") };
        Matrix { block: Block::Large(rows) }
    }

    /// The matrix with these rows.
    pub fn from_rows(rows: [[f64; C]; R]) -> Self {
        const { assert!(R > 0 && C > 0, "a matrix has at least one row and one column, and a layer one unit") };
        Matrix { block: Block::Aligned(Box::new(Aligned(rows))) }
    }

    /// All `R·C` values, row by row.
    pub fn values(&self) -> &[f64] {
        self.as_flattened()
    }

    /// All `R·C` values, row by row, to be changed.
    pub fn values_mut(&mut self) -> &mut [f64] {
        self.as_flattened_mut()
    }
}

/// The matrix of zeros.
impl<const R: usize, const C: usize> Default for Matrix<R, C> {
    fn default() -> Self {
        Matrix::zeros()
    }
}

impl<const R: usize, const C: usize> PartialEq for Matrix<R, C> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

/// The rows, so that `matrix[r][c]` is the entry in row `r` and column `c`.
impl<const R: usize, const C: usize> Deref for Matrix<R, C> {
    type Target = [[f64; C]; R];

    #[inline]
    fn deref(&self) -> &[[f64; C]; R] {
        match &self.block {
            Block::Aligned(block) => &block.0,
            Block::Large(rows) => rows,
        }
    }
}

impl<const R: usize, const C: usize> DerefMut for Matrix<R, C> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [[f64; C]; R] {
        match &mut self.block {
            Block::Aligned(block) => &mut block.0,
            Block::Large(rows) => rows,
        }
    }
}
