//! Reading data: every accepted form gives the plain form's samples, what is inferred is said, every error says what, where
//! and what to do.

use std::path::Path;

use backprop::math::tile::Tile;
use backprop::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN};
use backprop::training::error::Error;
use backprop::training::names::Names;
use backprop::training::reader::parse_unlabelled;

type Data = Dataset<2, 3>;

/// What every message on a wrong number of columns says.
const FORM: &str = "expected 3: 2 inputs and then the class";

const INDEX: &str = "the first column counts the rows, as pandas' index and R's row names do: write the file without it \
                     (index=False, row.names = FALSE)";

fn accepted(contents: &[u8]) -> Data {
    Data::parse("a.dat", contents, None)
        .unwrap_or_else(|error| panic!("{:?}: {error}", contents.escape_ascii()))
}

/// The message, of an error that every program ends with status 1.
fn refused(contents: &[u8]) -> String {
    let error = Data::parse("a.dat", contents, None).expect_err("must be refused");
    assert!(matches!(error, Error::Data { .. }));
    assert_eq!(error.exit_status(), 1);
    error.to_string()
}

#[test]
fn the_plain_form_is_rows_of_numbers_and_a_class() {
    let data = accepted(b"0.0,-1.5,0\n2.25,3.0,2\n");
    assert_eq!(data.samples(), [[0.0, -1.5], [2.25, 3.0]]);
    assert_eq!(data.labels(), [0, 2]);
    assert_eq!(data.len(), 2);
}

#[test]
fn every_accepted_form_gives_the_samples_of_the_plain_form() {
    let plain = accepted(b"0.001,-20.0,1\n4.5,0.0,2\n");
    for contents in [
        &b"\xEF\xBB\xBF0.001,-20.0,1\n4.5,0.0,2\n"[..],
        b"0.001,-20.0,1\r\n4.5,0.0,2\r\n",
        b"\xEF\xBB\xBF0.001,-20.0,1\r\n4.5,0.0,2",
        b"0.001,-20.0,1\n4.5,0.0,2",
        b"0.001,-20.0,1\r4.5,0.0,2\r",
        b"0.001,-20.0,1\r\r\n4.5,0.0,2\r\r\n",
        b"\n\n0.001,-20.0,1\n4.5,0.0,2\n",
        b"\"0.001\",-20.0,\"1\"\n4.5,\"0.0\",2\n",
        b"0.001,-20.0,1\n4.5,0.0,2\n\n \t\r\n\n",
        b"  0.001 ,\t-20.0\t, 1 \n4.5, 0.0, 2\n",
        b"1e-3,-2E1,1\n+4.5,0,2\n",
        b".001,-20.,1.0\n4.5000000000000000000000001,0e5,+2\n",
        b"0.1e-2,-0.2e+2,1e0\n45e-1,000,02.000\n",
    ] {
        assert_eq!(accepted(contents), plain, "{:?}", contents.escape_ascii());
    }
}

#[test]
fn numbers_are_read_to_the_last_bit() {
    let data = accepted(b"0.1,-0.0,0\n1e30,5e-324,1\n-1e-999,0.30000000000000004,2\n");
    let expected = [[0.1_f64, -0.0], [1e30, 5e-324], [-0.0, 0.1 + 0.2]];
    assert_eq!(data.samples().as_flattened().len(), 6);
    for (found, expected) in data.samples().as_flattened().iter().zip(expected.as_flattened()) {
        assert_eq!(found.to_bits(), expected.to_bits());
    }
}

/// What a file says: its samples, classes and names, and what was inferred.
fn read(contents: &str) -> (Vec<[f64; 2]>, Vec<usize>, Names, String) {
    let data = accepted(contents.as_bytes());
    let reading = data.reading().unwrap_or("nothing").to_owned();
    (data.samples().to_vec(), data.labels().to_vec(), data.names().clone(), reading)
}

fn names(inputs: [&str; 2], classes: [&str; 3]) -> Names {
    Names { inputs: inputs.map(str::to_owned).into(), classes: classes.map(str::to_owned).into() }
}

const SAMPLES: [[f64; 2]; 3] = [[5.1, 3.5], [7.0, 3.2], [6.3, 3.3]];
const NEUTRAL: [&str; 2] = ["x₁", "x₂"];
const NUMBERED: [&str; 3] = ["class 0", "class 1", "class 2"];

#[test]
fn the_plain_form_has_neutral_names_and_nothing_is_said_of_it() {
    let (samples, labels, found, reading) = read("5.1,3.5,0\n7.0,3.2,1\n6.3,3.3,2\n");
    assert_eq!((&samples[..], labels), (&SAMPLES[..], vec![0, 1, 2]));
    assert_eq!((found, &reading[..]), (names(NEUTRAL, NUMBERED), "nothing"));
}

#[test]
fn every_separator_is_read_and_said() {
    for (contents, separator) in [
        ("5.1\t3.5\t0\n7.0\t3.2\t1\n6.3\t3.3\t2\n", "tabs"),
        ("5.1;3.5;0\r\n7.0; 3.2;1\r\n6.3 ;3.3;2\r\n", "semicolons"),
        ("5.1 3.5 0\n7.0 3.2 1\n6.3 3.3 2\n", "spaces"),
        // Aligned columns, and numpy.savetxt's default.
        ("  5.1   3.5  0\n  7.0   3.2  1 \n  6.3   3.3  2\n", "spaces"),
        (
            "5.100000000000000000e+00 3.500000000000000000e+00 0.000000000000000000e+00\n\
             7.000000000000000000e+00 3.200000000000000000e+00 1.000000000000000000e+00\n\
             6.300000000000000000e+00 3.300000000000000000e+00 2.000000000000000000e+00\n",
            "spaces",
        ),
    ] {
        let (samples, labels, found, reading) = read(contents);
        assert_eq!((&samples[..], labels, found), (&SAMPLES[..], vec![0, 1, 2], names(NEUTRAL, NUMBERED)));
        assert_eq!(reading, format!("a.dat: classes 0, 1, 2; 2 inputs; separated by {separator}"));
    }
}

