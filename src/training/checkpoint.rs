//! Saved parameters: a text file that reads back to the same bits, and from which training goes on as if it had never
//! stopped (which draws no normal numbers: the second of a pair is not saved).
//!
//! ```text
//! backprop parameters, format 4
//! program prob1c
//! layers 2 6 2
//! epochs 1000
//! seed 0
//! settings full batch, 1000 epochs, step size 0.5, …
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
//! The seal is the [`Fingerprint`] of all lines above it. Numbers have as many digits as it takes to name their bits.

use std::fmt::Write as _;
use std::num::NonZeroU64;

use crate::math::matrix::Matrix;
use crate::math::model::{Model, Parameter, widths};
use crate::math::rng::Rng;
use crate::training::error::{Error, is_invisible, shortened};
use crate::training::fingerprint::Fingerprint;
use crate::training::names::Names;
use crate::training::numbers::finite;
use crate::training::scaling::{LEAST, Scaling};

/// An upper bound on epochs, so that sums of them do not overflow.
const MOST_EPOCHS: u64 = u64::MAX / 2;

/// The first line, without the number of the format.
const FORMAT: &str = "backprop parameters, format ";

/// The format that is written and read.
const NUMBER: u32 = 4;

/// The start of the last line.
const SEAL: &str = "seal ";

/// A network, where its training stands, and what its inputs and classes are.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint<M, const D: usize> {
    /// The network.
    pub model: M,
    /// The generator that the next epoch is shuffled with.
    pub rng: Rng,
    /// Finished epochs.
    pub epochs: u64,
    /// The seed of the run's start.
    pub seed: u64,
    /// The names of the inputs and classes.
    pub names: Names,
    /// The [record](crate::training::holdout::record) of the training data if others of their file are held out; else "none".
    pub held_out: String,
    /// The scaling of its inputs, if they are standardised.
    pub scaling: Option<Scaling<D>>,
}

impl<M, const D: usize> Checkpoint<M, D> {
    /// `model` as a network for inputs in their own units, which figures show: the same if they are not standardised.
    #[must_use]
    pub fn in_own_units<const K: usize>(&self, model: &M) -> M
    where
        M: Model<D, K>,
    {
        self.scaling.as_ref().map_or_else(|| model.clone(), |scaling| scaling.folded_into(model))
    }

    /// The probabilities of each class for a row of inputs in their own units.
    #[must_use]
    pub fn probabilities<const K: usize>(&self, row: &[f64; D]) -> [f64; K]
    where
        M: Model<D, K>,
    {
        let inputs = self.scaling.as_ref().map_or(*row, |scaling| scaling.row(row));
        self.model.probabilities(&Matrix::from_rows([inputs]))[0]
    }

    /// The contents of the file. `program` is the name of the program that may load it; `settings` are for people.
    /// Parameters must be finite, names visible and those of classes different, or the file cannot be read again.
    #[must_use]
    pub fn to_text<const K: usize>(&self, program: &str, settings: &str) -> String
    where
        M: Model<D, K>,
    {
        let Checkpoint { model, rng, epochs, seed, names, held_out, scaling } = self;
        let (parameters, state) = (model.parameters(), rng.state());
        let layers = widths(&parameters, " ");
        let mut text = format!(
            "{FORMAT}{NUMBER}\nprogram {program}\nlayers {layers}\nepochs {epochs}\nseed {seed}\nsettings {settings}\n\
             held-out {held_out}\ngenerator {state:016x}\n"
        );
        for (key, names) in [("input", &names.inputs), ("class", &names.classes)] {
            for name in names {
                let _ = writeln!(text, "{key} {name}");
            }
        }
        if let Some(Scaling { mean, deviation }) = scaling {
            write_rows(&mut text, "mean", D, mean);
            write_rows(&mut text, "deviation", D, deviation);
        }
        for Parameter { name, columns, values, .. } in parameters {
            write_rows(&mut text, name, columns, values);
        }
        let seal = Fingerprint::of(text.bytes());
        text + &format!("{SEAL}{seal}\n")
    }

    /// Reads the contents of a file called `file` that [`to_text`](Self::to_text) made for this program and this shape of
    /// network.
    ///
    /// # Errors
    ///
    /// [`Error::Data`], naming the line, if it is no such file, is truncated, was changed, or is of another program or shape.
    pub fn parse<const K: usize>(file: &str, bytes: &[u8], program: &str) -> Result<Self, Error>
    where
        M: Model<D, K>,
    {
        let mut model = M::zeros();
        let mut lines = Lines::unsealed(file, bytes)?;
        let (epochs, seed, held_out, rng) = lines.head(program, &widths(&model.parameters(), " "))?;
        let mut names = Names::neutral(D, K);
        lines.names("input", &mut names.inputs)?;
        lines.names("class", &mut names.classes)?;
        if (1..K).any(|class| names.classes[..class].contains(&names.classes[class])) {
            return Err(lines.fault("expected classes of different names"));
        }
        let mut scaling = None;
        if lines.next_is("mean") {
            let mut found = Scaling { mean: [0.0; D], deviation: [0.0; D] };
            lines.rows("mean", D, &mut found.mean)?;
            lines.rows("deviation", D, &mut found.deviation)?;
            if found.deviation.iter().any(|&deviation| deviation < LEAST) {
                return Err(lines.fault("expected deviations above 0"));
            }
            scaling = Some(found);
        }
        for Parameter { name, columns, values, .. } in model.parameters_mut() {
            lines.rows(name, columns, values)?;
        }
        lines.end()?;
        let read = Checkpoint { model, rng, epochs, seed, names, held_out, scaling };
        let is_finite = |parameter: Parameter<&[f64]>| parameter.values.iter().all(|value| value.is_finite());
        if read.in_own_units(&read.model).parameters().into_iter().all(is_finite) {
            Ok(read)
        } else {
            Err(lines.fault("these parameters overflow with this scaling"))
        }
    }
}

