//! The score of a network: its cost and its accuracy.

/// The cost and the accuracy of a network on a dataset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// −(1/N) Σₙ log p_y.
    pub data_loss: f64,
    /// (λ/2) ΣW².
    pub penalty: f64,
    /// Samples whose class has the largest score; none of those whose scores have no probabilities, since they overflow.
    pub correct: usize,
    /// N, all samples.
    pub samples: usize,
}

impl Score {
    /// The cost J.
    pub fn loss(&self) -> f64 {
        self.data_loss + self.penalty // Eq. (8)
    }

    /// The share of samples classified right, from 0 to 1; NaN if the loss is.
    pub fn accuracy(&self) -> f64 {
        if self.data_loss.is_nan() { f64::NAN } else { self.correct as f64 / self.samples as f64 }
    }
}

/// The scores of a network after an epoch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EpochScores {
    /// Finished epochs, including those before this run: the first scores are those of the network before training.
    pub epoch: u64,
    /// On the training data.
    pub training: Score,
    /// On the validation data, where there is any.
    pub validation: Option<Score>,
}

impl EpochScores {
    /// The loss on the validation data without the penalty. NaN if there are none, or if it or the training loss is not finite.
    pub fn validation_loss(&self) -> f64 {
        let loss = self.validation.map_or(f64::NAN, |score| score.data_loss);
        if self.training.loss().is_finite() && loss.is_finite() { loss } else { f64::NAN }
    }
}
