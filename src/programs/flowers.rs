//! Problem 2: results and figures of networks on Iris.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::draw::{Look, Point};
use crate::figures::{self, LossRun};
use crate::math::init::{Init, WeightInit};
use crate::math::mlp1::Mlp1;
use crate::math::mlp2::Mlp2;
use crate::math::model::Model;
use crate::math::rng::Rng;
use crate::programs::cli::Options;
use crate::programs::console::Console;
use crate::programs::experiments::{
    DECAY, Overfitting, divided_otherwise, has_diverged, overfitting, trained,
};
use crate::programs::outcome::Outcome;
use crate::programs::run::{Data, Run, network};
use crate::programs::settings::Settings;
use crate::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN};
use crate::training::error::Error;
use crate::training::numbers::{counted, fixed, loss_text, percent, readable};
use crate::training::train::{EpochScores, Score, Split, Trainer, losses};

/// A step so large that overfitting shows within [`OVERFITTING_EPOCHS`].
const OVERFITTING_STEP_SIZE: f64 = 0.05;

/// The most epochs of the runs that show overfitting.
const OVERFITTING_EPOCHS: u64 = 3000;

/// What the samples are called: no one knows what those of a file are.
fn kind(options: &Options) -> &'static str {
    if options.data.is_none() { "flowers" } else { "samples" }
}

/// Draws which samples the network mistakes into `petals.svg`, and prints for which class (of the validation data).
pub fn draw_flowers<M: Model<4, 3>, const N: usize>(
    console: &mut Console,
    outcome: &Outcome,
    trainer: &mut Trainer<M, 4, 3, N>,
    run: &Run<M, 4, 3>,
) -> Result<(), Error> {
    let [data, raw] = [run.data(), &run.raw].map(Data::both);
    let [training, validation] = data.map(|data| trainer.predictions(&run.state.model, data));
    let mut mistakes = BTreeMap::new();
    for (&is, &predicted) in raw[1].labels().iter().zip(&validation).filter(|(is, predicted)| is != predicted)
    {
        *mistakes.entry([is, predicted]).or_insert(0) += 1;
    }
    let classes = &raw[0].names().classes;
    for ([is, predicted], count) in mistakes {
        console
            .line(format!("mistaken in validation: {count} of {} for {}", classes[is], classes[predicted]))?;
    }
    let kind = kind(&outcome.options);
    let groups = [("training", raw[0], training), ("validation", raw[1], validation)];
    let title = outcome.titled(&format!("which {kind} it mistakes"));
    console.page("petals.svg", &figures::petals(&title, kind, outcome.options.axes, &groups))
}

/// Shows [`overfitting`] and two ways to control it with the run's settings and a larger step, in `overfitting.svg`: of the
/// built-in flowers on another split, on which it overfits; of other data on their own.
pub fn compare_overfitting<M: Model<4, 3>, const N: usize>(
    console: &mut Console,
    outcome: &Outcome,
    trainer: &mut Trainer<M, 4, 3, N>,
    run: &Run<M, 4, 3>,
) -> Result<(), Error> {
    let own = outcome.options.settings;
    let epochs = own.epochs.min(OVERFITTING_EPOCHS);
    let settings = Settings { epochs, step_size: OVERFITTING_STEP_SIZE, ..own };
    let [training, validation] = run.raw.both();
    let is_iris =
        training.has_rows_of(&IRIS_TRAIN.load(None)?) && validation.has_rows_of(&IRIS_TEST.load(None)?);
    let other = is_iris.then(|| divided_otherwise(run.data().both()));
    let split = other.as_ref().map_or(run.data().split(), |[training, validation]| Split {
        training,
        validation: Some(validation),
    });
    let with = if is_iris { "another split and " } else { "" };
    let Overfitting { free, decayed } = overfitting(trainer, split, &settings, outcome.options.seed);
    console.line(format!(
        "overfitting, with {with}step size {OVERFITTING_STEP_SIZE} (losses without the penalty):"
    ))?;
    let captions = ["No control: λ = 0".to_owned(), format!("Weight decay: λ = {DECAY}")];
    let mut panels = Vec::new();
    for (mut caption, run) in captions.into_iter().zip([&free, &decayed]) {
        if let Some(epoch) = run.diverged {
            let _ = write!(caption, ": diverged in epoch {epoch}");
            console.line(format!("  {caption}"))?;
        }
        if let Some(best) = run.lowest {
            let [least, at_the_end] = [run.lowest_mean(), run.at_the_end()].map(|loss| fixed(loss, 4));
            console.line(format!(
                "  {caption}: mean validation loss of {} at least {least}, of the last {at_the_end}; the lowest \
                 single one in epoch {best}",
                counted(run.tail(), "epoch")
            ))?;
        }
        panels.push(LossRun { caption, losses: run.losses.clone(), stop: None });
    }
    panels[0].stop = free.lowest;
    let mut subtitle = outcome.subtitle_of(&settings);
    if is_iris {
        let _ = write!(subtitle, "\nanother split of the same {}", kind(&outcome.options));
    }
    let title = outcome.titled("overfitting and two ways to control it");
    console.page("overfitting.svg", &figures::loss_pages(&title, &subtitle, &panels))
}

