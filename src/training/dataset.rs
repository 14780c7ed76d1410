//! Samples and their classes, those inside the programs and those of files.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::training::error::Error;
use crate::training::names::{FLOWERS, Names};
use crate::training::reader::{self, Contents};

/// A data file that comes with the programs, inside them.
#[derive(Debug, PartialEq)]
pub struct Source {
    /// The file's name in `data/`.
    pub name: &'static str,
    contents: &'static [u8],
    /// The names of inputs and classes, if they have any.
    names: Option<(&'static [&'static str], &'static [&'static str])>,
}

/// The XOR truth table: 4 samples of 2 inputs, 2 classes.
pub const XOR: Source =
    Source { name: "xor.dat", contents: include_bytes!("../../data/xor.dat"), names: None };

/// The three-arm spiral: 300 samples of 2 inputs, 3 classes.
pub const SPIRAL_TRAIN: Source =
    Source { name: "spiral_train.dat", contents: include_bytes!("../../data/spiral_train.dat"), names: None };

/// 110 of Fisher's iris flowers: 4 inputs, 3 classes.
pub const IRIS_TRAIN: Source = Source {
    name: "iris_train.dat",
    contents: include_bytes!("../../data/iris_train.dat"),
    names: Some(FLOWERS),
};

/// The other 40 flowers, for validation.
pub const IRIS_TEST: Source = Source {
    name: "iris_test.dat",
    contents: include_bytes!("../../data/iris_test.dat"),
    names: Some(FLOWERS),
};

impl Source {
    /// The samples inside the program; with the names of other data, they are further samples of these.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] if a class is none of those of the other data.
    pub fn load<const D: usize, const K: usize>(&self, like: Option<&Names>) -> Result<Dataset<D, K>, Error> {
        let data = Dataset { reading: None, ..Dataset::parse(self.name, self.contents, like)? };
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Ok(match self.names.filter(|_| like.is_none()) {
            Some((inputs, classes)) => data.named(Names { inputs: owned(inputs), classes: owned(classes) }),
            None => data,
        })
    }
}

/// Any number of samples of D inputs, each with one of K classes. A dataset without inputs or classes does not compile:
///
/// ```compile_fail
/// backprop::training::dataset::Dataset::<2, 0>::parse("", b"", None);
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

    /// Reads a file: [`read_like`](Self::read_like) without other data.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        Dataset::read_like(path.as_ref(), None)
    }

    /// Reads a file row by row. With the names of other data it is a further file of these.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it cannot be read, [`Error::Data`] as [`parse`](Self::parse).
    pub fn read_like(path: &Path, like: Option<&Names>) -> Result<Self, Error> {
        let file = File::open(path).map_err(|source| Error::file(path, "read", source))?;
        Dataset::of(&path.display().to_string(), file, like)
    }

    /// Reads the contents of a file called `file`. With the names of other data it is a further file of these: columns and
    /// classes mean what they do there.
    ///
    /// The plain form is rows of D numbers and then the class, an integer from 0 to K − 1, separated by commas. Accepted are
    /// also other separators, a header, comments, quoted fields, and any K distinct integers or names as classes:
    /// [`reading`](Self::reading) then says what was inferred.
    ///
    /// # Errors
    ///
    /// [`Error::Data`], naming line and column, for whatever is not in the [grammar](reader).
    ///
    /// ```
    /// use backprop::training::dataset::Dataset;
    ///
    /// let data = Dataset::<2, 2>::parse("xor.dat", b"0.0,0.0,0\n1.0,0.0,1\n", None)?;
    /// assert_eq!(data.samples(), [[0.0, 0.0], [1.0, 0.0]]);
    /// assert_eq!(data.reading(), None);
    ///
    /// let data = Dataset::<2, 2>::parse("a.csv", b"x y class\n0 1 right\n2 3 left\n", None)?;
    /// assert_eq!(data.labels(), [1, 0]);
    /// let reading = "a.csv: classes left, right are 0, 1; 2 inputs: x, y; class: class; separated by spaces; \
    ///                skipped: a header";
    /// assert_eq!(data.reading(), Some(reading));
    ///
    /// let error = Dataset::<2, 2>::parse("xor.dat", b"0.0,0.0,0\n1.0,one,1\n", None).unwrap_err();
    /// let message = "xor.dat:2:5: 'one' is not a number, expected 2 inputs and then the class";
    /// assert_eq!(error.to_string(), message);
    /// # Ok::<(), backprop::training::error::Error>(())
    /// ```
    pub fn parse(file: &str, bytes: &[u8], like: Option<&Names>) -> Result<Self, Error> {
        Dataset::of(file, bytes, like)
    }

    fn of(file: &str, source: impl Read, like: Option<&Names>) -> Result<Self, Error> {
        let Contents { samples, labels, names, reading } = reader::read(file, source, K, like)?;
        Ok(Dataset { reading, ..Dataset::new(samples, labels).named(names) })
    }

    /// These data with other names.
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

    /// The inferences about the file, on one line; `None` if it is in the plain form.
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

    /// Whether another dataset has the same samples of the same classes, whatever their names.
    #[must_use]
    pub fn has_rows_of(&self, other: &Self) -> bool {
        self.samples == other.samples && self.labels == other.labels
    }

    /// The samples of this dataset and then those of another.
    #[must_use]
    pub fn joined(&self, other: &Self) -> Self {
        let samples = [&self.samples[..], &other.samples].concat();
        Dataset::new(samples, [&self.labels[..], &other.labels].concat()).named(self.names.clone())
    }

    /// The inputs, sample by sample: N×D.
    #[must_use]
    pub fn samples(&self) -> &[[f64; D]] {
        &self.samples
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
