//! Reading data: every accepted form gives the plain form's samples, every error says what, where and what to do.
#![forbid(unsafe_code)]

use std::path::Path;

use backprop::math::tile::Tile;
use backprop::training::dataset::Dataset;
use backprop::training::error::Error;

type Data = Dataset<2, 3>;

const ROW: &str = "2 numbers and a class from 0 to 2, separated by commas";

fn accepted(contents: &[u8]) -> Data {
    Data::parse("a.dat", contents).unwrap_or_else(|error| panic!("{:?}: {error}", contents.escape_ascii()))
}

/// The message, of an error that every program ends with status 1.
fn refused(contents: &[u8]) -> String {
    let error = Data::parse("a.dat", contents).expect_err("must be refused");
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

#[test]
fn a_file_without_rows_is_refused() {
    for contents in [&b""[..], b"\n", b"\r\n \n\t\n\n", b"\xEF\xBB\xBF", b"\xEF\xBB\xBF\n"] {
        assert_eq!(refused(contents), format!("a.dat:1:1: no rows, expected at least one of {ROW}"));
    }
}

#[test]
fn a_wrong_number_of_columns_is_refused() {
    for (contents, at) in [
        ("1,2\n", "1:1: 2 columns"),
        ("1,2,0\n1,2,3,0\n", "2:1: 4 columns"),
        ("1,2,0\r\n1,2,0\r\n1,2,0,\r\n", "3:1: 4 columns"),
        ("1,2,0\r1,2,1\r", "1:1: 5 columns"),
    ] {
        assert_eq!(refused(contents.as_bytes()), format!("a.dat:{at}, expected 3: {ROW}"));
    }
}

#[test]
fn another_separator_is_named() {
    for (contents, name) in
        [("1;2;0", "semicolons"), ("1\t2\t0", "tabs"), (" 1 2 0 ", "spaces"), ("1; 2; 0", "semicolons")]
    {
        let message = format!("a.dat:1:1: the fields are separated by {name}, expected {ROW}");
        assert_eq!(refused(contents.as_bytes()), message);
    }
}

#[test]
fn what_is_not_a_number_is_refused_with_a_word_on_headers() {
    for (contents, at) in [
        ("x,y,class\n1,2,0\n", "1:1: x"),
        ("1,2,0\n1,two,0\n", "2:3: two"),
        ("1,2,0\n1,2,Iris-setosa\n", "2:5: Iris-setosa"),
        ("é, ü,0\n", "1:1: é"),
        ("1, \t ü,0\n", "1:6: ü"),
        // Columns count characters: a no-break space is one, of two bytes.
        ("\u{A0}1,x,0\n", "1:4: x"),
        ("0x10,2,0", "1:1: 0x10"),
        ("1_000,2,0", "1:1: 1_000"),
        ("1,2 2,0", "1:3: 2 2"),
        ("1,-,0", "1:3: -"),
        ("\"1\",2,0", "1:1: \\\"1\\\""),
        // A byte order mark counts for nothing, a second one is text.
        ("\u{FEFF}x,y,class\n", "1:1: x"),
        ("\u{FEFF}\u{FEFF}1,2,0\n", "1:1: \\u{feff}1"),
        ("1,2\0,0\n", "1:3: 2\\0"),
        ("\0,2,0\n", "1:1: \\0"),
        ("1,2,0\u{1B}[31m", "1:5: 0\\u{1b}[31m"),
    ] {
        let message = format!("a.dat:{at} is not a number (a header line, if this is one, must be removed)");
        assert_eq!(refused(contents.as_bytes()), message);
    }
}

#[test]
fn a_number_that_is_not_finite_is_refused() {
    for (contents, at) in [
        ("nan,2,0", "1:1: nan"),
        ("1,2,0\n1,NaN,0", "2:3: NaN"),
        ("1, inf,0", "1:4: inf"),
        ("1,-infinity,0", "1:3: -infinity"),
        ("1,2,nan", "1:5: nan"),
        ("1,2,inf", "1:5: inf"),
    ] {
        assert_eq!(refused(contents.as_bytes()), format!("a.dat:{at} is not a finite number"));
    }
    for (contents, at) in [
        ("1.1e30,2,0", "1:1: 1.1e30"),
        ("1e309,2,0", "1:1: 1e309"),
        ("1,-1.8e308,0", "1:3: -1.8e308"),
        ("1,2,1e999", "1:5: 1e999"),
    ] {
        assert_eq!(
            refused(contents.as_bytes()),
            format!("a.dat:{at} is too large, expected numbers up to 1e30")
        );
    }
}

#[test]
fn an_empty_field_is_refused() {
    for (contents, at) in
        [(",2,0", "1:1"), ("1,,0", "1:3"), ("1,  ,0", "1:5"), ("1,2,0\n1,2,\n", "2:5"), (",,", "1:1")]
    {
        assert_eq!(refused(contents.as_bytes()), format!("a.dat:{at}: empty field, expected a number"));
    }
}

#[test]
fn a_class_that_is_not_one_of_k_is_refused() {
    for class in ["3", "-1", "0.5", "1.0000000000000002", "3.0", "18446744073709551616", "1e30", "-1e-300"] {
        let message = format!("a.dat:2:5: class {class}, expected an integer from 0 to 2");
        assert_eq!(refused(format!("1,2,0\n1,2,{class}\n").as_bytes()), message);
    }
}

#[test]
fn a_blank_line_before_a_row_is_refused() {
    for (contents, line) in [("1,2,0\n\n1,2,0\n", 2), ("1,2,0\n1,2,0\n \t\r\n\n1,2,0", 3), ("\n1,2,0\n", 1)] {
        let message =
            format!("a.dat:{line}:1: blank line before a row, expected a row or the end of the file");
        assert_eq!(refused(contents.as_bytes()), message);
    }
}

#[test]
fn bytes_that_are_not_utf8_are_refused() {
    for (contents, at) in [
        (&b"1,2,0\n1,\xFF,0\n"[..], "2:3: byte 0xFF"),
        (b"\xC3\xA9,\xE9,0\n", "1:3: byte 0xE9"),
        (b"1,2,0\xC3\n1,2,0\n", "1:6: byte 0xC3"),
        // UTF-16, as some spreadsheets save it.
        (b"\xFF\xFE1\0,\x002\0,\x000\0\n\0", "1:1: byte 0xFF"),
    ] {
        assert_eq!(refused(contents), format!("a.dat:{at} is not UTF-8, expected a text file"));
    }
}

#[test]
fn a_line_of_ten_megabytes_is_refused_in_a_short_message_or_read() {
    const LENGTH: usize = 10_000_000;
    let of = |text: &str| text.repeat(LENGTH / text.len());
    let message = format!("a.dat:1:1: 1 column, expected 3: {ROW}");
    assert_eq!(refused(of("x").as_bytes()), message);
    let message = format!("a.dat:1:1: 10000001 columns, expected 3: {ROW}");
    assert_eq!(refused(of(",").as_bytes()), message);
    let message = format!("a.dat:1:1: no rows, expected at least one of {ROW}");
    assert_eq!(refused(of(" ").as_bytes()), message);
    let (digits, forty) = (of("1"), "1".repeat(40));
    let message = format!("a.dat:1:3: {forty}… is too large, expected numbers up to 1e30");
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
    std::fs::write(&path, "1,2,0\r\n3,4,2\r\n").unwrap();
    assert_eq!(Data::read(&path).unwrap(), accepted(b"1,2,0\n3,4,2\n"));
    std::fs::write(&path, "1,2,0\n3,4,7\n").unwrap();
    let message = Data::read(&path).unwrap_err().to_string();
    std::fs::remove_file(&path).unwrap();
    let expected = format!("{}:2:5: class 7, expected an integer from 0 to 2", path.display());
    assert_eq!(message, expected);
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
    assert_eq!(data.select(&[2, 0, 2]), accepted(b"5,6,2\n1,2,0\n5,6,2\n"));
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
        Dataset::<2, 2>::parse("f", format!("0,1,0\n1,{text},1\n").as_bytes()).unwrap_err();
    }
}
