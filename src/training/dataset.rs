//! Samples and their classes, those inside the programs and those of files.

use crate::training::error::Error;
use crate::training::names::Names;

/// A data file that comes with the programs, inside them.
#[derive(Debug, PartialEq)]
pub struct Source {
    /// The file's name in `data/`.
    pub name: &'static str,
    bytes: &'static [u8],
    /// The names of inputs and classes, if they have any.
    names: Option<[&'static [&'static str]; 2]>,
}

const FLOWERS: Option<[&[&str]; 2]> = Some([
    &["sepal length, cm", "sepal width, cm", "petal length, cm", "petal width, cm"],
    &["setosa", "versicolor", "virginica"],
]);

/// The XOR truth table: 4 samples of 2 inputs, 2 classes.
pub const XOR: Source = Source { name: "xor.dat", bytes: include_bytes!("../../data/xor.dat"), names: None };

/// The three-arm spiral: 300 samples of 2 inputs, 3 classes.
pub const SPIRAL_TRAIN: Source =
    Source { name: "spiral_train.dat", bytes: include_bytes!("../../data/spiral_train.dat"), names: None };

/// 110 of Fisher's iris flowers: 4 inputs, 3 classes.
pub const IRIS_TRAIN: Source =
    Source { name: "iris_train.dat", bytes: include_bytes!("../../data/iris_train.dat"), names: FLOWERS };

/// The other 40 flowers, for validation.
pub const IRIS_TEST: Source =
    Source { name: "iris_test.dat", bytes: include_bytes!("../../data/iris_test.dat"), names: FLOWERS };

impl Source {
    /// The samples inside the program; with the names of other data, they are further samples of these.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] if the classes are others than those of the other data.
    pub fn load<const D: usize, const K: usize>(&self, like: Option<&Names>) -> Result<Dataset<D, K>, Error> {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let own = self.names.map(|names| names.map(owned)).map(|[inputs, classes]| Names { inputs, classes });
        let is_own = |like: &Names| own.as_ref().is_some_and(|own| own.classes == like.classes);
        let data = Dataset::parse(self.name, self.bytes, like.filter(|like| !is_own(like)))?;
        Ok(if let Some(names) = like.cloned().or(own) { data.named(names) } else { data })
    }
}

/// Any number of samples of D inputs, each with one of K classes. Neither D nor K can be 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset<const D: usize, const K: usize> {
    samples: Vec<[f64; D]>,
    labels: Vec<usize>,
    names: Names,
    pub(super) reading: Option<String>,
}

impl<const D: usize, const K: usize> Dataset<D, K> {
    /// Samples with a class each.
    ///
    /// # Panics
    ///
    /// If there are none, not as many of one as of the other, an input is not finite, or a class is not below K.
    pub fn new(samples: Vec<[f64; D]>, labels: Vec<usize>) -> Self {
        const { assert!(D > 0 && K > 0, "a sample has at least one input and one possible class") };
        assert!(!samples.is_empty(), "a dataset has at least one sample");
        assert_eq!(samples.len(), labels.len(), "as many classes as samples");
        assert!(samples.as_flattened().iter().all(|input| input.is_finite()), "inputs are finite");
        assert!(labels.iter().all(|&label| label < K), "classes are below {K}");
        Dataset { samples, labels, names: Names::neutral(D, K), reading: None }
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
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The inferences about the file, on one line; `None` if it is in the plain form: rows of D numbers and then the class, an
    /// integer from 0 to K − 1, separated by commas.
    pub fn reading(&self) -> Option<&str> {
        self.reading.as_deref()
    }

    /// The samples at these positions, at least one and all below `self.len()`, in this order.
    #[must_use]
    pub fn select(&self, positions: &[usize]) -> Self {
        let samples = positions.iter().map(|&position| self.samples[position]);
        let labels = positions.iter().map(|&position| self.labels[position]);
        Dataset::new(samples.collect(), labels.collect()).named(self.names.clone())
    }

    /// Whether another dataset has the same samples of the same classes, whatever their names.
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
    pub fn samples(&self) -> &[[f64; D]] {
        &self.samples
    }

    /// The classes, sample by sample, each below K.
    pub fn labels(&self) -> &[usize] {
        &self.labels
    }

    /// The sample at a position below `self.len()`, and its class.
    pub fn sample(&self, position: usize) -> (&[f64; D], usize) {
        (&self.samples[position], self.labels[position])
    }

    /// N, the number of samples; never zero.
    #[expect(clippy::len_without_is_empty, reason = "a dataset without rows is refused when it is read")]
    pub fn len(&self) -> usize {
        self.samples.len()
    }
}