/// Trains a network with one hidden layer of H units with the run's settings, prints its scores, and draws its losses beside
/// the run's into `layers.svg`.
pub fn compare_with_one_layer<const H: usize>(
    console: &mut Console,
    outcome: &Outcome,
    split: Split<4, 3>,
) -> Result<(), Error> {
    let Options { settings, seed, .. } = &outcome.options;
    let mut trainer = Trainer::<Mlp1<4, H, 3>, 4, 3, 10>::new();
    let (model, history) = trained(&mut trainer, split, settings, *seed, |_, _| ());
    let EpochScores { epoch: last, training, validation } = history[history.len() - 1];
    let mut subtitle = format!(
        "1 layer: {}\n2 layers: {}\n{}\nλ = {}, {}",
        network(&model),
        outcome.network,
        settings.steps(),
        readable(settings.lambda),
        outcome.options.start()
    );
    let mut finite = &history[..];
    let result = if has_diverged(&history) {
        let _ = write!(subtitle, "\n1 layer diverged in epoch {last}");
        finite = &history[..history.len() - 1];
        format!("diverged in epoch {last}")
    } else {
        let score = |(name, score): (&str, Score)| {
            format!("{name} accuracy {}, loss {}", percent(score.accuracy()), loss_text(score.loss()))
        };
        let validation = validation.map(|score| ("validation", score));
        let scores: Vec<String> = [("training", training)].into_iter().chain(validation).map(score).collect();
        scores.join(", ")
    };
    console.line(format!("one hidden layer with these settings: {result}"))?;
    let mut curves = Vec::new();
    for (name, history) in [("1 layer", finite), ("2 layers", &outcome.history)] {
        for (data, points) in
            ["training", "validation"].into_iter().zip(losses(history, |score| score.data_loss))
        {
            curves.push((format!("{name}, {data}"), points));
        }
    }
    let curves: Vec<(&str, &[Point])> =
        curves.iter().map(|(label, points)| (&label[..], &points[..])).collect();
    let title = outcome.titled("one hidden layer and two");
    let mut figure = figures::loss_curves(&title, &subtitle, &curves, Vec::new());
    "data loss".clone_into(&mut figure.y.label);
    // Of four bands, those for training would hide the others.
    figure.marks.retain(|mark| !matches!(mark.look, Look::Band { series, .. } if series % 2 == 0));
    // The colour says how deep the network is, dashes that the data are those for validation.
    for mark in &mut figure.marks {
        match &mut mark.look {
            Look::Line { series, dashes, .. } => (*series, *dashes) = (*series / 2, *series % 2),
            Look::Band { series, .. } => {
                "band: all epochs, validation; line: their median".clone_into(&mut mark.label);
                *series /= 2;
            }
            _ => {}
        }
    }
    console.figure("layers.svg", &figure)
}

/// Prints and returns the root mean square of ∂J/∂W1 before training, of the starter script's network with its own first
/// weights and with Glorot's.
pub fn print_first_gradients(
    console: &mut Console,
    outcome: &Outcome,
    data: &Dataset<4, 3>,
) -> Result<[f64; 2], Error> {
    let Options { seed, problem, .. } = outcome.options;
    let starter = problem.starter.init;
    let inits = [starter, Init { weights: WeightInit::Glorot, ..starter }];
    let sizes = inits.map(|init| {
        let network = Mlp2::<4, 100, 100, 3>::initialised(&init, &mut Rng::new(seed));
        let mut trainer = Trainer::<_, 4, 3, 10>::new();
        trainer.gradient(&network, data, 0..data.len(), 0.0);
        let gradient = trainer.last_gradient().w1.values();
        (gradient.iter().map(|entry| entry * entry).sum::<f64>() / gradient.len() as f64).sqrt()
    });
    let [own, glorot] = sizes;
    let weights = starter.weights;
    console.line(format!(
        "the starter's network before training: gradient of W1 {own:.1e} with init {weights}, {glorot:.1e} with glorot \
         (root mean squares)"
    ))?;
    Ok(sizes)
}
