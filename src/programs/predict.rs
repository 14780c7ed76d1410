//! Prediction: the class and the probabilities of each row of a file, by saved parameters.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use crate::math::matrix::Matrix;
use crate::math::model::Model;
use crate::math::softmax::{arg_max, softmax};
use crate::programs::options::Options;
use crate::programs::run::saved;
use crate::programs::terminal::tell;
use crate::training::checkpoint::Checkpoint;
use crate::training::error::Error;
use crate::training::names::Names;
use crate::training::numbers::readable;
use crate::training::reader::Rows;

/// Writes a row of CSV to `out` for each row of the file at `path`, or of standard input for `-`, as it is read:
/// its class as a data file has it, and the probability of each class, to all digits. Says on standard error, at the end,
/// how many rows have a class and how many of these are right. A row without a class, because its scores overflow, is an error.
pub fn predict<M: Model<D, K>, const D: usize, const K: usize>(
    options: &Options,
    path: &Path,
    out: &mut dyn Write,
) -> Result<(), Error> {
    // In place of a closed one Rust opens the null device, for reading too, where a shell's is for writing alone.
    let is_null = fs::read_link("/proc/self/fd/1").is_ok_and(|file| file == Path::new("/dev/null"));
    let info = fs::read_to_string("/proc/self/fdinfo/1").unwrap_or_default();
    if is_null && info.lines().any(|line| line.starts_with("flags:") && line.ends_with('2')) {
        return Err(Error::Output(io::Error::other("it is closed, or a null device to read from")));
    }
    let Checkpoint { model, names, scaling, .. } = saved::<M, D, K>(options)?.swap_remove(0);
    let advised = |error: Error| error.advise("--predict names the file itself, or - for standard input");
    let unreadable = |source| Error::file(path, "read", source);
    let (file, source): (_, Box<dyn Read>) = match path.to_str() {
        Some("-") => ("standard input".to_owned(), Box::new(io::stdin())),
        _ => (path.display().to_string(), Box::new(File::open(path).map_err(unreadable).map_err(advised)?)),
    };
    let mut rows = Rows::<_, D>::to_predict(&file, source, &names).map_err(advised)?;
    // Dropped, it writes the rows before one that cannot be read.
    let mut out = BufWriter::new(out);
    let written: Vec<String> = names.in_files().map(field).collect();
    let (mut pass, mut inputs, mut p) = (M::Pass::<1>::default(), [0.0; D], Matrix::zeros());
    let [mut count, mut known, mut correct] = [0; 3];
    while let Some((line, class)) = rows.next(&mut inputs)? {
        let inputs = scaling.as_ref().map_or(inputs, |scaling| scaling.row(&inputs));
        model.forward(&Matrix::from_rows([inputs]), &mut pass);
        let f = M::scores(&pass);
        softmax(f, &mut p);
        if p[0].iter().any(|p| p.is_nan()) {
            let problem = "the scores of this row overflow, so that it has no class".to_owned();
            return Err(Error::Data { file, line, column: 1, problem });
        }
        if count == 0 {
            writeln!(out, "class,{}", columns(&names).join(",")).map_err(Error::Output)?;
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
    out.flush().map_err(Error::Output)?;
    let result = format!("{count} rows, {known} with a class, {correct} of these right");
    let said: Vec<String> = [result].into_iter().chain(rows.form()).collect();
    tell(&format!("{file}: {}", said.join("; ")));
    Ok(())
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

/// A field of CSV: in quotes if a reader might divide it, trim it or take it for a comment.
fn field(text: &str) -> String {
    let is_plain = text.trim() == text && !text.contains([',', ';', '"', '#', '%', '\n', '\r', '\t']);
    if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}