#[test]
fn a_header_names_the_inputs() {
    for contents in [
        "length,width,class\n5.1,3.5,0\n7.0,3.2,1\n6.3,3.3,2\n",
        "\u{FEFF}length , width,class\r\n5.1,3.5,0\r\n7.0,3.2,1\r\n6.3,3.3,2\r\n",
        "\"length\",\"width\",\"class\"\n5.1,3.5,0\n7.0,3.2,1\n6.3,3.3,2\n",
        "\n\nlength,width,class\n5.1,3.5,0\n7.0,3.2,1\n6.3,3.3,2\n",
        "length,width,0\n5.1,3.5,0\n7.0,3.2,1\n6.3,3.3,2\n",
    ] {
        let (samples, labels, found, reading) = read(contents);
        assert_eq!((&samples[..], labels), (&SAMPLES[..], vec![0, 1, 2]), "{contents}");
        assert_eq!(found, names(["length", "width"], NUMBERED));
        assert_eq!(
            reading,
            format!(
                "a.dat: classes 0, 1, 2; 2 inputs: length, width; class: {}",
                if contents.contains("class") { "class" } else { "0" }
            )
        );
    }
    let (.., reading) = read("sepal length;\"a;\"\"b\"\"\";c\n5.1;3.5;0\n7.0;3.2;1\n6.3;3.3;2\n");
    assert_eq!(
        reading,
        "a.dat: classes 0, 1, 2; 2 inputs: sepal length, a;\"b\"; class: c; separated by semicolons"
    );
}

#[test]
fn comments_and_empty_last_columns_are_skipped_and_said() {
    for (contents, said) in [
        ("# a\n%b,c\n5.1,3.5,0\n7.0,3.2,1\n  # d\n6.3,3.3,2\n", "3 comment lines skipped"),
        ("# a,b,c\n\n5.1,3.5,0\n7.0,3.2,1\n6.3,3.3,2\n", "1 comment line skipped"),
        ("5.1,3.5,0,\n7.0,3.2,1,\n6.3,3.3,2, \n", "the separator at each row's end is no column"),
        ("5.1,3.5,0,\"\"\n7.0,3.2,1,\n6.3,3.3,2,\n", "the separator at each row's end is no column"),
    ] {
        let (samples, labels, _, reading) = read(contents);
        assert_eq!((&samples[..], labels), (&SAMPLES[..], vec![0, 1, 2]), "{contents}");
        assert_eq!(reading, format!("a.dat: classes 0, 1, 2; 2 inputs; {said}"));
    }
    let (.., found, reading) = read("x;y;c;\n5.1;3.5;0;\n7.0;3.2;1;\n6.3;3.3;2;\n");
    assert_eq!(found, names(["x", "y"], NUMBERED));
    assert!(reading.ends_with("; separated by semicolons; the separator at each row's end is no column"));
}

#[test]
fn k_distinct_classes_are_read_in_their_order() {
    for (classes, order, labels, found) in [
        (["setosa", "virginica", "versicolor"], "setosa, versicolor, virginica", [0, 2, 1], None),
        (["\"b, c\"", "\"a \"\"q\"\"\"", "Zoë"], "Zoë, a \"q\", \"b, c\"", [2, 1, 0], None),
        (["1", "2", "3"], "1, 2, 3", [0, 1, 2], Some(["class 1", "class 2", "class 3"])),
        (["1.0", "-1.0", "+0"], "-1, 0, 1", [2, 0, 1], Some(["class -1", "class 0", "class 1"])),
        (["30", "1e1", "9"], "9, 10, 30", [2, 1, 0], Some(["class 9", "class 10", "class 30"])),
        (["\"3\"", "\"2\"", "\"1\""], "1, 2, 3", [2, 1, 0], Some(["class 1", "class 2", "class 3"])),
        (["True", "False", "None"], "False, None, True", [2, 0, 1], None),
        (["+", "-", "."], "+, -, .", [0, 1, 2], None),
    ] {
        let [a, b, c] = classes;
        let (_, read_labels, read_names, reading) = read(&format!("5.1,3.5,{a}\n7.0,3.2,{b}\n6.3,3.3,{c}\n"));
        assert_eq!(read_labels, labels, "{classes:?}");
        if let Some(found) = found {
            assert_eq!(read_names, names(NEUTRAL, found));
        }
        assert_eq!(reading, format!("a.dat: classes {order} are 0, 1, 2; 2 inputs"));
    }
}

#[test]
fn a_class_without_rows_is_said() {
    for (labels, said) in [(["0", "2"], "class 1"), (["1", "2"], "class 0"), (["1", "0"], "class 2")] {
        let [a, b] = labels;
        let (_, found, read_names, reading) = read(&format!("1,2,{a}\n3,4,{b}\n"));
        assert_eq!(found.iter().map(usize::to_string).collect::<Vec<_>>(), labels);
        assert_eq!(read_names, names(NEUTRAL, NUMBERED));
        assert_eq!(reading, format!("a.dat: classes 0, 1, 2, but no row is of {said}; 2 inputs"));
    }
    assert!(read("1,2,1\n").3.contains("but no row is of class 0, 2; "));
}