/// Whether a file that begins so is one of saved parameters, of any format.
#[must_use]
pub fn is_saved(start: &[u8]) -> bool {
    format_of(start).is_some()
}

/// The number of the format of a file that begins so.
fn format_of(start: &[u8]) -> Option<u32> {
    let first = start.split(|&byte| byte == b'\n').next()?.trim_ascii_end();
    std::str::from_utf8(first.strip_prefix(FORMAT.as_bytes())?).ok()?.parse().ok()
}

fn write_rows(text: &mut String, key: &str, columns: usize, values: &[f64]) {
    for row in values.chunks_exact(columns) {
        text.push_str(key);
        for value in row {
            let _ = write!(text, " {value:e}");
        }
        text.push('\n');
    }
}

/// The lines of a file without its seal. Each is a key, a space and a value.
struct Lines<'a> {
    file: &'a str,
    all: Vec<&'a str>,
    /// How many lines have been read.
    position: usize,
}

impl<'a> Lines<'a> {
    /// The lines between the first and the seal of a file that is as it was saved.
    fn unsealed(file: &'a str, bytes: &'a [u8]) -> Result<Self, Error> {
        let text = std::str::from_utf8(bytes).unwrap_or_default().trim_end();
        let mut lines = Lines { file, all: text.lines().collect(), position: 1 };
        let format = format_of(bytes).ok_or_else(|| lines.fault("not saved parameters"))?;
        if format != NUMBER {
            let age = if format > NUMBER { "a newer" } else { "an older" };
            return Err(lines.fault(format!("format {format}, written by {age} version: expected {NUMBER}")));
        }
        let last = lines.all.pop().unwrap_or_default();
        let seal = Fingerprint::of(lines.all.iter().flat_map(|line| line.bytes().chain([b'\n'])));
        if last != format!("{SEAL}{seal}") {
            lines.position = lines.all.len() + 1;
            return Err(lines.fault("the file is not as it was saved: a line was changed or lost"));
        }
        Ok(lines)
    }

    /// A fault of the line that was read last.
    fn fault(&self, problem: impl Into<String>) -> Error {
        Error::Data { file: self.file.to_owned(), line: self.position, column: 1, problem: problem.into() }
    }

    fn next_is(&self, key: &str) -> bool {
        self.all.get(self.position).is_some_and(|line| line.starts_with(key))
    }

    /// The value of the next line, which must have this key, as `understand` reads it; `expected` is what a message says of it.
    fn value<T>(
        &mut self,
        key: &str,
        expected: &str,
        understand: impl Fn(&'a str) -> Option<T>,
    ) -> Result<T, Error> {
        let line = self.all.get(self.position).copied().unwrap_or_default();
        self.position += 1;
        let value = line.strip_prefix(key).and_then(|rest| rest.strip_prefix(' '));
        value
            .and_then(understand)
            .ok_or_else(|| self.fault(format!("'{}', expected {key} {expected}", shortened(line))))
    }

    /// Reads the lines up to the generator: the finished epochs, the seed, the record of held-out rows and the generator.
    fn head(&mut self, program: &str, layers: &str) -> Result<(u64, u64, String, Rng), Error> {
        self.value("program", program, |found| (found == program).then_some(()))?;
        self.value("layers", layers, |found| (found == layers).then_some(()))?;
        let few = |text: &str| text.parse().ok().filter(|epochs| *epochs <= MOST_EPOCHS);
        let epochs = self.value("epochs", "and a number of epochs", few)?;
        let seed = self.value("seed", "and a number", |text| text.parse().ok())?;
        self.value("settings", "and a text", Some)?;
        let held_out = self.value("held-out", "and a text", Some)?.to_owned();
        let state = |text| NonZeroU64::new(u64::from_str_radix(text, 16).ok()?);
        let state = self.value("generator", "and its state", state)?;
        Ok((epochs, seed, held_out, Rng::from_state(state)))
    }

    /// Reads names, none of which may have an invisible character.
    fn names(&mut self, key: &str, names: &mut [String]) -> Result<(), Error> {
        for name in names {
            let visible = |text: &str| (!text.contains(is_invisible)).then(|| text.to_owned());
            *name = self.value(key, "and a name of visible characters", visible)?;
        }
        Ok(())
    }

    /// Reads the rows of a matrix.
    fn rows(&mut self, key: &str, columns: usize, values: &mut [f64]) -> Result<(), Error> {
        let expected = format!("and {columns} finite numbers");
        for row in values.chunks_exact_mut(columns) {
            let numbers = |text: &str| text.split(' ').map(finite).collect::<Option<Vec<f64>>>();
            let numbers =
                self.value(key, &expected, |text| numbers(text).filter(|all| all.len() == columns))?;
            row.copy_from_slice(&numbers);
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Error> {
        if self.position == self.all.len() {
            return Ok(());
        }
        self.position += 1;
        Err(self.fault("expected the end of the parameters"))
    }
}
