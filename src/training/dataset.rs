//! Samples and their classes, read from `.dat` files: comma-separated rows without a header, D numbers and then
//! the class, an integer from 0.

use std::fs;
use std::path::Path;

use crate::math::order::larger;
use crate::training::error::{Error, shortened};
use crate::training::names::Names;

/// A data file that comes with the programs, inside them.
#[derive(Debug)]
pub struct Source {
    /// The file's name, in `data/` and in a folder given by `--data`.
    pub name: &'static str,
    contents: &'static [u8],
}

/// The XOR truth table: 4 samples of 2 inputs, 2 classes.
pub const XOR: Source = Source { name: "xor.dat", contents: include_bytes!("../../data/xor.dat") };

/// The three-arm spiral: 300 samples of 2 inputs, 3 classes.
pub const SPIRAL_TRAIN: Source =
    Source { name: "spiral_train.dat", contents: include_bytes!("../../data/spiral_train.dat") };

/// 110 of Fisher's iris flowers: 4 inputs, 3 classes.
pub const IRIS_TRAIN: Source =
    Source { name: "iris_train.dat", contents: include_bytes!("../../data/iris_train.dat") };

/// The other 40 flowers, for validation.
pub const IRIS_TEST: Source =
    Source { name: "iris_test.dat", contents: include_bytes!("../../data/iris_test.dat") };

impl Source {
    /// The samples inside the program, or those of the file of this name in `folder`.
    ///
    /// # Errors
    ///
    /// As [`Dataset::read`]; never for the samples inside the program.
    pub fn load<const D: usize, const K: usize>(
        &self,
        folder: Option<&Path>,
    ) -> Result<Dataset<D, K>, Error> {
        match folder {
            Some(folder) => Dataset::read(folder.join(self.name))
                .map_err(|error| error.advise("--data names the folder that holds it")),
            None => Dataset::parse(self.name, self.contents),
        }
    }
}

/// The largest input: squares of gradients, and of bounds on their errors, do not overflow.
const LARGEST: f64 = 1e30;

/// Any number of samples of D inputs, each with one of K classes. A dataset without inputs or classes does not compile:
///
/// ```compile_fail
/// backprop::training::dataset::Dataset::<2, 0>::parse("", b"");
/// ```
///
/// ```compile_fail
/// backprop::training::dataset::Dataset::<0, 2>::new(vec![[]], vec![0]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset<const D: usize, const K: usize> {
    samples: Vec<[f64; D]>,
    labels: Vec<usize>,
    names: Names,
    reading: Option<String>,
}

impl<const D: usize, const K: usize> Dataset<D, K> {
    /// Samples with a class each.
    ///
    /// # Panics
    ///
    /// If there are none, not as many of one as of the other, an input is not finite, or a class is not below K.
    #[must_use]
    pub fn new(samples: Vec<[f64; D]>, labels: Vec<usize>) -> Self {
        const { assert!(D > 0 && K > 0, "a sample has at least one input and one possible class") };
        assert!(!samples.is_empty(), "a dataset has at least one sample");
        assert_eq!(samples.len(), labels.len(), "as many classes as samples");
        assert!(samples.as_flattened().iter().all(|input| input.is_finite()), "inputs are finite");
        assert!(labels.iter().all(|&label| label < K), "classes are below {K}");
        Dataset { samples, labels, names: Names::neutral(D, K), reading: None }
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it cannot be read, [`Error::Data`] if it cannot be used: see [`parse`](Self::parse).
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = fs::read(path).map_err(|source| Error::file(path, "read", source))?;
        Dataset::parse(&path.display().to_string(), &bytes)
    }