#[test]
fn other_numbers_of_classes_are_refused_with_their_number() {
    for (classes, at, of, found) in [
        (&["a", "b"][..], "1:5: class a", "a, b", 2),
        (&["-1", "1"], "1:5: class -1", "-1, 1", 2),
        (&["0", "3"], "2:5: class 3", "0, 3", 2),
        (&["b", "a", "b", "d", "c"], "5:5: class c", "a, b, c, d", 4),
        (&["0", "1", "2", "3"], "4:5: class 3", "0, 1, 2, 3", 4),
    ] {
        let rows: Vec<String> = classes.iter().map(|class| format!("1,2,{class}\n")).collect();
        let rows = rows.concat();
        let found = format!("found 2 inputs and {found} classes: the README says which program takes them");
        assert_eq!(refused(rows.as_bytes()), format!("a.dat:{at} of {of}: expected 3; {found}"));
    }
    let rows: Vec<String> = (0..30).map(|class| format!("1,2,{class}\n")).collect();
    let rows = rows.concat();
    let message = refused(rows.as_bytes());
    assert!(
        message.starts_with("a.dat:4:5: class 3 of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …: "),
        "{message}"
    );
    assert!(message.ends_with("the class is expected in the last column, which has 30 different values"));
}

#[test]
fn a_class_that_is_neither_an_integer_nor_a_name_is_refused() {
    for class in ["0.5", "1.0000000000000002", "-1e-300", "9007199254740993", "1e30", "inf", "-Infinity"] {
        let message =
            format!("a.dat:2:5: class {class} is not an integer; the class is expected in the last column");
        assert_eq!(refused(format!("1,2,0\n1,2,{class}\n").as_bytes()), message);
    }
    let message = "a.dat:4:5: class no beside class No: write it in one way";
    assert_eq!(refused(b"1,2,No\n1,2,yes\n3,4,maybe\n1,2,no\n"), message);
    // Written in one way, there would still be four.
    assert!(refused(b"1,2,A\n1,2,a\n3,4,B\n1,2,C\n5,6,D\n").contains("found 2 inputs and 5 classes"));
    let message = "a.dat:3:5: class two beside class 0: expected integers alone or names alone";
    assert_eq!(refused(b"1,2,0\n1,2,1\n1,2,two\n"), message);
    let message = "a.dat:2:5: class 1 beside class one: expected integers alone or names alone";
    assert_eq!(refused(b"1,2,one\n1,2,1\n"), message);
}

#[test]
fn a_missing_value_is_refused_with_what_to_do() {
    for (contents, at) in [
        ("?,2,0", "1:1: ?"),
        ("1,2,0\n1,NA,1\n", "2:3: NA"),
        ("x,y,c\n1,2,0\nnan,2,1\n", "3:1: nan"),
        ("1\t2\t0\n1\tNULL\t1\n", "2:3: NULL"),
        ("1;2;0\nN/A;2;1\n", "2:1: N/A"),
        ("1 2 0\n1 <NA> 1\n", "2:3: <NA>"),
        ("1,2,0\n-,2,1\n", "2:1: -"),
        ("1,2,0\n1,None,1\n", "2:3: None"),
        ("1,2,a\n1,2,?\n", "2:5: ?"),
        ("1,2,0\n1,2,NaN\n", "2:5: NaN"),
        ("\"NA\",2,0\n", "1:1: NA"),
        ("NA,NA,0\n", "1:1: NA"),
        (",2,0", "1:1: an empty field"),
        ("1,,0", "1:3: an empty field"),
        ("1,  ,0", "1:5: an empty field"),
        ("1,2,0\n1,2,\n", "2:5: an empty field"),
        ("1\t2\t0\n1\t\t1\n", "2:3: an empty field"),
        (",,", "1:1: an empty field"),
    ] {
        let message = format!("a.dat:{at} is a missing value: remove the row or fill it in");
        assert_eq!(refused(contents.as_bytes()), message, "{contents}");
    }
}

const THOUSANDS: &str =
    "has a comma: leave it out if it separates thousands, write it as a point if it is a decimal comma";

#[test]
fn what_is_not_a_number_is_refused_as_it_stands_in_the_file() {
    for (contents, message) in [
        ("1,2,0\n1,two,0\n", "2:3: two is not a number"),
        ("1,2,0\nx\\\"y',2,0\n", "2:1: x\\\"y' is not a number: the class is expected in the last column"),
        ("a,1.5,2.5\nb,2.5,3.5\n", "1:1: a is not a number: the class is expected in the last column"),
        ("1,2,0\n50%,2,0\n", "2:1: 50% is not a number"),
        ("1,two,0\n", "1:3: two is not a number (if this line is no row, remove it)"),
        ("1, \t ü,0\n", "1:6: ü is not a number (if this line is no row, remove it)"),
        // Columns count characters: a no-break space is one, of two bytes.
        ("\u{A0}1,x,0\n", "1:4: x is not a number (if this line is no row, remove it)"),
        ("1,2,0\n0x10,x,0", "2:1: 0x10 is not a number"),
        ("1,2,0\n1,1_000,0", "2:3: 1_000 is not a number"),
        ("x,y,c\ncm,cm,\n1,2,0\n", "2:1: cm is not a number (if this line is no row, remove it)"),
        ("1;2;0\n1,5;2;1\n", "2:1: 1,5 has a decimal comma: write it as a point"),
        ("5,1\t3,5\t0\n", "1:1: 5,1 has a decimal comma: write it as a point"),
        ("\"1,234\",2,0\n", &format!("1:1: 1,234 {THOUSANDS}")),
        ("1;-12,345,678.9;0\n", &format!("1:3: -12,345,678.9 {THOUSANDS}")),
        ("\"0,123\",2,0\n", "1:1: 0,123 has a decimal comma: write it as a point"),
        ("\"1,2e3\",2,0\n", "1:1: 1,2e3 has a decimal comma: write it as a point"),
        ("\",250\",2,0\n", "1:1: ,250 has a decimal comma: write it as a point"),
        ("\"1234,567\",2,0\n", "1:1: 1234,567 has a decimal comma: write it as a point"),
        ("1;2,3456;0\n", "1:3: 2,3456 has a decimal comma: write it as a point"),
        ("1,2 2,0", "1:3: 2 2 is more than one number: decimal commas, or another separator than commas"),
        ("1,2,0\n1,inf,0", "2:3: inf is not a finite number"),
        ("1,-infinity,0", "1:3: -infinity is not a finite number"),
        ("1.1e30,2,0", "1:1: 1.1e30 is too large, expected numbers up to 1e30: scale it"),
        ("1,-1.8e308,0", "1:3: -1.8e308 is too large, expected numbers up to 1e30: scale it"),
        (
            "1,2\0,0\n",
            "1:4: a zero byte, as in UTF-16 and in what is not text: save the file as CSV in UTF-8",
        ),
        ("1,2,0\u{1B}[31m", "1:6: the invisible character U+001B: remove it"),
        ("\u{FEFF}\u{FEFF}1,2,0\n", "1:1: the invisible character U+FEFF: remove it"),
        ("1,2,0\n1,2,a\u{202E}b\n", "2:6: the invisible character U+202E: remove it"),
        ("1,2,0\n1,2\r,0\n", "2:4: the invisible character U+000D: remove it"),
    ] {
        assert_eq!(refused(contents.as_bytes()), format!("a.dat:{message}"));
    }
}

