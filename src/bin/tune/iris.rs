//! Problem 2: other divisions of the flowers, and training on mini-batches.

use backprop::math::model::Model;
use backprop::math::rng::Rng;
use backprop::programs::settings::Settings;
use backprop::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN};
use backprop::training::train::{Batches, Hyperparameters, Score, Split, Trainer, no_watch};

use crate::grid::{Division, Point, Scores};

/// The training and the validation flowers of each of a division's parts.
fn iris(Point { division, seed, .. }: &Point) -> Vec<[Dataset<4, 3>; 2]> {
    const FOLDS: usize = 5;
    let [training, validation]: [Dataset<4, 3>; 2] =
        [IRIS_TRAIN, IRIS_TEST].map(|source| source.load(None).expect("it is inside the program"));
    let shuffled = |samples: usize, seed: u64| {
        let mut order: Vec<usize> = (0..samples).collect();
        Rng::new(seed).shuffle(&mut order);
        order
    };
    match *division {
        Division::Given | Division::Unseen => vec![[training, validation]],
        Division::Folds => {
            let order = shuffled(training.len(), *seed);
            let part = |fold, is_in: bool| {
                let here = (0..order.len()).filter(|place| (place % FOLDS == fold) == is_in);
                training.select(&here.map(|place| order[place]).collect::<Vec<_>>())
            };
            (0..FOLDS).map(|fold| [part(fold, false), part(fold, true)]).collect()
        }
        Division::Shuffled(seed) => {
            let all = training.joined(&validation);
            let order = shuffled(all.len(), seed);
            let (first, rest) = order.split_at(training.len());
            vec![[all.select(first), all.select(rest)]]
        }
    }
}

/// Trains on mini-batches, and adds up the scores of a division's parts.
pub(crate) fn mini_batches<M: Model<4, 3>>(point: &Point, epochs: &[usize]) -> Vec<Scores> {
    let Settings { descent, init, batch, .. } = point.settings;
    let mut trainer = Trainer::<M, 4, 3, 10>::new();
    let mut train = |[training, validation]: &[Dataset<4, 3>; 2]| -> Vec<Scores> {
        let split = Split::training(training);
        let batch = batch.unwrap_or(training.len());
        let mut rng = Rng::new(point.seed);
        let mut model = M::initialised(&init, &mut rng);
        let mut done = 0;
        let score = |&epochs: &usize| {
            let descent = Hyperparameters { epochs: epochs - done, ..descent };
            done = epochs;
            let Ok(history) = trainer.train(
                &mut model,
                split,
                Batches::Shuffled { size: batch, rng: &mut rng },
                &descent,
                no_watch,
            );
            let validation = trainer.evaluate(&model, validation, 0.0);
            Scores { training: history[history.len() - 1].training, validation: Some(validation) }
        };
        epochs.iter().map(score).collect()
    };
    let parts: Vec<Vec<Scores>> = iris(point).iter().map(&mut train).collect();
    let total = |moment: usize| {
        let scores = || parts.iter().map(move |scores| &scores[moment]);
        let validation = scores().filter_map(|scores| scores.validation).reduce(together);
        let training = scores().map(|scores| scores.training).reduce(together);
        Scores { training: training.expect("there is a part"), validation }
    };
    (0..epochs.len()).map(total).collect()
}

/// The score on two datasets together.
fn together(a: Score, b: Score) -> Score {
    let samples = a.samples + b.samples;
    let loss = (a.loss() * a.samples as f64 + b.loss() * b.samples as f64) / samples as f64;
    Score { data_loss: loss, penalty: 0.0, correct: a.correct + b.correct, samples }
}
