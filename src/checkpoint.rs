//! Saved parameters: a text file that reads back to the same bits, and from which training goes on as if it had never
//! stopped (which draws no normal numbers: the second of a pair is not saved).
//!
//! ```text
//! fe48f46b972a1071 backprop parameters, format 1
//! 386bfa89f29eb9f0 program prob1c
//! 211820932e4a07ae layers 2 6 2
//! …                epochs 1000
//! …                settings full batch, 1000 epochs, step size 0.5, …
//! …                generator 0f2e…
//! …                W1 1.2345678901234567e-1 … one line for each row of each parameter
//! …                end
//! ```
//!
//! Each line begins with the [`Fingerprint`] of all lines up to itself, without their fingerprints: so the first line
//! that was changed, moved, lost or added is the first whose fingerprint is not right. Numbers have as many digits as it
//! takes to name their bits.

use std::fmt::Write as _;
use std::fs;
use std::num::NonZeroU64;
use std::path::Path;

use crate::error::{Error, shortened};
use crate::fingerprint::Fingerprint;
use crate::model::{Model, widths};
use crate::rng::Rng;

/// More than anybody trains, and few enough that epochs can be added.
const MOST_EPOCHS: usize = usize::MAX / 2;

const FORMAT: &str = "backprop parameters, format 1";

/// Where training stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint<M> {
    /// The network.
    pub model: M,
    /// The generator that the next epoch is shuffled with.
    pub rng: Rng,
    /// Finished epochs.
    pub epochs: usize,
}

impl<M> Checkpoint<M> {
    /// The contents of the file. `program` is the name of the program that may load it; `settings` are for people.
    /// Parameters must be finite, or the file cannot be read again.
    #[must_use]
    pub fn to_text<const D: usize, const K: usize>(&self, program: &str, settings: &str) -> String
    where
        M: Model<D, K>,
    {
        let parameters = self.model.parameters();
        let mut lines = vec![
            FORMAT.to_owned(),
            format!("program {program}"),
            format!("layers {}", widths(&parameters, " ")),
            format!("epochs {}", self.epochs),
            format!("settings {settings}"),
            format!("generator {:016x}", self.rng.state()),
        ];
        for parameter in &parameters {
            for row in parameter.values.chunks_exact(parameter.columns) {
                let mut line = parameter.name.to_owned();
                for value in row {
                    let _ = write!(line, " {value:e}");
                }
                lines.push(line);
            }
        }
        lines.push("end".to_owned());

        let mut text = String::new();
        let mut fingerprint = Fingerprint::new();
        for line in lines {
            fingerprint.update(line.as_bytes());
            fingerprint.update(b"\n");
            let _ = writeln!(text, "{fingerprint} {line}");
        }
        text
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
        let mut lines = Lines { file, rest: bytes, line: 0, fingerprint: Fingerprint::new() };
        let mut model = M::zeros();

        lines.next("")?;
        let found = lines.next("program ")?;
        if found != program {
            return Err(
                lines.fault(format!("parameters of {}, expected those of {program}", shortened(found)))
            );
        }
        let expected = widths(&model.parameters(), " ");
        let found = lines.next("layers ")?;
        if found != expected {
            let found = shortened(found);
            return Err(lines.fault(format!("layers {found}, expected {expected}: --hidden sets the width")));
        }
        let epochs = lines.next("epochs ")?.parse().ok().filter(|&epochs: &usize| epochs <= MOST_EPOCHS);
        let epochs = epochs.ok_or_else(|| lines.fault("expected a number of epochs".to_owned()))?;
        lines.next("settings ")?;
        let state = u64::from_str_radix(lines.next("generator ")?, 16).ok().and_then(NonZeroU64::new);
        let state = state.ok_or_else(|| lines.fault("expected a generator's state".to_owned()))?;
        for parameter in model.parameters_mut() {
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
        if !lines.next("end")?.is_empty() {
            return Err(lines.fault("expected 'end'".to_owned()));
        }
        if !lines.rest.trim_ascii().is_empty() {
            lines.line += 1;
            return Err(lines.fault("expected the end of the file".to_owned()));
        }
        Ok(Checkpoint { model, rng: Rng::from_state(state), epochs })
    }
}

/// The lines of a file that have not been read yet.
struct Lines<'a> {
    file: &'a str,
    rest: &'a [u8],
    /// The number of the line that was read last, from 1.
    line: usize,
    fingerprint: Fingerprint,
}

impl<'a> Lines<'a> {
    /// What is wrong with the line that was read last.
    fn fault(&self, problem: String) -> Error {
        Error::Data { file: self.file.to_owned(), line: self.line, column: 1, problem }
    }

    /// What follows `start` in the next line, which must begin with it.
    fn next(&mut self, start: &str) -> Result<&'a str, Error> {
        self.line += 1;
        if self.rest.is_empty() {
            let expected = if start.is_empty() { FORMAT } else { start.trim_end() };
            return Err(self.fault(format!("the file ends here, expected '{expected}': it is not whole")));
        }
        let Some(end) = self.rest.iter().position(|&byte| byte == b'\n') else {
            return Err(self.fault("the file ends within this line: it is not whole".to_owned()));
        };
        let line = &self.rest[..end];
        self.rest = &self.rest[end + 1..];
        let line = std::str::from_utf8(line).unwrap_or_default().trim_end_matches('\r');
        let (found, text) = line.split_once(' ').unwrap_or_default();
        if self.line == 1 && text != FORMAT {
            return Err(self.fault("not saved parameters, expected a file written by --save".to_owned()));
        }
        self.fingerprint.update(text.as_bytes());
        self.fingerprint.update(b"\n");
        if found != self.fingerprint.to_string() {
            let problem = "this line is not as it was saved (or one before it is lost), expected a file \
                           written by --save and left unchanged";
            return Err(self.fault(problem.to_owned()));
        }
        let problem = || format!("expected '{}'", start.trim_end());
        text.strip_prefix(start).ok_or_else(|| self.fault(problem()))
    }
}
