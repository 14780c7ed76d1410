//! Saved parameters: a text file that reads back to the same bits, and from which training goes on as if it had never
//! stopped (which draws no normal numbers: the second of a pair is not saved).
//!
//! ```text
//! backprop parameters, format 4
//! program prob1c
//! layers 2 6 2
//! epochs 1000
//! seed 0
//! settings the text of the program
//! held-out none … or a record of the training data, of whose file other rows are held out
//! generator 0f2e…
//! input x₁ … one line for each input
//! class class 0 … one line for each class
//! mean 0.5 0.5 … if the inputs are standardised
//! deviation 0.5 0.5 … likewise
//! W1 1.2345678901234567e-1 … one line for each row of each parameter
//! seal fe48f46b972a1071
//! ```
//!
//! Of a run that keeps its best epoch, the generator is that of this epoch: training goes on as that run did.
//!
//! The seal is the [fingerprint](fingerprint::of) of all lines above it. Numbers have as many digits as name their bits.

use std::fmt::Write as _;
use std::num::NonZeroU64;

use crate::math::matrix::Matrix;
use crate::math::model::{Model, Parameter, widths};
use crate::math::rng::Rng;
use crate::training::error::{Error, is_invisible, shortened};
use crate::training::fingerprint;
use crate::training::names::Names;
use crate::training::numbers::finite;
use crate::training::scaling::Scaling;
use crate::training::train::is_finite;

/// The first line, without the number of the format.
const FORMAT: &str = "backprop parameters, format ";

/// The format that is written and read.
const NUMBER: u32 = 4;

/// The start of the last line.
const SEAL: &str = "seal ";

/// A network, where its training stands, and what its inputs and classes are.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint<M, const D: usize, const K: usize> {
    /// The network.
    pub model: M,
    /// The generator that the next epoch is shuffled with.
    pub rng: Rng,
    /// Finished epochs.
    pub epochs: u64,
    /// The seed of the run's start.
    pub seed: u64,
    /// The settings of the run, as its program writes and reads them.
    pub settings: String,
    /// The names of the inputs and classes.
    pub names: Names,
    /// The [record](crate::training::holdout::record) of the training data if others of their file are held out.
    pub held_out: Option<String>,
    /// The scaling of its inputs, if they are standardised.
    pub scaling: Option<Scaling<D>>,
}

impl<M: Model<D, K>, const D: usize, const K: usize> Checkpoint<M, D, K> {
    /// `model` as a network for inputs in their own units, which figures show: the same if they are not standardised.
    #[must_use]
    pub fn in_own_units(&self, model: &M) -> M {
        self.scaling.as_ref().map_or_else(|| model.clone(), |scaling| scaling.folded_into(model))
    }

    /// The probabilities of each class for a row of inputs in their own units.
    pub fn probabilities(&self, row: &[f64; D]) -> [f64; K] {
        let inputs = self.scaling.as_ref().map_or(*row, |scaling| scaling.row(row));
        self.model.probabilities(&Matrix::from_rows([inputs]))[0]
    }

    /// The contents of the file. `program` is the name of the program that may load it. Parameters must be finite, names
    /// visible and those of classes different, or the file cannot be read again.
    pub fn to_text(&self, program: &str) -> String {
        let Checkpoint { model, rng, epochs, seed, settings, names, held_out, scaling } = self;
        let (parameters, state) = (model.parameters(), rng.state());
        let (layers, held_out) = (widths(&parameters, " "), held_out.as_deref().unwrap_or("none"));
        let mut text = format!(
            "{FORMAT}{NUMBER}\nprogram {program}\nlayers {layers}\nepochs {epochs}\nseed {seed}\nsettings {settings}\n\
             held-out {held_out}\ngenerator {state:016x}\n"
        );
        for (key, names) in [("input", &names.inputs), ("class", &names.classes)] {
            for name in names {
                let _ = writeln!(text, "{key} {name}");
            }
        }
        let scaling =
            scaling.iter().flat_map(|of| [("mean", D, &of.mean[..]), ("deviation", D, &of.deviation)]);
        let parameters = parameters.iter().map(|of| (of.name, of.columns, of.values));
        for (key, columns, values) in scaling.chain(parameters) {
            for row in values.chunks_exact(columns) {
                let numbers: Vec<String> = row.iter().map(|number| format!("{number:e}")).collect();
                let _ = writeln!(text, "{key} {}", numbers.join(" "));
            }
        }
        let seal = fingerprint::of(text.bytes());
        text + &format!("{SEAL}{seal}\n")
    }

