//! The six problems and the settings that come with each.

use std::fmt;

use crate::math::init::{Init, WeightInit};
use crate::math::rng::Rng;
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

    /// Batch, epochs and step size, as output and figures show them.
    pub fn steps(&self) -> String {
        let batch = self.batch.map_or("full batch".to_owned(), |batch| format!("batches of {batch}"));
        format!("{batch}, {} epochs, step size {}", self.epochs, readable(self.step_size))
    }
}

/// The name that `--init` takes.
impl fmt::Display for WeightInit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WeightInit::Fixed(deviation) => formatter.write_str(&readable(*deviation)),
            WeightInit::He => formatter.write_str("he"),
            WeightInit::Glorot => formatter.write_str("glorot"),
            WeightInit::Mirrored => formatter.write_str("mirrored"),
        }
    }
}

impl WeightInit {
    /// The initialisation of this name; a number from 0 is a deviation.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "he" => Some(WeightInit::He),
            "glorot" => Some(WeightInit::Glorot),
            "mirrored" => Some(WeightInit::Mirrored),
            _ => finite(name).filter(|deviation| *deviation >= 0.0).map(WeightInit::Fixed),
        }
    }
}

/// A problem of the handout, and its two settings.
#[derive(Debug, PartialEq)]
pub struct Problem {
    /// The name of its program, and of its folder under `out/`: `prob1c`.
    pub name: &'static str,
    /// The problem and what solves it, for help, output and figures.
    pub title: &'static str,
    /// The settings without flags: the best of the sweeps of `tune`.
    pub tuned: Settings,
    /// The settings with `--starter`: those of the course's starter script.
    pub starter: Settings,
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
    tuned: Settings { epochs: 300, ..STARTER },
    starter: STARTER,
};

/// Softmax regression on the spiral.
pub const PROB1B: Problem = Problem {
    name: "prob1b",
    title: "Problem 1b: softmax regression on the spiral",
    tuned: Settings { epochs: 300, step_size: 3.0, ..STARTER },
    starter: STARTER,
};

/// One hidden layer on XOR.
pub const PROB1C: Problem = Problem {
    name: "prob1c",
    title: "Problem 1c: one hidden layer on XOR",
    tuned: Settings {
        epochs: 1000,
        init: Init { weights: WeightInit::Mirrored, bias: 0.5 },
        hidden: 6,
        ..STARTER
    },
    starter: Settings { hidden: 6, ..STARTER },
};

/// One hidden layer on the spiral.
pub const PROB1D: Problem = Problem {
    name: "prob1d",
    title: "Problem 1d: one hidden layer on the spiral",
    tuned: Settings {
        epochs: 2000,
        step_size: 2.0,
        init: Init { weights: WeightInit::Fixed(2.0), bias: -1.5 },
        hidden: 100,
        ..STARTER
    },
    starter: Settings { lambda: 1e-3, hidden: 100, ..STARTER },
};

/// One hidden layer on Iris.
pub const PROB2A: Problem = Problem {
    name: "prob2a",
    title: "Problem 2a: one hidden layer on Iris",
    tuned: Settings {
        epochs: 10_000,
        step_size: 0.01,
        lambda: 0.005,
        batch: Some(22),
        init: Init { weights: WeightInit::Glorot, bias: 0.0 },
        hidden: 16,
    },
    starter: Settings { step_size: 0.01, batch: Some(10), hidden: 100, ..STARTER },
};

/// Two hidden layers on Iris.
pub const PROB2B: Problem = Problem {
    name: "prob2b",
    title: "Problem 2b: two hidden layers on Iris",
    tuned: Settings { lambda: 0.01, ..PROB2A.tuned },
    starter: PROB2A.starter,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_initialisation_has_the_name_that_it_is_read_by() {
        for (init, name) in [
            (WeightInit::He, "he"),
            (WeightInit::Glorot, "glorot"),
            (WeightInit::Mirrored, "mirrored"),
            (WeightInit::Fixed(0.25), "0.25"),
            (WeightInit::Fixed(0.0), "0"),
        ] {
            assert_eq!((init.to_string().as_str(), WeightInit::parse(name)), (name, Some(init)));
        }
        for wrong in ["", "HE", "wide", "-1", "inf", "nan"] {
            assert_eq!(WeightInit::parse(wrong), None, "{wrong}");
        }
    }
}
