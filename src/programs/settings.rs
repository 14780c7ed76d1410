//! The six problems and the settings that come with each.

use std::fmt;

use crate::math::init::{Init, WeightInit};
use crate::math::rng::Rng;
use crate::training::dataset::{IRIS_TEST, IRIS_TRAIN, SPIRAL_TRAIN, Source, XOR};
use crate::training::numbers::{finite, readable};
use crate::training::train::{Batches, Hyperparameters};

/// Settings of a training run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Passes over the training data.
    pub epochs: u64,
    /// The step size α.
    pub step_size: f64,
    /// The regularisation coefficient λ.
    pub lambda: f64,
    /// Samples in a mini-batch; `None` for the full batch.
    pub batch: Option<usize>,
    /// Initialisation of the parameters.
    pub init: Init,
    /// Units of each hidden layer; 0 if there is none.
    pub hidden: usize,
}

impl Settings {
    /// The hyper-parameters of gradient descent among them.
    pub fn hyperparameters(&self) -> Hyperparameters {
        let Settings { epochs, step_size, lambda, .. } = *self;
        Hyperparameters { epochs, step_size, lambda }
    }

    /// The batches of each epoch, whose order `rng` draws.
    pub fn batches<'a>(&self, rng: &'a mut Rng) -> Batches<'a> {
        self.batch.map_or(Batches::Full, |size| Batches::Shuffled { size, rng })
    }

    /// The steps of a run on so many samples.
    pub fn count_steps(&self, samples: usize) -> u64 {
        let in_epoch = self.batch.map_or(1, |batch| samples.div_ceil(batch));
        self.epochs.saturating_mul(in_epoch as u64)
    }

    /// Batch, epochs and step size, as output and figures show them.
    pub fn steps(&self) -> String {
        let batch = self.batch.map_or("full batch".to_owned(), |batch| format!("batches of {batch}"));
        format!("{batch}, {} epochs, step size {}", self.epochs, readable(self.step_size))
    }
}

/// What `--init` takes.
impl fmt::Display for WeightInit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            WeightInit::He => "he",
            WeightInit::Glorot => "glorot",
            WeightInit::Mirrored => "mirrored",
            WeightInit::Fixed(deviation) => return formatter.write_str(&readable(*deviation)),
        })
    }
}

impl WeightInit {
    /// The initialisation of this name; a number from 0 is a deviation.
    pub fn parse(name: &str) -> Option<Self> {
        let deviation = finite(name).filter(|deviation| *deviation >= 0.0).map(WeightInit::Fixed);
        let mut named = [WeightInit::He, WeightInit::Glorot, WeightInit::Mirrored].into_iter();
        deviation.or_else(|| named.find(|init| init.to_string() == name))
    }
}

/// A problem of the handout, with its data and its two settings.
#[derive(Debug, PartialEq)]
pub struct Problem {
    /// The name of its program, and of its folder under `out/`: `prob1c`.
    pub name: &'static str,
    /// The problem and what solves it, for help, output and figures.
    pub title: &'static str,
    /// The name of the figure to look at first.
    pub figure: &'static str,
    /// The training data inside the program.
    pub training: &'static Source,
    /// The validation data inside the program.
    pub validation: Option<&'static Source>,
    /// The settings with `--starter`: those of the course's starter script.
    pub starter: Settings,
    /// The settings without flags: the best of the sweeps of `tune`.
    pub tuned: Settings,
}

impl Problem {
    /// The number of the problem: `1c` of `prob1c`.
    pub fn short(&self) -> &'static str {
        self.name.trim_start_matches("prob")
    }
}

/// The starter scripts' settings of problems 1a and 1b.
const STARTER: Settings = Settings {
    epochs: 100,
    step_size: 1.0,
    lambda: 0.0,
    batch: None,
    init: Init { weights: WeightInit::Fixed(0.01), bias: 0.0 },
    hidden: 0,
};

/// Softmax regression on XOR.
pub const PROB1A: Problem = Problem {
    name: "prob1a",
    title: "Problem 1a: softmax regression on XOR",
    figure: "lines.svg",
    training: &XOR,
    validation: None,
    starter: STARTER,
    tuned: Settings { epochs: 300, ..STARTER },
};

/// Softmax regression on the spiral.
pub const PROB1B: Problem = Problem {
    name: "prob1b",
    title: "Problem 1b: softmax regression on the spiral",
    figure: "regions.svg",
    training: &SPIRAL_TRAIN,
    tuned: Settings { epochs: 300, step_size: 3.0, ..STARTER },
    ..PROB1A
};

/// One hidden layer on XOR.
pub const PROB1C: Problem = Problem {
    name: "prob1c",
    title: "Problem 1c: one hidden layer on XOR",
    figure: "regions.svg",
    starter: Settings { hidden: 6, ..STARTER },
    tuned: Settings {
        epochs: 1000,
        init: Init { weights: WeightInit::Mirrored, bias: 0.5 },
        hidden: 6,
        ..STARTER
    },
    ..PROB1A
};

/// One hidden layer on the spiral.
pub const PROB1D: Problem = Problem {
    name: "prob1d",
    title: "Problem 1d: one hidden layer on the spiral",
    starter: Settings { lambda: 1e-3, hidden: 100, ..STARTER },
    tuned: Settings {
        epochs: 2000,
        step_size: 2.0,
        init: Init { weights: WeightInit::Fixed(2.0), bias: -1.5 },
        hidden: 100,
        ..STARTER
    },
    ..PROB1B
};

/// One hidden layer on Iris.
pub const PROB2A: Problem = Problem {
    name: "prob2a",
    title: "Problem 2a: one hidden layer on Iris",
    figure: "overfitting.svg",
    training: &IRIS_TRAIN,
    validation: Some(&IRIS_TEST),
    starter: Settings { step_size: 0.01, batch: Some(10), hidden: 100, ..STARTER },
    tuned: Settings {
        epochs: 10_000,
        step_size: 0.01,
        lambda: 0.005,
        batch: Some(22),
        init: Init { weights: WeightInit::Glorot, bias: 0.0 },
        hidden: 16,
    },
};

/// Two hidden layers on Iris.
pub const PROB2B: Problem = Problem {
    name: "prob2b",
    title: "Problem 2b: two hidden layers on Iris",
    figure: "layers.svg",
    tuned: Settings { lambda: 0.01, ..PROB2A.tuned },
    ..PROB2A
};
