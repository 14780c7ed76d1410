//! Row-major matrices whose shape is part of their type.

use std::ops::{Index, IndexMut};

/// An `R×C` matrix of `f64`, stored row by row in one block on the heap.
///
/// The shape is a type parameter: a product of matrices that do not fit is an error of the compiler, not of
/// the run. The block is on the heap whatever its size, so a matrix moves as one pointer; it is allocated when the
/// matrix is made and never again. (Without any optimisation a new block passes over the stack once, which must have
/// room for it.)
///
/// ```
/// use backprop::matrix::Matrix;
///
/// let w = Matrix::from_rows([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
/// assert_eq!(w[1][2], 6.0);
/// assert_eq!(w.values(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
/// ```
///
/// A matrix without rows or columns, and so a layer without units, does not compile:
///
/// ```compile_fail
/// backprop::matrix::Matrix::<0, 3>::zeros();
/// ```
///
/// ```compile_fail
/// use backprop::{mlp1::Mlp1, model::Model};
///
/// Mlp1::<2, 0, 2>::zeros();
/// ```
#[derive(Debug, PartialEq)]
pub struct Matrix<const R: usize, const C: usize> {
    block: Box<Block<R, C>>,
}

/// The rows, from the start of a cache line on: a vector of up to 64 bytes whose row and column are aligned lies in one
/// line, and is loaded and stored in one go.
#[derive(Debug, Clone, PartialEq)]
#[repr(align(64))]
struct Block<const R: usize, const C: usize>([[f64; C]; R]);

impl<const R: usize, const C: usize> Matrix<R, C> {
    /// The matrix of zeros.
    #[must_use]
    pub fn zeros() -> Self {
        Matrix::from_rows([[0.0; C]; R])
    }

    /// The matrix with these rows.
    #[must_use]
    pub fn from_rows(rows: [[f64; C]; R]) -> Self {
        const { assert!(R > 0 && C > 0, "a matrix has at least one row and one column, and a layer one unit") };
        Matrix { block: Box::new(Block(rows)) }
    }

    /// All rows, as an array of arrays.
    #[must_use]
    pub fn rows(&self) -> &[[f64; C]; R] {
        &self.block.0
    }

    /// All rows, to be changed.
    pub fn rows_mut(&mut self) -> &mut [[f64; C]; R] {
        &mut self.block.0
    }

    /// All `R·C` values, row by row.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        self.block.0.as_flattened()
    }

    /// All `R·C` values, row by row, to be changed.
    pub fn values_mut(&mut self) -> &mut [f64] {
        self.block.0.as_flattened_mut()
    }
}

impl<const R: usize, const C: usize> Clone for Matrix<R, C> {
    fn clone(&self) -> Self {
        Matrix { block: self.block.clone() }
    }
}

impl<const R: usize, const C: usize> Index<usize> for Matrix<R, C> {
    type Output = [f64; C];

    /// Row `r`, so that `matrix[r][c]` is the entry in row `r` and column `c`.
    fn index(&self, r: usize) -> &[f64; C] {
        &self.block.0[r]
    }
}

impl<const R: usize, const C: usize> IndexMut<usize> for Matrix<R, C> {
    fn index_mut(&mut self, r: usize) -> &mut [f64; C] {
        &mut self.block.0[r]
    }
}