    /// Reads the contents of a file called `file` that [`to_text`](Self::to_text) made for this program and this shape of
    /// network: it must be what `to_text` makes of what was read.
    ///
    /// # Errors
    ///
    /// [`Error::Data`], naming the line, if it is no such file, is truncated, was changed, or is of another program or shape.
    pub fn parse(file: &str, bytes: &[u8], program: &str) -> Result<Self, Error> {
        let fault = |line, problem: &str| {
            Err(Error::Data { file: file.to_owned(), line, column: 1, problem: problem.to_owned() })
        };
        let text = String::from_utf8_lossy(bytes);
        let found: Vec<&str> = text.trim_end().lines().collect();
        let format = found.first().and_then(|first| first.strip_prefix(FORMAT)?.parse::<u32>().ok());
        let Some(format) = format else { return fault(1, "not saved parameters") };
        if format != NUMBER {
            let age = if format > NUMBER { "a newer" } else { "an older" };
            return fault(1, &format!("format {format}, written by {age} version: expected {NUMBER}"));
        }

        // What cannot be read becomes something else, and is then found not to be what was written.
        let mut lines = found.iter().skip(3);
        let mut value = || lines.next().and_then(|line| line.split_once(' ')).map_or("", |(_, value)| value);
        // Sums of epochs do not overflow.
        let epochs = value().parse().ok().filter(|epochs| *epochs <= u64::MAX / 2).unwrap_or_default();
        let seed = value().parse().unwrap_or_default();
        let settings = value().to_owned();
        let held_out = Some(value()).filter(|record| *record != "none").map(str::to_owned);
        let state = u64::from_str_radix(value(), 16).unwrap_or_default();
        let rng = Rng::from_state(NonZeroU64::new(state).unwrap_or(NonZeroU64::MIN));
        let mut names = Names::neutral(D, K);
        for name in names.inputs.iter_mut().chain(&mut names.classes) {
            *name = value().replace(is_invisible, "");
        }
        let mut rows = |columns: usize, values: &mut [f64]| {
            for row in values.chunks_exact_mut(columns) {
                for (number, text) in row.iter_mut().zip(value().split(' ')) {
                    *number = finite(text).unwrap_or_default();
                }
            }
        };
        let first = 8 + D + K;
        let is_scaled = found.get(first).is_some_and(|line| line.starts_with("mean "));
        let mut scaling = is_scaled.then_some(Scaling { mean: [0.0; D], deviation: [0.0; D] });
        if let Some(Scaling { mean, deviation }) = &mut scaling {
            rows(D, mean);
            rows(D, deviation);
            *deviation = deviation.map(|deviation| if deviation > 0.0 { deviation } else { 1.0 });
        }
        let mut model = M::zeros();
        for Parameter { columns, values, .. } in model.parameters_mut() {
            rows(columns, values);
        }
        let read = Checkpoint { model, rng, epochs, seed, settings, names, held_out, scaling };
        let text = read.to_text(program);
        for (place, expected) in text.lines().chain([""]).enumerate() {
            let line = found.get(place).copied().unwrap_or_default();
            if line != expected && expected.starts_with(SEAL) {
                return fault(place + 1, "the file is not as it was saved: a line was changed");
            } else if line != expected {
                let [line, expected] = [line, expected].map(shortened);
                return fault(place + 1, &format!("'{line}', expected {expected}"));
            }
        }
        let classes = &read.names.classes;
        if (1..K).any(|class| classes[..class].contains(&classes[class])) {
            return fault(first, "expected classes of different names");
        }
        if !is_finite(&read.in_own_units(&read.model)) {
            return fault(found.len() - 1, "these parameters overflow with this scaling");
        }
        Ok(read)
    }
}

/// Whether a file that begins so is one of saved parameters, of any format.
pub fn is_saved(start: &[u8]) -> bool {
    start.starts_with(FORMAT.as_bytes())
}
