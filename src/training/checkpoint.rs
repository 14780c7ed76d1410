//! Saved parameters: a text file that reads back to the same bits, and from which training goes on as if it had never
//! stopped (which draws no normal numbers: the second of a pair is not saved).
//!
//! ```text
//! backprop parameters, format 2
//! program prob1c
//! layers 2 6 2
//! epochs 1000
//! seed 0
//! settings full batch, 1000 epochs, step size 0.5, …
//! generator 0f2e…
//! W1 1.2345678901234567e-1 … one line for each row of each parameter
//! seal fe48f46b972a1071
//! ```
//!
//! The seal is the [`Fingerprint`] of all lines above it. Numbers have as many digits as it takes to name their bits. Files
//! of format 1, which has a fingerprint at the start of every line and no line for the seed, are read too.

use std::fmt::Write as _;
use std::fs;
use std::num::NonZeroU64;
use std::path::Path;

use crate::math::model::{Model, Parameter, widths};
use crate::math::rng::Rng;
use crate::training::error::{Error, shortened};
use crate::training::fingerprint::Fingerprint;

/// An upper bound on epochs, so that sums of them do not overflow.
const MOST_EPOCHS: usize = usize::MAX / 2;

const FORMAT_1: &str = "backprop parameters, format 1";
const FORMAT: &str = "backprop parameters, format 2";

/// Where training stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint<M> {
    /// The network.
    pub model: M,
    /// The generator that the next epoch is shuffled with.
    pub rng: Rng,
    /// Finished epochs.
    pub epochs: usize,
    /// The seed of the run's start.
    pub seed: u64,
}

impl<M> Checkpoint<M> {
    /// The contents of the file. `program` is the name of the program that may load it; `settings` are for people.
    /// Parameters must be finite, or the file cannot be read again.
    #[must_use]
    pub fn to_text<const D: usize, const K: usize>(&self, program: &str, settings: &str) -> String
    where
        M: Model<D, K>,
    {
        let head = format!(
            "epochs {}\nseed {}\nsettings {settings}\ngenerator {:016x}",
            self.epochs,
            self.seed,
            self.rng.state()
        );
        sealed_text(program, &head, &self.model.parameters())
    }

    /// Reads a file that [`to_text`](Self::to_text) made for this program and this shape of network.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it cannot be read; [`Error::Data`], naming the line, if it is not such a file, is truncated, was
    /// changed, or is of another program or shape.
    pub fn read<const D: usize, const K: usize>(path: &Path, program: &str) -> Result<Self, Error>
    where
        M: Model<D, K>,
    {
        let bytes = fs::read(path).map_err(|source| Error::file(path, "read", source))?;
        Checkpoint::parse(&path.display().to_string(), &bytes, program)
    }

    /// The same of the contents of a file.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn parse<const D: usize, const K: usize>(
        file: &str,
        bytes: &[u8],
        program: &str,
    ) -> Result<Self, Error>
    where
        M: Model<D, K>,
    {
        let mut model = M::zeros();
        let widths = widths(&model.parameters(), " ");
        let lines = Lines::unsealed(file, bytes)?;
        let (epochs, seed, rng) = read_into(model.parameters_mut(), &widths, lines, program)?;
        Ok(Checkpoint { model, rng, epochs, seed })
    }
}

/// The text of a file, from its lines between the widths and the parameters.
fn sealed_text(program: &str, head: &str, parameters: &[Parameter<&[f64]>]) -> String {
    let mut text = format!("{FORMAT}\nprogram {program}\nlayers {}\n{head}\n", widths(parameters, " "));
    for parameter in parameters {
        for row in parameter.values.chunks_exact(parameter.columns) {
            text.push_str(parameter.name);
            for value in row {
                let _ = write!(text, " {value:e}");
            }
            text.push('\n');
        }
    }
    let seal = seal(text.lines());
    let _ = writeln!(text, "seal {seal}");
    text
}