#[test]
fn another_number_of_columns_is_refused_with_its_number() {
    for (contents, message) in [
        (
            "1,2,3,4,a\n1,2,3,4,b\n1,2,3,4,c\n",
            "1:1: 5 columns separated by commas, FORM; found 4 inputs and 3 classes: the README says which program takes them",
        ),
        (
            "a,b,c,d,e,f\n1,2,3,4,5,0\n1,2,3,4,5,1\n",
            "2:1: 6 columns separated by commas, FORM; found 5 inputs and 2 classes: the README says which program takes them",
        ),
        ("1,2\n3,4\n", "1:1: 2 columns separated by commas, FORM, which is missing"),
        ("x,y,c,note\n1,2,0,\n1,3,1,\n", "2:1: 4 columns separated by commas, FORM; the last has no values"),
        ("x,y,c,,\n1,2,0,,\n1,3,1,,\n", "1:1: 4 columns separated by commas, FORM; the last has no values"),
        ("1\n2\n", "1:1: 1 column, FORM, separated by commas, semicolons, tabs or spaces"),
        ("1|2|0\n", "1:1: 1 column, FORM, separated by commas, semicolons, tabs or spaces"),
        (
            "1,2,3,0.5\n1,2,3,1.5\n",
            "1:1: 4 columns separated by commas, FORM; the class is expected in the last column, which has numbers with fractions",
        ),
        ("1,2,0\n1,2,3,0\n", "2:1: 4 columns separated by commas, expected 3 as in line 1"),
        ("1,2,0,\n1,2,0\n", "2:1: 3 columns separated by commas, expected 4 as in line 1"),
        ("1,2,0\n1,2,0\n1,2,0,\n", "3:1: 4 columns separated by commas, expected 3 as in line 1"),
        ("1,2,0\n1;2;0\n", "2:1: 1 column separated by commas, expected 3 as in line 1"),
        ("1\t2\t0\n1 2\t0\n", "2:1: 2 columns separated by tabs, expected 3 as in line 1"),
        (
            "sepal length sepal width class\n1 2 0\n",
            "1:1: a header of 5 names and 3 columns in line 2, separated by spaces: quote names with spaces, leave out row names, or remove it",
        ),
        (
            "x,y\n1,2,0\n2,4,1\n",
            "1:1: a header of 2 names and 3 columns in line 2, separated by commas: quote names with spaces, leave out row names, or remove it",
        ),
        (
            "x y c\n1 2 a b\n",
            "1:1: a header of 3 names and 4 columns in line 2, separated by spaces: quote names with spaces, leave out row names, or remove it",
        ),
        ("1,2,0;\n3,4,1;\n", "1:1: 2 columns separated by semicolons, FORM, which is missing"),
        (
            "1,2,1,0,0\n3,4,0,0,1\n",
            "1:1: 5 columns separated by commas, FORM in one column; the last 3 are one-hot classes",
        ),
        (
            "1,2,1.0,0.0,0.0\n3,4,0.0,1.0,0.0\n",
            "1:1: 5 columns separated by commas, FORM in one column; the last 3 are one-hot classes",
        ),
    ] {
        assert_eq!(refused(contents.as_bytes()), format!("a.dat:{}", message.replace("FORM", FORM)));
    }
}

