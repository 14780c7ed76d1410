//! Saved parameters: a text file that reads back to the same bits, and from which training goes on as if it had never
//! stopped (which draws no normal numbers: the second of a pair is not saved).
//!
//! ```text
//! backprop parameters, format 3
//! program prob1c
//! layers 2 6 2
//! epochs 1000
//! seed 0
//! settings full batch, 1000 epochs, step size 0.5, …
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
//! The seal is the [`Fingerprint`] of all lines above it. Numbers have as many digits as it takes to name their bits. In
//! names, a backslash and the two line ends are written `\\`, `\n` and `\r`.

use std::fmt::Write as _;
use std::num::NonZeroU64;
use std::path::Path;

use crate::math::model::{Model, Parameter, widths};
use crate::math::rng::Rng;
use crate::training::error::{Error, shortened};
use crate::training::fingerprint::Fingerprint;
use crate::training::names::Names;
use crate::training::numbers::finite;
use crate::training::reader::bytes_of;
use crate::training::scaling::{LEAST, Scaling};

/// An upper bound on epochs, so that sums of them do not overflow.
const MOST_EPOCHS: u64 = u64::MAX / 2;

/// The first line.
const FORMAT: &str = "backprop parameters, format 3";

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

    /// The contents of the file. `program` is the name of the program that may load it; `settings` are for people.
    /// Parameters must be finite, or the file cannot be read again.
    #[must_use]
    pub fn to_text<const K: usize>(&self, program: &str, settings: &str) -> String
    where
        M: Model<D, K>,
    {
        let parameters = self.model.parameters();
        let mut text = format!(
            "{FORMAT}\nprogram {program}\nlayers {}\nepochs {}\nseed {}\nsettings {settings}\ngenerator {:016x}\n",
            widths(&parameters, " "),
            self.epochs,
            self.seed,
            self.rng.state()
        );
        for (kind, names) in [("input", &self.names.inputs), ("class", &self.names.classes)] {
            for name in names {
                let _ = writeln!(text, "{kind} {}", escaped(name));
            }
        }
        if let Some(Scaling { mean, deviation }) = &self.scaling {
            write_row(&mut text, "mean", mean);
            write_row(&mut text, "deviation", deviation);
        }
        for Parameter { name, columns, values, .. } in parameters {
            values.chunks_exact(columns).for_each(|row| write_row(&mut text, name, row));
        }
        let seal = seal(text.lines());
        let _ = writeln!(text, "seal {seal}");
        text
    }

    /// Reads a file that [`to_text`](Self::to_text) made for this program and this shape of network.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it cannot be read; [`Error::Data`], naming the line, if it is not such a file, is truncated, was
    /// changed, or is of another program or shape.
    pub fn read<const K: usize>(path: &Path, program: &str) -> Result<Self, Error>
    where
        M: Model<D, K>,
    {
        Checkpoint::parse(&path.display().to_string(), &bytes_of(path)?, program)
    }

    /// The same of the contents of a file.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn parse<const K: usize>(file: &str, bytes: &[u8], program: &str) -> Result<Self, Error>
    where
        M: Model<D, K>,
    {
        let mut model = M::zeros();
        let widths = widths(&model.parameters(), " ");
        let mut lines = Lines::unsealed(file, bytes)?;
        let (epochs, seed, rng) = read_head(&mut lines, program, &widths)?;
        let mut names = Names::neutral(D, K);
        let mut scaling = None;
        for (kind, names) in [("input ", &mut names.inputs), ("class ", &mut names.classes)] {
            for name in names {
                *name = lines.value(kind, "a name", unescaped)?;
            }
        }
        if lines.has("mean ") {
            let mut found = Scaling { mean: [0.0; D], deviation: [0.0; D] };
            lines.numbers("mean ", &mut found.mean)?;
            lines.numbers("deviation ", &mut found.deviation)?;
            if found.deviation.iter().any(|&deviation| deviation < LEAST) {
                return Err(lines.fault("expected deviations above 0"));
            }
            scaling = Some(found);
        }
        for Parameter { name, columns, values, .. } in model.parameters_mut() {
            for row in values.chunks_exact_mut(columns) {
                lines.numbers(&format!("{name} "), row)?;
            }
        }
        if lines.position != lines.all.len() {
            lines.position += 1;
            return Err(lines.fault("expected the end of the parameters"));
        }
        Ok(Checkpoint { model, rng, epochs, seed, names, scaling })
    }
}

