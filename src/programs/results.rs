//! Results of the programs that have more to report than an [`Outcome`].

use crate::figures::Part;
use crate::programs::outcome::Outcome;
use crate::programs::planar::Lambdas;

/// Results of problem 1a.
#[derive(Debug)]
pub struct Prob1a {
    /// The outcome of the run.
    pub outcome: Outcome,
    /// Of XOR, epochs and the largest distance of a probability from ½ after them.
    pub farthest: Vec<(u64, f64)>,
}

/// Results of problem 1c.
#[derive(Debug)]
pub struct Prob1c {
    /// The outcome of the run.
    pub outcome: Outcome,
    /// The hidden units, those that add most at one of the points first.
    pub units: Vec<Part>,
}

/// Results of problem 1d.
#[derive(Debug)]
pub struct Prob1d {
    /// The outcome of the run.
    pub outcome: Outcome,
    /// The same training with other λ, unless it went on from saved parameters.
    pub lambdas: Option<Lambdas>,
}

/// Results of problem 2b.
#[derive(Debug)]
pub struct Prob2b {
    /// The outcome of the run.
    pub outcome: Outcome,
    /// The size of the gradient of W1 before training, as root mean square, with the starter script's settings and with
    /// Glorot's deviation in place of its own.
    pub first_gradients: [f64; 2],
}