/// Reads parameters of these widths; returns the finished epochs, the seed and the generator.
fn read_into(
    parameters: Vec<Parameter<&mut [f64]>>,
    expected_widths: &str,
    mut lines: Lines,
    program: &str,
) -> Result<(usize, u64, Rng), Error> {
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
    let epochs = lines.next("epochs ")?.parse().ok().filter(|&epochs: &usize| epochs <= MOST_EPOCHS);
    let epochs = epochs.ok_or_else(|| lines.fault("expected a number of epochs".to_owned()))?;
    // In format 1, the settings end with it.
    let seed = if lines.is_format_1 {
        lines.next("settings ")?.rsplit(' ').next().and_then(|seed| seed.parse().ok()).or(Some(0))
    } else {
        let seed = lines.next("seed ")?.parse().ok();
        lines.next("settings ")?;
        seed
    };
    let seed = seed.ok_or_else(|| lines.fault("expected a seed".to_owned()))?;
    let state = u64::from_str_radix(lines.next("generator ")?, 16).ok().and_then(NonZeroU64::new);
    let state = state.ok_or_else(|| lines.fault("expected a generator's state".to_owned()))?;
    for parameter in parameters {
        for row in parameter.values.chunks_exact_mut(parameter.columns) {
            let text = lines.next(&format!("{} ", parameter.name))?;
            let numbers: Option<Vec<f64>> =
                text.split(' ').map(|text| text.parse().ok().filter(|x: &f64| x.is_finite())).collect();
            match numbers {
                Some(numbers) if numbers.len() == row.len() => row.copy_from_slice(&numbers),
                _ => return Err(lines.fault(format!("expected {} finite numbers", row.len()))),
            }
        }
    }
    if lines.position != lines.all.len() {
        lines.position += 1;
        return Err(lines.fault("expected the end of the parameters".to_owned()));
    }
    Ok((epochs, seed, Rng::from_state(state)))
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
    is_format_1: bool,
    /// How many lines have been read.
    position: usize,
}

impl<'a> Lines<'a> {
    /// The lines between the first and the seal of a file that is as it was saved.
    fn unsealed(file: &'a str, bytes: &'a [u8]) -> Result<Self, Error> {
        let text = std::str::from_utf8(bytes).unwrap_or_default().trim_end();
        let lines: Vec<&str> = text.lines().collect();
        let mut found = Lines { file, all: lines, is_format_1: false, position: 1 };
        let first = *found.all.first().unwrap_or(&"");
        found.is_format_1 = first.split_once(' ').is_some_and(|(_, text)| text == FORMAT_1);
        if first != FORMAT && !found.is_format_1 {
            return Err(found.fault("not saved parameters, expected a file written by --save".to_owned()));
        }
        let last = found.all[found.all.len() - 1];
        let is_whole = if found.is_format_1 {
            for line in &mut found.all {
                *line = line.split_once(' ').unwrap_or_default().1;
            }
            let is_whole = last == format!("{} end", seal(found.all.iter().copied()));
            found.all.pop();
            is_whole
        } else {
            found.all.pop();
            last == format!("seal {}", seal(found.all.iter().copied()))
        };
        if !is_whole {
            found.position = found.all.len() + 1;
            let problem = "the file is not as it was saved: a line was changed or lost, expected a file written by \
                           --save and left unchanged";
            return Err(found.fault(problem.to_owned()));
        }
        Ok(found)
    }

    /// A fault of the line that was read last.
    fn fault(&self, problem: String) -> Error {
        Error::Data { file: self.file.to_owned(), line: self.position, column: 1, problem }
    }

    /// The rest of the next line, which must begin with `start`.
    fn next(&mut self, start: &str) -> Result<&'a str, Error> {
        let line = self.all.get(self.position).copied().unwrap_or_default();
        self.position += 1;
        line.strip_prefix(start).ok_or_else(|| self.fault(format!("expected '{}'", start.trim_end())))
    }
}
