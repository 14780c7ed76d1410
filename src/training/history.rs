//! The scores of a training run, epoch by epoch.

use crate::training::score::{EpochScores, Score};

/// The scores of one epoch after the other, up to the last or to the first loss that is not finite. Of a run of more than
/// [`MOST_KEPT`] epochs, those of every 2nd, 4th, 8th, … epoch, of the lowest training and the lowest validation loss (without
/// the penalty), and of the last: memory does not grow with the epochs.
pub type History = Vec<EpochScores>;

/// The most epochs of which a history has all.
pub const MOST_KEPT: usize = 20_000;

/// A history as it grows.
pub(super) struct Recorder {
    history: History,
    /// Of the epochs up to the last in `history`, those are kept whose distance from the first is a multiple of it.
    stride: u64,
    /// The lowest data loss on the training data, and on the validation data where there is any, each with its epoch's scores.
    lowest: [(f64, Option<EpochScores>); 2],
    last: Option<EpochScores>,
}

impl Recorder {
    pub(super) fn new(epochs: u64) -> Self {
        // Epoch 0, the lowest two and the last may come on top.
        let capacity = usize::try_from(epochs).map_or(MOST_KEPT, |epochs| epochs.min(MOST_KEPT)) + 4;
        Recorder {
            history: History::with_capacity(capacity),
            stride: 1,
            lowest: [(f64::INFINITY, None); 2],
            last: None,
        }
    }

    pub(super) fn record(&mut self, scores: EpochScores) {
        // Of an epoch that diverged, no loss counts.
        if scores.training.loss().is_finite() {
            let each = std::iter::once(scores.training).chain(scores.validation);
            for (lowest, Score { data_loss, .. }) in self.lowest.iter_mut().zip(each) {
                if data_loss < lowest.0 {
                    *lowest = (data_loss, Some(scores));
                }
            }
        }
        self.last = Some(scores);
        let first = self.history.first().map_or(scores.epoch, |first| first.epoch);
        if self.history.len() > MOST_KEPT {
            self.stride *= 2;
            self.history.retain(|scores| (scores.epoch - first) % self.stride == 0);
        }
        if (scores.epoch - first) % self.stride == 0 {
            self.history.push(scores);
        }
    }

    pub(super) fn finish(mut self) -> History {
        for scores in self.lowest.into_iter().filter_map(|(_, scores)| scores).chain(self.last) {
            if let Err(place) = self.history.binary_search_by_key(&scores.epoch, |scores| scores.epoch) {
                self.history.insert(place, scores);
            }
        }
        self.history
    }
}

/// A loss over the epochs of a history, as points of epoch and loss: on the training data and, where there is any, on the
/// validation data.
pub fn losses(history: &[EpochScores], loss: fn(&Score) -> f64) -> [Vec<[f64; 2]>; 2] {
    let mut points = [Vec::new(), Vec::new()];
    for EpochScores { epoch, training, validation } in history {
        points[0].push([*epoch as f64, loss(training)]);
        points[1].extend(validation.iter().map(|score| [*epoch as f64, loss(score)]));
    }
    points
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The epochs that are kept of a run with these losses on the training and on the validation data.
    fn kept(losses: &[[f64; 2]]) -> Vec<u64> {
        const START: u64 = 7;
        let mut recorder = Recorder::new(losses.len() as u64 - 1);
        for (epoch, losses) in (START..).zip(losses) {
            let [training, validation] =
                losses.map(|data_loss| Score { data_loss, penalty: 0.0, correct: 0, samples: 1 });
            recorder.record(EpochScores { epoch, training, validation: Some(validation) });
        }
        recorder.finish().iter().map(|scores| scores.epoch - START).collect()
    }

    /// The multiples of `stride` up to `last`, and these epochs.
    fn epochs(stride: usize, last: usize, others: &[usize]) -> Vec<u64> {
        let all = (0..=last).step_by(stride).chain(others.iter().copied());
        all.map(|epoch| epoch as u64).collect::<BTreeSet<u64>>().into_iter().collect()
    }

    #[test]
    fn the_history_of_a_run_thins_with_its_length_and_keeps_its_end() {
        const MOST: usize = MOST_KEPT;
        for (last, stride) in
            [(0, 1), (1, 1), (MOST, 1), (MOST + 1, 2), (2 * MOST, 2), (2 * MOST + 1, 4), (4 * MOST, 4)]
        {
            assert_eq!(kept(&vec![[1.0; 2]; last + 1]), epochs(stride, last, &[last]), "{last}");
        }
    }

    #[test]
    fn a_history_keeps_the_first_lowest_of_both_losses() {
        let mut losses = vec![[2.0; 2]; MOST_KEPT + 5];
        let last = losses.len() - 1;
        (losses[101], losses[103], losses[105]) = ([1.0, 2.0], [1.0, 2.0], [2.0, 1.5]);
        assert_eq!(kept(&losses), epochs(2, last, &[101, 105]));
        // Validation losses that are no number are not low.
        for losses in &mut losses {
            losses[1] = f64::NAN;
        }
        losses[107][1] = 3.0;
        assert_eq!(kept(&losses), epochs(2, last, &[101, 107]));
        // Nor is any loss of the epoch that diverged, though it is kept as the last.
        losses.push([f64::NAN, 0.0]);
        assert_eq!(kept(&losses), epochs(2, last, &[101, 107, last + 1]));
    }
}