#[test]
fn a_column_that_counts_rows_is_refused_as_an_index() {
    for contents in [
        // pandas' to_csv, with and without names, after a shuffle, and read and written again.
        ",x,y,c\n0,1,2,0\n1,3,4,1\n",
        ",0,1,2\n0,1,2,0\n1,3,4,1\n",
        ",x,y,c\n17,1,2,0\n3,3,4,1\n",
        "\tx\ty\tc\n0\t1\t2\t0\n1\t3\t4\t1\n",
        "Unnamed: 0,x,y,c\n0,1,2,0\n1,3,4,1\n",
        // R's write.csv and write.table.
        "\"\",\"x\",\"y\",\"c\"\n\"1\",1,2,\"a\"\n\"2\",3,4,\"b\"\n",
        "\"x\" \"y\" \"c\"\n\"1\" 1 2 \"a\"\n\"2\" 3 4 \"b\"\n",
        "0,1,2,0\n1,3,4,1\n2,5,6,2\n",
        "Id,x,y,Species\n1,1,2,a\n2,3,4,b\n",
        // As many columns as a row has without an index.
        ",x,c\n0,1,0\n1,2,1\n",
        "Id,x,c\n1,1,0\n2,2,1\n",
    ] {
        let message = refused(contents.as_bytes());
        assert!(message.ends_with(&format!(":1: {INDEX}")), "{contents}: {message}");
    }
    // After a shuffle, an index has its name alone.
    let rows = |count: usize, different: usize| {
        let row = |n: usize| format!("{},1,{}\n", (7 * n) % different, n % 3);
        (0..count).map(row).collect::<Vec<_>>().concat()
    };
    let message = "a.dat:1:1: column Id numbers the rows: write the file without it";
    assert_eq!(refused(format!("Id,x,c\n{}", rows(10, 10)).as_bytes()), message);
    for (count, different) in [(10, 9), (9, 10)] {
        assert_eq!(read(&format!("Id,x,c\n{}", rows(count, different))).0.len(), count);
    }
    // A column more than the inputs may well be the class.
    let unlabelled = |names: &Names, count| {
        parse_unlabelled::<2>("a.dat", format!("Id,x,c\n{}", rows(count, 10)).as_bytes(), names)
    };
    assert_eq!(unlabelled(&Names::neutral(2, 3), 3).unwrap_err().to_string(), message);
    // What the training data had is an input.
    let known = Names { inputs: ["Id", "x"].map(String::from).into(), ..Names::neutral(2, 3) };
    assert!(unlabelled(&known, 10).is_ok());
    assert_eq!(read("Index,x,c\n9,1,0\n4,3,1\n9,3,2\n").0.len(), 3);
}

#[test]
fn what_is_no_table_is_named() {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for (contents, message) in [
        (utf16("\u{FEFF}1,2,0\n"), "1:1: the file is UTF-16: save it as UTF-8"),
        (b"\xFE\xFF\x001\0,".to_vec(), "1:1: the file is UTF-16: save it as UTF-8"),
        (
            utf16("1,2,0\n"),
            "1:2: a zero byte, as in UTF-16 and in what is not text: save the file as CSV in UTF-8",
        ),
        (b"1,2,0\n1,\xFF,0\n".to_vec(), "2:3: byte 0xFF is not UTF-8: save the file as UTF-8"),
        (b"\xC3\xA9,\xE9,0\n".to_vec(), "1:3: byte 0xE9 is not UTF-8: save the file as UTF-8"),
        (b"PK\x03\x04...".to_vec(), "1:1: the file is a zip archive, as .xlsx and .npz are: save it as CSV"),
        (b"\x93NUMPY\x01\0".to_vec(), "1:1: the file is numpy's .npy: write it with numpy.savetxt"),
        (b"\x1F\x8B\x08\0".to_vec(), "1:1: the file is compressed by gzip: unpack it"),
        (
            b"\n\n<!DOCTYPE html>\n<html>".to_vec(),
            "1:1: the file is HTML: download the data, not the page that shows them",
        ),
        (
            b"% iris\n@RELATION iris\n@DATA\n1,2,0\n".to_vec(),
            "2:1: an ARFF header: remove the lines up to @data, and save the rest as CSV",
        ),
        (b"sep=;\n1;2;0\n".to_vec(), "1:1: a line for Excel: remove it"),
        (b"1,\"2,0\n".to_vec(), "1:3: the quote that begins here does not end in this line"),
        (b"1,\"2\"3,0\n".to_vec(), "1:6: text after a closing quote"),
        (b"x,y,class\n".to_vec(), "1:1: a header without rows, expected at least one row"),
        (b"class,x,y\n0,1.5,2.5\n".to_vec(), "1:1: column class: the class is expected in the last column"),
        (
            b"0,1,2\n1.5,2.5,0\n0.5,0.25,1\n".to_vec(),
            "1:1: the first line counts the columns, as pandas does without names: remove it",
        ),
    ] {
        assert_eq!(refused(&contents), format!("a.dat:{message}"));
    }
    for contents in [&b""[..], b"\n", b"\r\n \n\t\n\n", b"\xEF\xBB\xBF", b"\xEF\xBB\xBF\n", b"# 1,2,0\n"] {
        assert_eq!(refused(contents), "a.dat:1:1: no rows, expected at least one");
    }
    // What counts columns may be a row among rows of integers.
    assert_eq!(accepted(b"0,1,2\n3,4,0\n1.5,2.5,1\n").len(), 3);
}

#[test]
fn a_blank_line_between_rows_is_refused() {
    for (contents, line) in [("1,2,0\n\n1,2,0\n", 2), ("1,2,0\n1,2,0\n \t\r\n\n1,2,0", 3)] {
        let message = format!("a.dat:{line}:1: blank line before a row: remove it, or end the file here");
        assert_eq!(refused(contents.as_bytes()), message);
    }
}

