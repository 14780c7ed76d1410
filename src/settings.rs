//! What a training run is told, and the settings of the six problems.

use crate::error::readable;
use crate::model::{Init, Spread};
use crate::train::Descent;

/// What a training run is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Epochs, step size and λ.
    pub descent: Descent,
    /// How the parameters begin.
    pub init: Init,
    /// Units of each hidden layer; 0 if there is none.
    pub hidden: usize,
    /// Samples in a mini-batch; `None` for the full batch.
    pub batch: Option<usize>,
}

impl Settings {
    /// The names of what [`to_csv`](Self::to_csv) writes.
    pub const COLUMNS: &'static str = "hidden,init,bias,step_size,lambda,batch,epochs";

    /// The settings as the beginning of a row of CSV; the batch is 0 if it is the full one.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let Settings { descent, init, hidden, batch } = self;
        let Descent { epochs, step_size, lambda } = descent;
        let (weights, bias, batch) = (spread_name(init.weights), init.bias, batch.unwrap_or(0));
        format!("{hidden},{weights},{bias},{step_size},{lambda},{batch},{epochs}")
    }
}

/// A spread as `--init` takes it.
#[must_use]
pub fn spread_name(spread: Spread) -> String {
    match spread {
        Spread::Fixed(deviation) => readable(deviation),
        Spread::He => "he".to_owned(),
        Spread::Glorot => "glorot".to_owned(),
        Spread::Mirrored => "mirrored".to_owned(),
    }
}

/// The two settings that come with a problem.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Preset {
    /// Without flags: what the sweeps of the program `tune` found best.
    pub tuned: Settings,
    /// With `--starter`: those of the course's starter script.
    pub starter: Settings,
}

/// What the starter scripts of problems 1a and 1b have.
const STARTER: Settings = Settings {
    descent: Descent { epochs: 100, step_size: 1.0, lambda: 0.0 },
    init: Init { weights: Spread::Fixed(0.01), bias: 0.0 },
    hidden: 0,
    batch: None,
};

/// Softmax regression on XOR.
pub const PROB1A: Preset = Preset {
    tuned: Settings { descent: Descent { epochs: 300, ..STARTER.descent }, ..STARTER },
    starter: STARTER,
};

/// Softmax regression on the spiral.
pub const PROB1B: Preset = Preset {
    tuned: Settings { descent: Descent { epochs: 300, step_size: 3.0, lambda: 0.0 }, ..STARTER },
    starter: STARTER,
};

/// One hidden layer on XOR.
pub const PROB1C: Preset = Preset {
    tuned: Settings {
        descent: Descent { epochs: 1000, step_size: 1.0, lambda: 0.0 },
        init: Init { weights: Spread::Mirrored, bias: 0.5 },
        hidden: 6,
        batch: None,
    },
    starter: Settings { hidden: 6, ..STARTER },
};

/// One hidden layer on the spiral.
pub const PROB1D: Preset = Preset {
    tuned: Settings {
        descent: Descent { epochs: 10_000, step_size: 1.0, lambda: 0.0 },
        init: Init { weights: Spread::He, bias: 0.0 },
        hidden: 100,
        batch: None,
    },
    starter: Settings { descent: Descent { lambda: 1e-3, ..STARTER.descent }, hidden: 100, ..STARTER },
};

/// One hidden layer on Iris.
pub const PROB2A: Preset = Preset {
    tuned: Settings {
        descent: Descent { epochs: 800, step_size: 0.003, lambda: 0.01 },
        init: Init { weights: Spread::Glorot, bias: 0.0 },
        hidden: 100,
        batch: Some(22),
    },
    starter: Settings {
        descent: Descent { step_size: 0.01, ..STARTER.descent },
        hidden: 100,
        batch: Some(10),
        ..STARTER
    },
};

/// Two hidden layers on Iris.
pub const PROB2B: Preset = Preset {
    tuned: Settings {
        descent: Descent { epochs: 200, step_size: 0.003, lambda: 0.01 },
        init: Init { weights: Spread::Glorot, bias: 0.0 },
        hidden: 16,
        batch: Some(10),
    },
    starter: PROB2A.starter,
};
