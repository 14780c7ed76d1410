//! The six problems and the settings that come with each.

use std::fmt;

use crate::math::init::{Init, WeightInit};
use crate::training::numbers::readable;
use crate::training::train::Hyperparameters;

/// What a training run is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Epochs, step size and λ.
    pub descent: Hyperparameters,
    /// How the parameters begin.
    pub init: Init,
    /// Units of each hidden layer; 0 if there is none.
    pub hidden: usize,
    /// Samples in a mini-batch; `None` for the full batch.
    pub batch: Option<usize>,
}

impl Settings {
    /// The columns of [`to_csv`](Self::to_csv): their names in CSV, and for people.
    pub const COLUMNS: [(&'static str, &'static str); 7] = [
        ("hidden", "hidden units"),
        ("init", "init"),
        ("bias", "biases"),
        ("step_size", "step size"),
        ("lambda", "λ"),
        ("batch", "batch"),
        ("epochs", "epochs"),
    ];

    /// The names of the columns in CSV.
    #[must_use]
    pub fn csv_header() -> String {
        Self::COLUMNS.map(|(name, _)| name).join(",")
    }

    /// The settings as the beginning of a row of CSV; the batch is 0 if it is the full one.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let Settings { descent, init, hidden, batch } = self;
        let Hyperparameters { epochs, step_size, lambda } = descent;
        let (weights, bias, batch) = (init.weights, init.bias, batch.unwrap_or(0));
        format!("{hidden},{weights},{bias},{step_size},{lambda},{batch},{epochs}")
    }
}

/// How parameters begin, from the entries of the columns `init` and `bias`: `he`, or `he, b = 0.1`.
#[must_use]
pub fn init_label(weights: &str, bias: &str) -> String {
    if bias == "0" { weights.to_owned() } else { format!("{weights}, b = {bias}") }
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
    /// The spread of this name; a number from 0 is a deviation.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "he" => Some(WeightInit::He),
            "glorot" => Some(WeightInit::Glorot),
            "mirrored" => Some(WeightInit::Mirrored),
            _ => {
                let deviation = name.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
                deviation.map(WeightInit::Fixed)
            }
        }
    }
}

/// A problem of the handout, and the two settings that come with it.
#[derive(Debug, PartialEq)]
pub struct Problem {
    /// The name of its program, and of its folder under `out/`: `prob1c`.
    pub name: &'static str,
    /// The problem and what solves it, for help, output and figures.
    pub title: &'static str,
    /// The settings without flags: what the sweeps of the program `tune` found best.
    pub tuned: Settings,
    /// The settings with `--starter`: those of the course's starter script.
    pub starter: Settings,
}

/// What the starter scripts of problems 1a and 1b have.
const STARTER: Settings = Settings {
    descent: Hyperparameters { epochs: 100, step_size: 1.0, lambda: 0.0 },
    init: Init { weights: WeightInit::Fixed(0.01), bias: 0.0 },
    hidden: 0,
    batch: None,
};

/// Softmax regression on XOR.
pub const PROB1A: Problem = Problem {
    name: "prob1a",
    title: "Problem 1a: softmax regression on XOR",
    tuned: Settings { descent: Hyperparameters { epochs: 300, ..STARTER.descent }, ..STARTER },
    starter: STARTER,
};

/// Softmax regression on the spiral.
pub const PROB1B: Problem = Problem {
    name: "prob1b",
    title: "Problem 1b: softmax regression on the spiral",
    tuned: Settings { descent: Hyperparameters { epochs: 300, step_size: 3.0, lambda: 0.0 }, ..STARTER },
    starter: STARTER,
};

/// One hidden layer on XOR.
pub const PROB1C: Problem = Problem {
    name: "prob1c",
    title: "Problem 1c: one hidden layer on XOR",
    tuned: Settings {
        descent: Hyperparameters { epochs: 1000, step_size: 1.0, lambda: 0.0 },
        init: Init { weights: WeightInit::Mirrored, bias: 0.5 },
        hidden: 6,
        batch: None,
    },
    starter: Settings { hidden: 6, ..STARTER },
};

/// One hidden layer on the spiral.
pub const PROB1D: Problem = Problem {
    name: "prob1d",
    title: "Problem 1d: one hidden layer on the spiral",
    tuned: Settings {
        descent: Hyperparameters { epochs: 10_000, step_size: 1.0, lambda: 0.0 },
        init: Init { weights: WeightInit::He, bias: 0.0 },
        hidden: 100,
        batch: None,
    },
    starter: Settings {
        descent: Hyperparameters { lambda: 1e-3, ..STARTER.descent },
        hidden: 100,
        ..STARTER
    },
};

/// One hidden layer on Iris.
pub const PROB2A: Problem = Problem {
    name: "prob2a",
    title: "Problem 2a: one hidden layer on Iris",
    tuned: Settings {
        descent: Hyperparameters { epochs: 800, step_size: 0.003, lambda: 0.01 },
        init: Init { weights: WeightInit::Glorot, bias: 0.0 },
        hidden: 100,
        batch: Some(22),
    },
    starter: Settings {
        descent: Hyperparameters { step_size: 0.01, ..STARTER.descent },
        hidden: 100,
        batch: Some(10),
        ..STARTER
    },
};

/// Two hidden layers on Iris.
pub const PROB2B: Problem = Problem {
    name: "prob2b",
    title: "Problem 2b: two hidden layers on Iris",
    tuned: Settings {
        descent: Hyperparameters { epochs: 200, step_size: 0.003, lambda: 0.01 },
        init: Init { weights: WeightInit::Glorot, bias: 0.0 },
        hidden: 16,
        batch: Some(10),
    },
    starter: PROB2A.starter,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_csv_has_the_columns_in_their_order() {
        let settings = Settings {
            descent: Hyperparameters { epochs: 7, step_size: 0.5, lambda: 1e-3 },
            init: Init { weights: WeightInit::Fixed(0.01), bias: 0.1 },
            hidden: 6,
            batch: Some(10),
        };
        assert_eq!(Settings::csv_header(), "hidden,init,bias,step_size,lambda,batch,epochs");
        assert_eq!(settings.to_csv(), "6,0.01,0.1,0.5,0.001,10,7");
        assert_eq!(Settings { batch: None, ..settings }.to_csv(), "6,0.01,0.1,0.5,0.001,0,7");
    }

    #[test]
    fn a_spread_has_the_name_that_it_is_read_by() {
        for (spread, name) in [
            (WeightInit::He, "he"),
            (WeightInit::Glorot, "glorot"),
            (WeightInit::Mirrored, "mirrored"),
            (WeightInit::Fixed(0.25), "0.25"),
            (WeightInit::Fixed(0.0), "0"),
        ] {
            assert_eq!((spread.to_string().as_str(), WeightInit::parse(name)), (name, Some(spread)));
        }
        for wrong in ["", "HE", "wide", "-1", "inf", "nan"] {
            assert_eq!(WeightInit::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_label_leaves_out_biases_of_zero() {
        assert_eq!([init_label("he", "0"), init_label("0.01", "0.5")], ["he", "0.01, b = 0.5"]);
    }
}