/// The file is another, but its columns and classes are those of the first.
#[test]
fn a_further_file_is_read_with_the_names_of_the_first() {
    let first = accepted(b"length,width,species\n1,2,b\n3,4,c\n5,6,a\n");
    let like = |contents: &str| Data::parse("b.dat", contents.as_bytes(), Some(first.names()));
    for contents in ["1,2,c\n3,4,a\n", "length,width,species\n1,2,c\n3,4,a\n", "1\t2\t\"c\"\n3\t4\ta\n"] {
        let second = like(contents).unwrap();
        assert_eq!((second.labels(), second.names()), (&[2, 0][..], first.names()), "{contents}");
    }
    assert_eq!(like("1,2,c\n").unwrap().reading(), None, "the same, and nothing new");
    let reading = "b.dat: classes as in the training data; 2 inputs: u, v, taken for length, width; class: w";
    assert_eq!(like("u,v,w\n1,2,a\n").unwrap().reading(), Some(reading));
    for (contents, message) in [
        ("1,2,a\n1,2,d\n", "2:5: class d: the training data have none such, only a, b, c"),
        ("1,2,0\n", "1:5: class 0: the training data have none such, only a, b, c"),
        (
            "width,length,species\n1,2,a\n",
            "1:1: column width stands where the training data have length: put the columns into their order, length, \
             width",
        ),
        (
            "1,2,3,4,a\n",
            "1:1: 5 columns separated by commas, FORM; found 4 inputs, and all rows are of one class",
        ),
    ] {
        assert_eq!(
            like(contents).unwrap_err().to_string(),
            format!("b.dat:{}", message.replace("FORM", FORM))
        );
    }
    let numbered = accepted(b"1,2,3\n1,2,1\n1,2,2\n");
    let like = |contents: &str| Data::parse("b.dat", contents.as_bytes(), Some(numbered.names()));
    assert_eq!(like("1,2,3.0\n1,2,2\n").unwrap().labels(), [2, 1]);
    let message = "b.dat:2:5: class 0: the training data have none such, only 1, 2, 3";
    assert_eq!(like("1,2,1\n1,2,0\n").unwrap_err().to_string(), message);
}

#[test]
fn a_file_for_prediction_may_lack_the_class() {
    let first = accepted(b"1,2,b\n3,4,c\n5,6,a\n");
    let rows = |contents: &str| parse_unlabelled::<2>("c.dat", contents.as_bytes(), first.names());
    let inputs = vec![[1.0, 2.0], [3.0, 4.0]];
    for contents in [
        "1,2\n3,4\n",
        "x,y\n1,2\n3,4\n",
        "1 2\n3 4",
        "1,2,\n3,4,\n",
        "1,2,?\n3,4,?\n",
        "x,y,c\n1,2,NA\n3,4,\n",
        "x,y,c\n1,2,\n3,4,\n",
    ] {
        let (found, classes, _) = rows(contents).unwrap();
        assert_eq!((found, classes), (inputs.clone(), None), "{contents}");
    }
    assert_eq!(rows("1,2,a\n3,4,c\n").unwrap(), (inputs, Some(vec![0, 2]), None));
    for (contents, message) in [
        ("1,2,a\n3,4,?\n", "2:5: ? is a missing value: remove the row or fill it in"),
        ("1,2,d\n", "1:5: class d: the training data have none such, only a, b, c"),
        (
            "1\n",
            "1:1: 1 column, expected 2 inputs, or 3 columns with the class, separated by commas, semicolons, tabs or spaces",
        ),
        ("Id,x,y\n7,1,2\n8,3,4\n", INDEX),
    ] {
        let found = rows(contents).unwrap_err().to_string();
        assert!(found.ends_with(&message.replace("FORM", FORM)), "{contents}: {found}");
    }
}

/// Files that were once read, and meant something else.
#[test]
fn numbers_above_a_column_of_classes_are_a_header() {
    for (header, class) in [
        ("0,1,target", "target"),
        ("\"0\",\"1\",\"label\"", "label"),
        ("1,2,Species", "Species"),
        ("1990,1991,class", "class"),
        ("400.5,410,CLASS", "CLASS"),
        ("7,9,y", "y"),
        ("0,1,kind", "kind"),
        ("1,2,kind of bird", "kind of bird"),
    ] {
        let (samples, labels, names, reading) = read(&format!("{header}\n1,2,a\n3,4,b\n5,6,a\n7,8,c\n"));
        assert_eq!((samples.len(), labels), (4, vec![0, 1, 0, 2]), "{header}");
        assert!(
            reading.ends_with(&format!("{}, {}; class: {class}", names.inputs[0], names.inputs[1])),
            "{reading}"
        );
    }
    for (rows, count) in [
        // The class occurs again, or each row has one of its own.
        ("1,2,target\n3,4,other\n5,6,target\n7,8,third\n", 4),
        ("0,1,y\n5,6,n\n7,8,y\n7,8,?!\n", 4),
        ("0,1,a\n3,4,b\n5,6,c\n", 3),
        ("5.5,6,y\n7,8,n\n7,8,n\n7,8,z\n", 4),
        ("3,9,a\n3,4,b\n3,4,b\n5,6,c\n", 4),
    ] {
        assert_eq!(read(rows).0.len(), count, "{rows}");
    }
}

#[test]
fn a_first_column_that_counts_rows_is_refused_or_said() {
    let first = accepted(b"5,2,0\n3,4,1\n5,6,2\n");
    let rows = |contents: &str| parse_unlabelled::<2>("c.dat", contents.as_bytes(), first.names());
    let message = "c.dat:1:1: the first column counts the rows: write the file without it or, if it is an input, with a header";
    for contents in ["1,5,0\n2,7,1\n3,9,2\n", "0,5,1\n1,7,1\n", "7 5 1\n8 7 0\n9 7 0\n"] {
        assert_eq!(rows(contents).unwrap_err().to_string(), message, "{contents}");
        let (rows, .., reading) = read(contents);
        assert_eq!(
            reading.ends_with("; the first column counts the rows and is read as an input"),
            rows.len() > 2,
            "{reading}"
        );
    }
    assert_eq!(rows("1,5,.25\n2,7,1.5\n").unwrap_err().to_string(), message);
    for contents in ["x,y,c\n1,5,0\n2,7,1\n3,9,2\n", "1,5,0\n3,7,1\n", "1,5\n2,7\n3,9\n", "1,5,0\n"] {
        rows(contents).unwrap();
    }
    for contents in ["0,1,2\n5,6,1\n7,8,0\n", "0,1,2\n5.5,6,1\n7,8,0\n", "0,1\n5.5,6.5\n"] {
        let error = rows(contents).unwrap_err().to_string();
        assert!(error.contains("the first line counts the columns"), "{error}");
    }
}

