//! Prediction: the class and the probabilities of each row of a file, by saved parameters.

use std::io::{self, BufWriter, Write};

use crate::math::matrix::Matrix;
use crate::math::model::Model;
use crate::math::softmax::{arg_max, softmax};
use crate::programs::options::Options;
use crate::programs::run::saved;
use crate::training::checkpoint::Checkpoint;
use crate::training::error::Error;
use crate::training::names::Names;
use crate::training::numbers::{counted, percent, readable};
use crate::training::reader::{bytes_of, parse_unlabelled};

/// Writes a row of CSV to `out` for each row of the file that `--predict` names: its class as a data file has it, and the
/// probability of each class, to all digits. Says on standard error whether the file has a column of classes, and how many
/// of those are predicted. A row whose scores overflow has no class.
///
/// # Panics
///
/// Without `--predict` and `--load`.
pub fn predict<M: Model<D, K>, const D: usize, const K: usize>(
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let Checkpoint { model, names, scaling, .. } = saved::<M, D, K>(options)?.expect("--load is given");
    let mut pass = M::Pass::<1>::default();
    write_predictions(options, out, &names, &mut |row: &[f64; D]| {
        let inputs = scaling.as_ref().map_or(*row, |scaling| scaling.row(row));
        model.forward(&Matrix::from_rows([inputs]), &mut pass);
        M::scores(&pass).clone()
    })
}

/// Writes the predictions of a network whose scores of a row `scores` computes.
fn write_predictions<const D: usize, const K: usize>(
    options: &Options,
    out: &mut dyn Write,
    names: &Names,
    scores: &mut dyn FnMut(&[f64; D]) -> Matrix<1, K>,
) -> Result<(), Error> {
    let file = options.predict.as_ref().expect("--predict is given");
    let bytes = bytes_of(file).map_err(|error| error.advise("--predict names the file itself"))?;
    let (rows, classes, reading) = parse_unlabelled::<D>(&file.display().to_string(), &bytes, names)?;
    // If standard error is gone, the predictions stand all the same.
    if let Some(reading) = reading {
        let _ = writeln!(io::stderr(), "{reading}");
    }
    let mut out = BufWriter::new(out);
    let written: Vec<&str> = names.in_files().collect();
    let probabilities = written.iter().map(|name| field(&format!("p({name})")));
    let header: Vec<String> = probabilities.collect();
    writeln!(out, "class,{}", header.join(",")).map_err(Error::Output)?;
    let (mut p, mut correct) = (Matrix::zeros(), 0);
    for (n, row) in rows.iter().enumerate() {
        let f = scores(row);
        softmax(&f, &mut p);
        let class = arg_max(&f[0]);
        // Huge inputs may overflow: then there is no class.
        let is_known = p[0].iter().all(|p| p.is_finite());
        let name = if is_known { field(written[class]) } else { String::new() };
        correct += usize::from(is_known && classes.as_ref().is_some_and(|classes| classes[n] == class));
        writeln!(out, "{name},{}", p[0].map(readable).join(",")).map_err(Error::Output)?;
    }
    out.flush().map_err(Error::Output)?;
    let result = match &classes {
        Some(_) => {
            let share = percent(correct as f64 / rows.len() as f64);
            format!("with a column of classes; accuracy: {share} ({correct} of {})", rows.len())
        }
        None => "without a column of classes".to_owned(),
    };
    let _ = writeln!(io::stderr(), "{}: {} {result}", file.display(), counted(rows.len(), "row"));
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
