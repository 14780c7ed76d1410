//! Reading data: what is read of each kind of file in `reader.txt`, and what is said. And what holds of all data, however made.

use std::fmt::{Debug, Write as _};
use std::io::Read as _;
use std::path::Path;

use crate::common::settle;
use backprop::math::rng::Rng;
use backprop::math::tile::Tile;
use backprop::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN};
use backprop::training::error::Error;
use backprop::training::names::Names;
use backprop::training::reader::Rows;

type Data = Dataset<2, 3>;

const KINDS: &str = include_str!("reader.txt");

fn accepted(contents: &[u8]) -> Data {
    Data::parse("a", contents, None).unwrap_or_else(|error| panic!("{:?}: {error}", contents.escape_ascii()))
}

/// The message, of an error that every program ends with status 1.
fn refused(contents: &[u8]) -> String {
    let error = Data::parse("a", contents, None).expect_err("must be refused");
    assert!(matches!(error, Error::Data { .. }));
    assert_eq!(error.exit_status(), 1);
    error.to_string()
}

/// The bytes of a text with Rust's escapes.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'\\' => match rest.next().expect("a letter") {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'x' => {
                    let digits = [(); 2].map(|()| char::from(rest.next().expect("two digits")));
                    u8::from_str_radix(&digits.iter().collect::<String>(), 16).expect("two digits")
                }
                other => other,
            },
            byte => byte,
        });
    }
    bytes
}

/// The file of a line of the table.
fn file(line: &str) -> Option<Vec<u8>> {
    let text = line.strip_prefix('<')?;
    Some(unescaped(text.strip_prefix(' ').unwrap_or(text)))
}

/// Every file in the table.
pub(crate) fn kinds() -> Vec<Vec<u8>> {
    KINDS.lines().filter_map(file).collect()
}

/// Rows and their classes, names that are not the neutral ones, and what was inferred.
fn described<L: Debug>(rows: &[[f64; 2]], labels: &[L], names: &Names, reading: Option<&str>) -> String {
    let rows: Vec<String> =
        rows.iter().zip(labels).map(|(row, label)| format!("{row:?} {label:?}")).collect();
    let named = |names: &[String]| names.join(" · ");
    let names = if *names == Names::neutral(2, 3) {
        String::new()
    } else {
        format!("; {}; {}", named(&names.inputs), named(&names.classes))
    };
    format!(
        "{}{names}{}",
        rows.join(", "),
        reading.map_or(String::new(), |reading| format!("; said: {reading}"))
    )
}

/// Rows to predict, up to the first that is none, and what is said at the end.
type Predicted<const D: usize> = (Vec<([f64; D], (usize, Option<usize>))>, Result<String, Error>);

pub(crate) fn predicted<const D: usize>(contents: &[u8], names: &Names) -> Predicted<D> {
    let (mut found, mut inputs) = (Vec::new(), [0.0; D]);
    let mut read = || {
        let mut rows = Rows::<_, D>::to_predict("a", contents, names)?;
        while let Some(row) = rows.next(&mut inputs)? {
            found.push((inputs, row));
        }
        Ok(rows.form().join("; "))
    };
    let end = read();
    (found, end)
}

/// The answer to a file, as training data or after some.
fn answer(contents: &[u8], after: Option<&Names>, to_predict: bool) -> String {
    if to_predict {
        let names = after.expect("prediction is of a network");
        let (rows, end) = predicted::<2>(contents, names);
        let rows: Vec<String> = rows
            .iter()
            .map(|(inputs, (line, class))| {
                let class = class.map_or(String::new(), |class| format!(" {class}"));
                format!("{line}: {inputs:?}{class}")
            })
            .collect();
        let said = match end {
            Ok(form) if form.is_empty() => form,
            Ok(form) => format!("; said: {form}"),
            Err(error) => format!("; {error}"),
        };
        return rows.join(", ") + &said;
    }
    Data::parse("a", contents, after).map_or_else(
        |error| error.to_string(),
        |data| described(data.samples(), data.labels(), data.names(), data.reading()),
    )
}