#[test]
fn what_is_inferred_of_a_file_for_prediction_is_said() {
    let first = accepted(b"length,width,kind\n1,2,b\n3,4,c\n5,6,a\n");
    let reading = |contents: &str| parse_unlabelled::<2>("c", contents.as_bytes(), first.names()).unwrap().2;
    for (contents, said) in [
        ("1,2\n", None),
        ("1,2,a\n", None),
        ("1;2\n", Some("c: 2 inputs; separated by semicolons")),
        ("# x\n1,2,a\n", Some("c: classes as in the training data; 2 inputs; 1 comment line skipped")),
        ("u,v\n1,2\n", Some("c: 2 inputs: u, v, taken for length, width")),
    ] {
        assert_eq!(reading(contents).as_deref(), said, "{contents}");
    }
}

#[test]
fn columns_in_another_order_are_refused_however_they_are_written() {
    let first = accepted(b"\"petal length, cm\",Petal.Width (cm),kind\n1,2,b\n3,4,c\n5,6,a\n");
    let like = |header: &str| Data::parse("b", format!("{header}\n1,2,a\n").as_bytes(), Some(first.names()));
    for header in [
        "Petal.Width (cm),\"petal length, cm\",kind",
        "petal_width,petal_length,kind",
        "PetalWidthCm,PetalLengthCm,kind",
        "petal width [mm],other,kind",
        "other,PETAL-LENGTH,kind",
    ] {
        let message = like(header).expect_err(header).to_string();
        assert!(message.contains(" stands where the training data have "), "{message}");
    }
    for header in ["petal_length,petal_width,kind", "PetalLengthCm,other,kind", "a,b,kind", "+,-,kind"] {
        like(header).unwrap();
    }
}

#[test]
fn a_comment_at_the_end_of_a_row_is_refused_with_its_place() {
    for (contents, at) in [
        ("1,2,0 # measured\n3,4,1\n", "1:7"),
        ("1,2,a\n3,4,no # outlier?\n3,4,c\n", "2:8"),
        ("1,2,0\n3,4,1 % x\n", "2:7"),
        ("1,2,0\n3,4 #x,1\n", "2:5"),
        ("1 2 0 # measured\n", "1:7"),
        ("1;2;a #\n", "1:7"),
    ] {
        let message = format!(
            "a.dat:{at}: a comment at the end of a row: remove it, or quote the name that it is a part of"
        );
        assert_eq!(refused(contents.as_bytes()), message, "{contents}");
    }
    for classes in [["#1", " #2", "C#"], ["10%", "20 %", " %3"], ["\"a # b\"", "\"b % c\"", "c"]] {
        let [a, b, c] = classes;
        assert_eq!(read(&format!("humidity %,n #,c\n1,2,{a}\n3,4,{b}\n5,6,{c}\n")).0.len(), 3, "{a}");
    }
    refused(b"1,2,0;\n3,4,1;\n");
    refused(b"1,2,0\n3,4,1;\n3,4,2\n");
}

#[test]
fn what_a_spreadsheet_or_another_program_writes_for_a_missing_number_is_missing() {
    for value in ["1.#QNAN", "-nan", "--", "NaT", "#DIV/0!", "#N/A", "#VALUE!", "-1.#IND"] {
        for (row, at) in [(format!("{value},2,0"), "2:1"), (format!("2,{value},0"), "2:3")] {
            let message = format!("a.dat:{at}: {value} is a missing value: remove the row or fill it in");
            assert_eq!(refused(format!("1,2,0\n{row}\n").as_bytes()), message);
        }
    }
    for minus in ["−5.0", "–5"] {
        let message = format!("a.dat:2:1: {minus} has a typographer's minus: write it as -");
        assert_eq!(refused(format!("1,2,0\n{minus},2,0\n").as_bytes()), message);
    }
    for (contents, what) in [
        (&b"\x80\x04\x95\0"[..], "no text, as pickle's"),
        (b"PAR1\x15", "Parquet, no text"),
        (b"\x89HDF\r\n\x1a\n", "HDF5, no text"),
        (b"MATLAB 5.0 MAT-file\0", "MATLAB's .mat, no text"),
    ] {
        assert_eq!(refused(contents), format!("a.dat:1:1: the file is {what}: save it as CSV"));
    }
    assert_eq!(refused(b"1,2,a\n3,4,a\n"), "a.dat:1:5: all rows are of class a: expected 3 classes");
    let one_hot =
        "a.dat:2:1: 5 columns separated by commas, FORM in one column; the last 3 are one-hot classes";
    for [yes, no] in [["True", "False"], ["TRUE", "false"], ["1", "0"]] {
        let contents = format!("x,y,a,b,c\n1,2,{yes},{no},{no}\n3,4,{no},{no},{yes}\n");
        assert_eq!(refused(contents.as_bytes()), one_hot.replace("FORM", FORM));
    }
}

