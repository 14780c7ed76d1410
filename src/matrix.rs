//! Row-major matrices whose shape is part of their type.

use std::ops::{Index, IndexMut};

/// An `R×C` matrix of `f64`, stored row by row in one block on the heap.
///
/// The shape is a type parameter: a product of matrices that do not fit is an error of the compiler, not of
/// the run. The block is on the heap whatever its size, so a matrix moves as one pointer and a network of any
/// width passes no stack; it is allocated when the matrix is made and never again.
///
/// ```
/// use backprop::matrix::Matrix;
///
/// let w = Matrix::from_rows([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
/// assert_eq!(w[1][2], 6.0);
/// assert_eq!(w.values(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
/// ```
#[derive(Debug, PartialEq)]
pub struct Matrix<const R: usize, const C: usize> {
    rows: Box<[[f64; C]; R]>,
}

impl<const R: usize, const C: usize> Matrix<R, C> {
    /// The matrix of zeros.
    ///
    /// # Panics
    ///
    /// Never: the boxed slice has `R` rows by construction.
    #[must_use]
    pub fn zeros() -> Self {
        // Through a Vec, because Box::new([[0.0; C]; R]) may build the block on the stack first.
        let rows = vec![[0.0; C]; R].into_boxed_slice().try_into().expect("R rows");
        Matrix { rows }
    }

    /// The matrix with these rows.
    #[must_use]
    pub fn from_rows(rows: [[f64; C]; R]) -> Self {
        Matrix { rows: Box::new(rows) }
    }

    /// All rows, as an array of arrays.
    #[must_use]
    pub fn rows(&self) -> &[[f64; C]; R] {
        &self.rows
    }

    /// All rows, to be changed.
    pub fn rows_mut(&mut self) -> &mut [[f64; C]; R] {
        &mut self.rows
    }

    /// All `R·C` values, row by row.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        self.rows.as_flattened()
    }

    /// All `R·C` values, row by row, to be changed.
    pub fn values_mut(&mut self) -> &mut [f64] {
        self.rows.as_flattened_mut()
    }
}

impl<const R: usize, const C: usize> Clone for Matrix<R, C> {
    fn clone(&self) -> Self {
        Matrix { rows: self.rows.clone() }
    }

    /// Copies the values without allocating.
    fn clone_from(&mut self, source: &Self) {
        self.values_mut().copy_from_slice(source.values());
    }
}

impl<const R: usize, const C: usize> Index<usize> for Matrix<R, C> {
    type Output = [f64; C];

    /// Row `r`, so that `matrix[r][c]` is the entry in row `r` and column `c`.
    fn index(&self, r: usize) -> &[f64; C] {
        &self.rows[r]
    }
}

impl<const R: usize, const C: usize> IndexMut<usize> for Matrix<R, C> {
    fn index_mut(&mut self, r: usize) -> &mut [f64; C] {
        &mut self.rows[r]
    }
}