    /// Reads the contents of a file called `file`.
    ///
    /// Accepted beside the plain form: a UTF-8 byte order mark, CRLF line ends, white space around fields,
    /// blank lines at the end, no line end at the end, any decimal notation (`+1.0`, `1e-3`), classes written
    /// `1.0`.
    ///
    /// # Errors
    ///
    /// [`Error::Data`], naming line and column, for a wrong number of columns, a field that is not a finite
    /// number, a class that is not an integer in 0 … K − 1, a blank line before a row, bytes that are not UTF-8,
    /// or no rows at all.
    ///
    /// ```
    /// use backprop::training::dataset::Dataset;
    ///
    /// let data = Dataset::<2, 2>::parse("xor.dat", b"0.0,0.0,0\n1.0,0.0,1\n")?;
    /// assert_eq!(data.samples(), [[0.0, 0.0], [1.0, 0.0]]);
    ///
    /// let error = Dataset::<2, 2>::parse("xor.dat", b"0.0,0.0,2\n").unwrap_err();
    /// assert_eq!(error.to_string(), "xor.dat:1:9: class 2, expected an integer from 0 to 1");
    /// # Ok::<(), backprop::training::error::Error>(())
    /// ```
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, Error> {
        const { assert!(D > 0 && K > 0, "a sample has at least one input and one possible class") };
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let (mut samples, mut labels) = (Vec::new(), Vec::new());
        let mut blank_line = None;
        for (line_index, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
            let at = |column: usize, problem: String| Error::Data {
                file: file.to_owned(),
                line: line_index + 1,
                column,
                problem,
            };
            let line = match std::str::from_utf8(line) {
                Ok(line) => line,
                Err(invalid) => {
                    let valid = String::from_utf8_lossy(&line[..invalid.valid_up_to()]);
                    let problem = format!(
                        "byte 0x{:02X} is not UTF-8, expected a text file",
                        line[invalid.valid_up_to()]
                    );
                    return Err(at(valid.chars().count() + 1, problem));
                }
            };
            if line.trim().is_empty() {
                blank_line.get_or_insert(line_index + 1);
                continue;
            }
            if let Some(blank) = blank_line {
                let problem = "blank line before a row, expected a row or the end of the file".to_owned();
                return Err(Error::Data { file: file.to_owned(), line: blank, column: 1, problem });
            }
            let (sample, label) = parse_row::<D, K>(line).map_err(|(column, problem)| at(column, problem))?;
            samples.push(sample);
            labels.push(label);
        }
        if samples.is_empty() {
            let problem = format!("no rows, expected at least one of {}", row_form::<D, K>());
            return Err(Error::Data { file: file.to_owned(), line: 1, column: 1, problem });
        }
        Ok(Dataset::new(samples, labels))
    }