fn write_row(text: &mut String, name: &str, row: &[f64]) {
    text.push_str(name);
    for value in row {
        let _ = write!(text, " {value:e}");
    }
    text.push('\n');
}

/// A name on one line.
fn escaped(name: &str) -> String {
    name.replace('\\', r"\\").replace('\n', r"\n").replace('\r', r"\r")
}

/// The name that [`escaped`] wrote so.
fn unescaped(text: &str) -> Option<String> {
    let mut name = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        name.push(match character {
            '\\' => match characters.next()? {
                '\\' => '\\',
                'n' => '\n',
                'r' => '\r',
                _ => return None,
            },
            other => other,
        });
    }
    Some(name)
}

/// Reads the lines up to the generator; returns the finished epochs, the seed and the generator.
fn read_head(lines: &mut Lines, program: &str, expected_widths: &str) -> Result<(u64, u64, Rng), Error> {
    let found = lines.next("program ")?;
    if found != program {
        return Err(lines.fault(format!("parameters of {}, expected those of {program}", shortened(found))));
    }
    let found = lines.next("layers ")?;
    if found != expected_widths {
        let found = shortened(found);
        return Err(
            lines.fault(format!("layers {found}, expected {expected_widths}: --hidden sets the width"))
        );
    }
    let few = |epochs: &u64| *epochs <= MOST_EPOCHS;
    let epochs = lines.value("epochs ", "a number of epochs", |text| text.parse().ok().filter(few))?;
    let seed = lines.value("seed ", "a seed", |text| text.parse().ok())?;
    lines.next("settings ")?;
    let state = |text: &str| NonZeroU64::new(u64::from_str_radix(text, 16).ok()?);
    let state = lines.value("generator ", "a generator's state", state)?;
    Ok((epochs, seed, Rng::from_state(state)))
}

/// Whether a file that begins so is one of saved parameters.
#[must_use]
pub fn is_saved(start: &[u8]) -> bool {
    start.split(|&byte| byte == b'\n').next().is_some_and(|first| first.trim_ascii_end() == FORMAT.as_bytes())
}

/// The fingerprint of lines, each with its line end.
fn seal<'a>(lines: impl Iterator<Item = &'a str>) -> Fingerprint {
    let mut fingerprint = Fingerprint::new();
    for line in lines {
        fingerprint.update(line.as_bytes());
        fingerprint.update(b"\n");
    }
    fingerprint
}

/// The lines of a file, without its seal.
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
        if lines.all.first() != Some(&FORMAT) {
            return Err(lines.fault("not saved parameters, expected a file written by --save"));
        }
        let last = lines.all.pop().unwrap_or_default();
        let expected = format!("seal {}", seal(lines.all.iter().copied()));
        if last != expected {
            lines.position = lines.all.len() + 1;
            let problem = "the file is not as it was saved: a line was changed or lost, expected a file written by \
                           --save and left unchanged";
            return Err(lines.fault(problem));
        }
        Ok(lines)
    }

    /// A fault of the line that was read last.
    fn fault(&self, problem: impl Into<String>) -> Error {
        Error::Data { file: self.file.to_owned(), line: self.position, column: 1, problem: problem.into() }
    }

    /// The rest of the next line, which must begin with `start`.
    fn next(&mut self, start: &str) -> Result<&'a str, Error> {
        let line = self.all.get(self.position).copied().unwrap_or_default();
        self.position += 1;
        line.strip_prefix(start).ok_or_else(|| self.fault(format!("expected '{}'", start.trim_end())))
    }

    /// Whether the next line begins with `start`.
    fn has(&self, start: &str) -> bool {
        self.all.get(self.position).is_some_and(|line| line.starts_with(start))
    }

    /// The rest of the next line as `understand` reads it; `expected` says what that is.
    fn value<T>(
        &mut self,
        start: &str,
        expected: &str,
        understand: impl Fn(&str) -> Option<T>,
    ) -> Result<T, Error> {
        let text = self.next(start)?;
        understand(text).ok_or_else(|| self.fault(format!("expected {expected}")))
    }

    /// Reads the numbers of the next line into a row.
    fn numbers(&mut self, start: &str, row: &mut [f64]) -> Result<(), Error> {
        let expected = format!("{} finite numbers", row.len());
        let all = |text: &str| text.split(' ').map(finite).collect::<Option<Vec<f64>>>();
        let numbers = self.value(start, &expected, |text| all(text).filter(|all| all.len() == row.len()))?;
        row.copy_from_slice(&numbers);
        Ok(())
    }
}
