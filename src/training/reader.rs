//! Data files: what is read, what is inferred and said, and what is refused.

use std::fs;
use std::path::Path;

use crate::training::dataset::Dataset;
use crate::training::error::Error;
use crate::training::names::Names;

/// The inputs of a file, row by row, and their classes if it has a column of classes.
pub type Rows<const D: usize> = (Vec<[f64; D]>, Option<Vec<usize>>);

/// Reads a file with or without a column of classes, for prediction: columns and classes mean what `names` say.
///
/// # Errors
///
/// [`Error::File`] if it cannot be read, [`Error::Data`] if it cannot be used.
pub fn read_unlabelled<const D: usize>(path: impl AsRef<Path>, names: &Names) -> Result<Rows<D>, Error> {
    let path = path.as_ref();
    let bytes = fs::read(path).map_err(|source| Error::file(path, "read", source))?;
    parse_unlabelled(&path.display().to_string(), &bytes, names)
}

/// Reads the contents of a file called `file` as [`read_unlabelled`] does.
///
/// # Errors
///
/// [`Error::Data`] if it cannot be used.
pub fn parse_unlabelled<const D: usize>(file: &str, bytes: &[u8], names: &Names) -> Result<Rows<D>, Error> {
    // The grammar comes here; until then, only files with classes 0, 1, 2.
    let _ = names;
    let data = Dataset::<D, 3>::parse(file, bytes)?;
    Ok((data.samples().to_vec(), Some(data.labels().to_vec())))
}