    /// Reads a further file of the data that have these names: columns and classes mean what they do there.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read), and if a class is none of these.
    pub fn read_like(path: impl AsRef<Path>, names: &Names) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = fs::read(path).map_err(|source| Error::file(path, "read", source))?;
        Dataset::parse_like(&path.display().to_string(), &bytes, names)
    }

    /// Reads the contents of a further file called `file`, as [`read_like`](Self::read_like) does.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), and if a class is none of these.
    pub fn parse_like(file: &str, bytes: &[u8], names: &Names) -> Result<Self, Error> {
        Ok(Dataset::parse(file, bytes)?.named(names.clone()))
    }

    /// The same data with other names.
    ///
    /// # Panics
    ///
    /// If there are not D names of inputs and K of classes.
    #[must_use]
    pub fn named(self, names: Names) -> Self {
        assert_eq!([names.inputs.len(), names.classes.len()], [D, K], "a name for each input and class");
        Dataset { names, ..self }
    }

    /// The names of the inputs and the classes.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// What was inferred about the file, on one line; `None` if it is in the plain form.
    #[must_use]
    pub fn reading(&self) -> Option<&str> {
        self.reading.as_deref()
    }

    /// The samples at these positions, in this order.
    ///
    /// # Panics
    ///
    /// If there is no position, or one is not below `self.len()`.
    #[must_use]
    pub fn select(&self, positions: &[usize]) -> Self {
        let samples = positions.iter().map(|&position| self.samples[position]);
        let labels = positions.iter().map(|&position| self.labels[position]);
        Dataset::new(samples.collect(), labels.collect()).named(self.names.clone())
    }

    /// The samples of this dataset and then those of another.
    #[must_use]
    pub fn joined(&self, other: &Self) -> Self {
        Dataset {
            samples: [&self.samples[..], &other.samples].concat(),
            labels: [&self.labels[..], &other.labels].concat(),
            names: self.names.clone(),
            reading: None,
        }
    }

    /// The inputs, sample by sample: N×D.
    #[must_use]
    pub fn samples(&self) -> &[[f64; D]] {
        &self.samples
    }

    /// The largest absolute value of an input.
    #[must_use]
    pub fn largest_input(&self) -> f64 {
        self.samples.as_flattened().iter().fold(0.0, |largest, x| larger(largest, x.abs()))
    }

    /// The classes, sample by sample, each below K.
    #[must_use]
    pub fn labels(&self) -> &[usize] {
        &self.labels
    }

    /// The sample at a position and its class.
    ///
    /// # Panics
    ///
    /// If the position is not below `self.len()`.
    #[must_use]
    pub fn sample(&self, position: usize) -> (&[f64; D], usize) {
        (&self.samples[position], self.labels[position])
    }

    /// N, the number of samples; never zero.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a dataset without rows is refused when it is read")]
    pub fn len(&self) -> usize {
        self.samples.len()
    }
}

/// The form of a row, for messages.
fn row_form<const D: usize, const K: usize>() -> String {
    format!("{D} numbers and a class from 0 to {}, separated by commas", K - 1)
}

/// One row, or the column (from 1, in characters) of what is wrong with it and what that is.
fn parse_row<const D: usize, const K: usize>(line: &str) -> Result<([f64; D], usize), (usize, String)> {
    let found = line.split(',').count();
    if found != D + 1 {
        let other_separator = [(';', "semicolons"), ('\t', "tabs"), (' ', "spaces")]
            .into_iter()
            .find(|&(separator, _)| found == 1 && line.trim().contains(separator));
        let problem = match other_separator {
            Some((_, name)) => format!("the fields are separated by {name}, expected {}", row_form::<D, K>()),
            None => format!(
                "{found} column{}, expected {}: {}",
                if found == 1 { "" } else { "s" },
                D + 1,
                row_form::<D, K>()
            ),
        };
        return Err((1, problem));
    }
    let mut sample = [0.0; D];
    let mut label = 0;
    let mut column = 1;
    for (index, field) in line.split(',').enumerate() {
        let text = field.trim();
        let text_column = column + field.chars().take_while(|character| character.is_whitespace()).count();
        if index < D {
            sample[index] = parse_number(text).map_err(|problem| (text_column, problem))?;
        } else {
            label = parse_label::<K>(text).map_err(|problem| (text_column, problem))?;
        }
        column += field.chars().count() + 1;
    }
    Ok((sample, label))
}

fn parse_number(text: &str) -> Result<f64, String> {
    if text.is_empty() {
        return Err("empty field, expected a number".to_owned());
    }
    match text.parse::<f64>() {
        Ok(number) if number.abs() <= LARGEST => Ok(number),
        Ok(_) if text.contains(|character: char| character.is_ascii_digit()) => {
            Err(format!("{} is too large, expected numbers up to {LARGEST:e}", shortened(text)))
        }
        Ok(_) => Err(format!("{} is not a finite number", shortened(text))),
        Err(_) => Err(format!(
            "{} is not a number (a header line, if this is one, must be removed)",
            shortened(text)
        )),
    }
}

fn parse_label<const K: usize>(text: &str) -> Result<usize, String> {
    let number = parse_number(text)?;
    (0..K)
        .find(|&class| class as f64 == number)
        .ok_or_else(|| format!("class {}, expected an integer from 0 to {}", shortened(text), K - 1))
}