#[test]
fn files_of_the_flowers_have_names_or_numbers() {
    let flowers: Dataset<4, 3> = IRIS_TRAIN.load(None).unwrap();
    assert_eq!(flowers.names().classes, ["setosa", "versicolor", "virginica"]);
    assert_eq!(flowers.names().inputs[2], "petal length, cm");
    let like = |contents: &str| Dataset::<4, 3>::parse("f", contents.as_bytes(), Some(flowers.names()));
    assert_eq!(like("1,2,3,4,virginica\n1,2,3,4,setosa\n").unwrap().labels(), [2, 0]);
    assert_eq!(like("1,2,3,4,2\n1,2,3,4,0\n").unwrap().labels(), [2, 0]);
    like("1,2,3,4,3\n").unwrap_err();
    let reading = |contents: &str| like(contents).unwrap().reading().map(str::to_owned);
    let said = "f: classes 0, 1, 2 are setosa, versicolor, virginica";
    assert_eq!(reading("1,2,3,4,0\n"), Some(format!("{said}; 4 inputs")));
    let doubt = ", but no row is of class 0: do they count from 1?; 4 inputs";
    assert_eq!(reading("1,2,3,4,1\n1,2,3,4,2\n"), Some(format!("{said}{doubt}")));
    assert_eq!(reading("1,2,3,4,setosa\n"), None);
    assert_eq!(IRIS_TEST.load::<4, 3>(Some(flowers.names())).unwrap().reading(), None);
}

#[test]
fn a_line_of_ten_megabytes_is_refused_in_a_short_message_or_read() {
    const LENGTH: usize = 10_000_000;
    let of = |text: &str| text.repeat(LENGTH / text.len());
    let message = "a.dat:1:1: a header without rows, expected at least one row";
    assert_eq!(refused(of("x").as_bytes()), message);
    let message = format!("a.dat:1:1: 10000000 columns separated by commas, {FORM}; the last has no values");
    assert_eq!(refused(of(",").as_bytes()), message);
    let message = "a.dat:1:1: no rows, expected at least one";
    assert_eq!(refused(of(" ").as_bytes()), message);
    let (digits, forty) = (of("1"), "1".repeat(40));
    let message = format!("a.dat:1:3: {forty}… is too large, expected numbers up to 1e30: scale it");
    assert_eq!(refused(format!("1,{digits},0").as_bytes()), message);
    let message = format!("a.dat:1:1: {}… is not a number", "é".repeat(40));
    assert!(refused(format!("{},2,0", of("é")).as_bytes()).starts_with(&message));
    assert_eq!(accepted(format!("0.{digits},2,0").as_bytes()).samples(), [[1.0 / 9.0, 2.0]]);
}

#[test]
fn a_million_rows_are_read() {
    let rows = "0.25,-1.5e2,2\n1,2,0\n".repeat(500_000);
    let data = accepted(rows.as_bytes());
    assert_eq!(data.len(), 1_000_000);
    assert_eq!((data.samples()[999_998], data.labels()[999_998]), ([0.25, -150.0], 2));
    assert_eq!((data.samples()[999_999], data.labels()[999_999]), ([1.0, 2.0], 0));
}

#[test]
fn a_field_of_forty_characters_is_quoted_whole_and_a_longer_one_cut() {
    let [forty, longer] = [40, 41].map(|length| "y".repeat(length));
    assert!(refused(format!("{forty},2,0").as_bytes()).starts_with(&format!("a.dat:1:1: {forty} is not")));
    assert!(refused(format!("{longer},2,0").as_bytes()).starts_with(&format!("a.dat:1:1: {forty}… is not")));
}

#[test]
fn a_file_is_read_as_its_contents_and_its_errors_name_it_as_given() {
    let path = std::env::temp_dir().join(format!("backprop-reader-{}.dat", std::process::id()));
    std::fs::write(&path, "1,2,0\r\n3,4,2\r\n5,6,1\r\n").unwrap();
    assert_eq!(Data::read(&path).unwrap(), accepted(b"1,2,0\n3,4,2\n5,6,1\n"));
    std::fs::write(&path, "1,2,0\n3,4,7\n").unwrap();
    let message = Data::read(&path).unwrap_err().to_string();
    std::fs::remove_file(&path).unwrap();
    let place = format!("{}:2:5: class 7 of 0, 7: ", path.display());
    assert!(message.starts_with(&place), "{message}");
}

#[test]
fn a_missing_file_and_a_folder_are_refused_with_the_systems_reason() {
    for path in [Path::new("no/such/file.dat"), Path::new(env!("CARGO_MANIFEST_DIR"))] {
        let reason = std::fs::read(path).unwrap_err();
        let error = Data::read(path).unwrap_err();
        assert!(matches!(error, Error::File { .. }));
        assert_eq!(error.exit_status(), 1);
        assert_eq!(error.to_string(), format!("cannot read {}: {reason}", path.display()));
    }
}

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
#[should_panic(expected = "a dataset has at least one sample")]
fn a_selection_of_nothing_is_refused() {
    let _ = accepted(b"1,2,0\n").select(&[]);
}

#[test]
fn tiles_take_the_rows_in_order_and_pad_the_last_with_its_first() {
    let data = accepted(b"1,2,0\n3,4,1\n5,6,2\n7,8,0\n9,10,1\n");
    let mut tile = Tile::<2, 2>::empty();
    assert_eq!((tile.count, tile.x.rows()), (0, &[[0.0; 2]; 2]));
    let mut samples = [4, 0, 3, 3, 1].into_iter().map(|position| data.sample(position));

    assert!(tile.fill(&mut samples));
    assert_eq!((tile.count, tile.x.rows(), tile.labels), (2, &[[9.0, 10.0], [1.0, 2.0]], [1, 0]));
    assert!(tile.fill(&mut samples));
    assert_eq!((tile.count, tile.x.rows(), tile.labels), (2, &[[7.0, 8.0], [7.0, 8.0]], [0, 0]));
    assert!(tile.fill(&mut samples));
    assert_eq!((tile.count, tile.x.rows(), tile.labels[0]), (1, &[[3.0, 4.0], [3.0, 4.0]], 1));
    assert!(!tile.fill(&mut samples));
    assert_eq!(tile.count, 0);
}

#[test]
#[should_panic(expected = "index out of bounds")]
fn a_sample_that_is_not_there_is_refused() {
    let _ = accepted(b"1,2,0\n").sample(1);
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