#[test]
fn every_kind_of_file_is_read_or_refused_as_the_table_says() {
    let (mut table, mut after, mut to_predict) = (String::new(), None, false);
    for line in KINDS.lines().filter(|line| !line.starts_with("> ")) {
        let _ = writeln!(table, "{line}");
        let training = line.strip_prefix("to predict ").unwrap_or(line).strip_prefix("after ");
        if line.starts_with("== ") {
            (after, to_predict) = (None, false);
        } else if let Some(training) = training {
            after = Some(accepted(&unescaped(training)).names().clone());
            to_predict = line.starts_with("to predict ");
        } else if let Some(file) = file(line) {
            let _ = writeln!(table, "> {}", answer(&file, after.as_ref(), to_predict));
        }
    }
    settle(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/laws/reader.txt")), table.as_bytes());
}

/// A file that says 2 might mean another order of the classes.
#[test]
fn classes_that_have_names_are_read_by_their_names_alone() {
    let flowers: Dataset<4, 3> = IRIS_TRAIN.load(None).unwrap();
    let like = |contents: &str| Dataset::<4, 3>::parse("f", contents.as_bytes(), Some(flowers.names()));
    assert_eq!(like("1,2,3,4,virginica\n1,2,3,4,setosa\n").unwrap().labels(), [2, 0]);
    like("1,2,3,4,2\n").unwrap_err();
    // The flowers inside the program are integers to data that have these, as in the course's files.
    let mut names = Names::neutral(4, 3);
    assert_eq!(IRIS_TEST.load::<4, 3>(Some(&names)).unwrap().names(), &names);
    names.classes[0] = "setosa".to_owned();
    let error = IRIS_TEST.load::<4, 3>(Some(&names)).unwrap_err().to_string();
    assert!(error.starts_with("iris_test.dat:1:17: '0' is no class of the training data"), "{error}");
}

#[test]
fn a_line_of_a_megabyte_is_refused_in_a_short_message_or_read_and_a_longer_one_refused() {
    const LENGTH: usize = 1_000_000;
    let of = |text: &str| text.repeat(LENGTH / text.len());
    let refusal = format!("a:1:1: '{}…' is not a number", "é".repeat(40));
    assert!(refused(format!("{},2,0", of("é")).as_bytes()).starts_with(&refusal));
    assert!(refused(of("1,").as_bytes()).contains("…' is 500001 columns separated by ',', "));
    assert_eq!(accepted(format!("0.{},2,0", of("1")).as_bytes()).samples(), [[1.0 / 9.0, 2.0]]);
    let refusal = "a:1:1: a line of more than 1048576 bytes, which is no row";
    assert_eq!(refused(of(" ").repeat(2).as_bytes()), refusal);
}

/// Of a file without an end, the first block or the first line that is none tells.
#[test]
fn what_is_no_text_is_refused_by_its_first_block() {
    let refused = |bytes: &[u8]| {
        // An endless source: a test that read on would not end.
        let names = Names::neutral(2, 3);
        let endless = bytes.chain(std::io::repeat(bytes[bytes.len() - 1]));
        Rows::<_, 2>::to_predict("a", endless, &names).map(drop).unwrap_err().to_string()
    };
    for bytes in [&b"\0"[..], b"1,2\n\x9F\x10\0", b"\xFF\xFE1"] {
        assert_eq!(refused(bytes), "a:1:1: the file is UTF-16 or no text: save it as CSV in UTF-8");
    }
    assert_eq!(refused(b"\x9F"), "a:1:1: a line of more than 1048576 bytes, which is no row");
}

#[test]
fn a_number_is_the_one_nearest_to_what_is_written() {
    let mut rng = Rng::new(2);
    for _ in 0..3000 {
        let digits = rng.below(1_000_000_000 * 1_000_000_000) >> rng.below(60);
        let mut number = digits.to_string();
        number.insert(usize::try_from(rng.below(number.len() as u64 + 1)).unwrap(), '.');
        let number = format!("{}{number}{}", ["", "-"][number.len() % 2], ["", "e-7"][number.len() / 2 % 2]);
        let [read, _] = accepted(format!("{number},0,0\n").as_bytes()).samples()[0];
        assert_eq!(f64::to_bits(read), number.parse().map(f64::to_bits).unwrap(), "{number}");
    }
}

#[test]
fn a_file_is_read_as_its_contents_and_its_errors_name_it_as_given() {
    let path = std::env::temp_dir().join(format!("backprop-reader-{}.dat", std::process::id()));
    std::fs::write(&path, "1,2,0\r\n3,4,2\r\n5,6,1\r\n").unwrap();
    assert_eq!(Data::read(&path, None).unwrap(), accepted(b"1,2,0\n3,4,2\n5,6,1\n"));
    std::fs::write(&path, "1,2,0\n3,4,0.5\n").unwrap();
    let message = Data::read(&path, None).unwrap_err().to_string();
    std::fs::remove_file(&path).unwrap();
    assert!(message.starts_with(&format!("{}:2:5: '0.5' is not an integer", path.display())), "{message}");
    for path in [Path::new("no/such/file.dat"), Path::new(env!("CARGO_MANIFEST_DIR"))] {
        let reason = std::fs::read(path).unwrap_err();
        let error = Data::read(path, None).unwrap_err();
        assert!(matches!(error, Error::File { .. }));
        assert_eq!(error.to_string(), format!("cannot read {}: {reason}", path.display()));
    }
}

// All data

#[test]
fn a_selection_has_the_samples_in_the_order_named() {
    let data = accepted(b"1,2,0\n3,4,1\n5,6,2\n");
    let selected = data.select(&[2, 0, 2]);
    assert_eq!(
        (selected.samples(), selected.labels()),
        (&[[5.0, 6.0], [1.0, 2.0], [5.0, 6.0]][..], &[2, 0, 2][..])
    );
    assert_eq!(selected.names(), data.names());
    assert_eq!(data.joined(&selected).names(), data.names());
}

#[test]
fn tiles_take_the_rows_in_order_and_pad_the_last_with_its_first() {
    let data = accepted(b"1,2,0\n3,4,1\n5,6,2\n7,8,0\n9,10,1\n");
    let mut tile = Tile::<2, 2>::empty();
    assert_eq!((tile.count, *tile.x), (0, [[0.0; 2]; 2]));
    let mut samples = [4, 0, 3, 3, 1].into_iter().map(|position| data.sample(position));
    for (count, rows, labels) in [
        (2, [[9.0, 10.0], [1.0, 2.0]], [1, 0]),
        (2, [[7.0, 8.0], [7.0, 8.0]], [0, 0]),
        (1, [[3.0, 4.0], [3.0, 4.0]], [1, 1]),
    ] {
        assert!(tile.fill(&mut samples));
        assert_eq!((tile.count, *tile.x, &tile.labels[..count]), (count, rows, &labels[..count]));
    }
    assert!(!tile.fill(&mut samples));
    assert_eq!(tile.count, 0);
}

#[test]
fn a_dataset_of_numbers_that_are_not_finite_is_refused_however_it_is_made() {
    for (text, number) in [("nan", f64::NAN), ("inf", f64::INFINITY), ("-inf", f64::NEG_INFINITY)] {
        let made = || Dataset::<2, 2>::new(vec![[0.0, 1.0], [1.0, number]], vec![0, 1]);
        let panic = std::panic::catch_unwind(made).expect_err("it is not finite");
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"inputs are finite"), "{number}");
        Dataset::<2, 2>::parse("f", format!("0,1,0\n1,{text},1\n").as_bytes(), None).unwrap_err();
    }
}
