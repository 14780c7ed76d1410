//! Prediction: the class and the probabilities of each row of a file, by saved parameters.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use crate::math::matrix::Matrix;
use crate::math::model::Model;
use crate::math::softmax::{arg_max, softmax};
use crate::programs::options::Options;
use crate::programs::run::saved;
use crate::training::checkpoint::Checkpoint;
use crate::training::error::{Error, escaped};
use crate::training::names::Names;
use crate::training::numbers::{counted, percent, readable};
use crate::training::reader::{Row, Rows};

/// Writes a row of CSV to `out` for each row of the file that `--predict` names, or of standard input for `-`, as it is read:
/// its class as a data file has it, and the probability of each class, to all digits. Says on standard error, at the end,
/// how many of those with a class are predicted. A row without a class, because its scores overflow, is an error.
///
/// # Panics
///
/// Without `--predict` and `--load`.
pub fn predict<M: Model<D, K>, const D: usize, const K: usize>(
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), Error> {
    check_stdout()?;
    let Checkpoint { model, names, scaling, .. } = saved::<M, D, K>(options)?.expect("--load is given");
    let path = options.predict.as_deref().expect("--predict is given");
    let advised = |error: Error| error.advise("--predict names the file itself, or - for standard input");
    let (file, source): (String, Box<dyn Read>) = if path == Path::new("-") {
        ("standard input".to_owned(), Box::new(io::stdin()))
    } else {
        let source = File::open(path).map_err(|source| advised(Error::file(path, "read", source)))?;
        (path.display().to_string(), Box::new(source))
    };
    let mut rows = Rows::to_predict(&file, source, &names).map_err(advised)?;
    let mut pass = M::Pass::<1>::default();
    let mut out = BufWriter::new(out);
    let counts = write_predictions(&mut rows, &file, &mut out, &names, &mut |row: &[f64; D]| {
        let inputs = scaling.as_ref().map_or(*row, |scaling| scaling.row(row));
        model.forward(&Matrix::from_rows([inputs]), &mut pass);
        M::scores(&pass).clone()
    });
    // The rows before one that cannot be read stand.
    out.flush().map_err(Error::Output)?;
    let [count, known, correct] = counts?;
    let mut result = match known {
        0 => "without a class".to_owned(),
        _ => format!(
            "{known} with a class; accuracy: {} ({correct} of {known})",
            percent(correct as f64 / known as f64)
        ),
    };
    if let Some(form) = rows.form() {
        result = format!("{result}; {form}");
    }
    // If standard error is gone, the predictions stand all the same.
    let _ = writeln!(io::stderr(), "{}: {}, {result}", escaped(&file), counted(count, "row"));
    Ok(())
}
/// Writes the predictions of a network whose scores of a row `scores` computes. Returns how many rows there are, how many of
/// them have a class, and how many of these are right.
fn write_predictions<const D: usize, const K: usize>(
    rows: &mut Rows<Box<dyn Read>, D>,
    file: &str,
    out: &mut dyn Write,
    names: &Names,
    scores: &mut dyn FnMut(&[f64; D]) -> Matrix<1, K>,
) -> Result<[usize; 3], Error> {
    let written: Vec<String> = names.in_files().map(field).collect();
    let (mut p, [mut count, mut known, mut correct]) = (Matrix::zeros(), [0; 3]);
    let mut inputs = [0.0; D];
    while let Some(Row { line, class }) = rows.next(&mut inputs)? {
        let f = scores(&inputs);
        softmax(&f, &mut p);
        if p[0].iter().any(|p| p.is_nan()) {
            let problem = "the scores of this row overflow, so that it has no class".to_owned();
            return Err(Error::Data { file: file.to_owned(), line, column: 1, problem });
        }
        if count == 0 {
            writeln!(out, "class,{}", columns(names).join(",")).map_err(Error::Output)?;
        }
        let predicted = arg_max(&f[0]);
        count += 1;
        known += usize::from(class.is_some());
        correct += usize::from(class == Some(predicted));
        writeln!(out, "{},{}", written[predicted], p[0].map(readable).join(",")).map_err(Error::Output)?;
        if !rows.is_at_hand() {
            out.flush().map_err(Error::Output)?;
        }
    }
    Ok([count, known, correct])
}

/// The names of the columns of probabilities: `p_` and the class, with `_` for what is neither an ASCII letter nor a digit,
/// which R and numpy would change; p_0, p_1, … if two classes would have the same.
fn columns(names: &Names) -> Vec<String> {
    let kept = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let mut columns: Vec<String> =
        names.in_files().map(|name| format!("p_{}", name.chars().map(kept).collect::<String>())).collect();
    if columns.iter().enumerate().any(|(n, column)| columns[..n].contains(column)) {
        columns = (0..columns.len()).map(|n| format!("p_{n}")).collect();
    }
    columns
}

/// Refuses a standard output that is closed. Rust opens the null device in its place, for reading and writing, where a shell
/// opens it for writing alone.
fn check_stdout() -> Result<(), Error> {
    let is_null = fs::read_link("/proc/self/fd/1").is_ok_and(|file| file == Path::new("/dev/null"));
    let info = fs::read_to_string("/proc/self/fdinfo/1").unwrap_or_default();
    let mode = info.lines().find_map(|line| line.strip_prefix("flags:")?.trim().chars().last());
    if is_null && mode == Some('2') {
        return Err(Error::Output(io::Error::other(
            "it is closed, or the null device opened for reading too",
        )));
    }
    Ok(())
}

/// A field of CSV: in quotes if it holds a comma, a quote or a line end, or if a reader might trim it or take it for a
/// comment.
fn field(text: &str) -> String {
    let is_plain = !text.contains([',', '"', '\n', '\r', ';', '\t'])
        && text.trim() == text
        && !text.starts_with(['#', '%']);
    if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn a_name_is_quoted_only_where_it_would_not_be_one_field() {
        for (name, quoted) in [
            ("setosa", "setosa"),
            ("Ölfrucht x₁", "Ölfrucht x₁"),
            ("a,b", "\"a,b\""),
            ("5\" pot", "\"5\"\" pot\""),
            (" a", "\" a\""),
            ("#1", "\"#1\""),
            ("a\nb", "\"a\nb\""),
            ("", ""),
        ] {
            assert_eq!(field(name), quoted);
        }
    }
}
