//! A tile: the samples that pass through a network together.

use crate::math::matrix::Matrix;

/// Up to N samples on their way through a network. The rows from `count` on are padding: they repeat the first row and
/// its class, so that nothing overflows in them that does not overflow in a sample, and their loss and gradient are left
/// out.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile<const N: usize, const D: usize> {
    /// The inputs X, N×D.
    pub x: Matrix<N, D>,
    /// The classes y of the rows.
    pub labels: [usize; N],
    /// The number of rows that are samples.
    pub count: usize,
}

impl<const N: usize, const D: usize> Tile<N, D> {
    /// A tile without samples.
    pub fn empty() -> Self {
        Tile { x: Matrix::zeros(), labels: [0; N], count: 0 }
    }

    /// Takes the next N samples with their classes, or as many as are left; returns whether there was any.
    pub fn fill<'a>(&mut self, samples: &mut impl Iterator<Item = (&'a [f64; D], usize)>) -> bool {
        self.count = 0;
        for (sample, label) in samples.take(N) {
            self.x[self.count] = *sample;
            self.labels[self.count] = label;
            self.count += 1;
        }
        let (samples, padding) = self.x.split_at_mut(self.count);
        if let Some(first) = samples.first() {
            padding.fill(*first);
            let label = self.labels[0];
            self.labels[samples.len()..].fill(label);
        }
        self.count > 0
    }
}
