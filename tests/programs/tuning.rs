//! `tune` and `answers` as their users run them. That their results are the committed ones is in `committed.rs`.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use crate::common::{command, failure, files, folder, stdout};

fn committed(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tuning").join(name);
    fs::read_to_string(path).expect("readable")
}

#[test]
fn the_parts_of_a_sweep_joined_by_cat_are_the_sweep_with_any_number_of_threads() {
    for threads in ["1", "3"] {
        let folder = folder(&format!("parts{threads}"));
        let tune = |arguments: &[&str]| stdout("tune", &folder, &[&["--only", "prob1a"], arguments].concat());
        for shard in ["1/3", "2/3", "3/3"] {
            tune(&["--shard", shard, "--threads", threads]);
        }
        let parts = files(&folder.join("data/tuning"));
        let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["prob1a-1-of-3.csv", "prob1a-2-of-3.csv", "prob1a-3-of-3.csv"]);
        let joined: Vec<u8> = parts.into_iter().rev().flat_map(|(_, contents)| contents).collect();
        let whole = folder.join("data/tuning/prob1a.csv");
        fs::write(&whole, joined).expect("writable");
        assert!(tune(&[]).contains(", 0 of them new"), "{threads} threads");
        assert!(fs::read_to_string(whole).expect("readable") == committed("prob1a.csv"), "{threads} threads");
    }
}

#[test]
fn a_sweep_that_was_killed_keeps_its_rows_and_ends_with_the_same_file() {
    let folder = folder("killed");
    let arguments = ["--only", "prob1b", "--threads", "2", "--out", "here"];
    let mut child =
        command("tune", &folder, &arguments).stdout(Stdio::null()).spawn().expect("the program starts");
    let file = folder.join("here/prob1b.csv");
    let rows = || fs::read_to_string(&file).unwrap_or_default().lines().count();
    while rows() < 5 && child.try_wait().expect("it is a child").is_none() {
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("it is a child");
    child.wait().expect("it is a child");
    let whole = committed("prob1b.csv");
    let begun = fs::read_to_string(&file).expect("readable");
    assert!(whole.starts_with(&begun), "the rows are in their order");

    let output = stdout("tune", &folder, &arguments);
    let kept = begun.matches('\n').count().saturating_sub(1) / 4;
    let (count, ranking) = output.split_once("\n\n").expect("what is done, then the ranking");
    assert_eq!(count, format!("here/prob1b.csv: 520 runs, {} of them new", 520 - kept));
    assert!(fs::read_to_string(&file).expect("readable") == whole);
    assert!(ranking.starts_with("# Problem 1b: "), "{ranking}");
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let folder = folder("unwritable");
    fs::write(folder.join("file"), "").expect("writable");
    for program in ["tune", "answers"] {
        let (status, error) = failure(program, &folder, &["--quiet", "--out", "file"]);
        assert_eq!(status, 1);
        assert!(error.contains("--out names another folder to write to"), "{error}");
    }
}

#[test]
fn rows_of_another_kind_are_not_overwritten() {
    let folder = folder("foreign");
    let file = folder.join("data/tuning/prob1a.csv");
    fs::create_dir_all(file.parent().expect("a folder")).expect("writable");
    fs::write(&file, "my,own,table\n").expect("writable");
    let (status, error) = failure("tune", &folder, &["--only", "prob1a"]);
    assert_eq!(status, 1);
    assert!(error.contains("data/tuning/prob1a.csv:1:1: expected the columns hidden,init,"), "{error}");
    assert_eq!(fs::read_to_string(&file).expect("readable"), "my,own,table\n");
}

/// Of another split of the flowers, the document has the questions, the results and the figures; and names from the files are
/// text, not marks.
#[test]
fn the_document_for_other_data_says_only_what_holds_for_them() {
    let folder = folder("others");
    let rows = ["iris_train.dat", "iris_test.dat"].map(|name| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
        fs::read_to_string(path).expect("readable")
    });
    let rows: Vec<&str> = rows.iter().flat_map(|rows| rows.lines()).collect();
    for (name, part) in [("iris_train.dat", &rows[40..]), ("iris_test.dat", &rows[..40])] {
        fs::write(folder.join(name), part.join("\n")).expect("writable");
    }
    // Every row but one is of a class that is called like a link and an element, and so is every prediction.
    let link = "[a](http://example.org)<b>*x*";
    let points = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(|x| format!("{x},0,{link}\n")).concat();
    fs::write(folder.join("xor.dat"), points + "9,0,`z`\n").expect("writable");
    let arguments = ["--quiet", "--data", ".", "--author", "A _B_ <c>"];
    let output = command("answers", &folder, &arguments).output().expect("the program starts");
    let table = String::from_utf8_lossy(&output.stdout);
    assert!(table.contains("of 10) | – | – | – |") && table.contains("of 40) | – | – |"), "{table}");
    let text = fs::read_to_string(folder.join("out/answers.md")).expect("written");
    for (words, stand) in [
        ("Not all data of this document are the built-in ones", true),
        ("## Problem 2b", true),
        ("> What ultimately happens", true),
        ("![prob2a/loss.svg](prob2a/loss.svg)", true),
        ("![prob1a/lines.svg]", false),
        ("Most of this is not critical", true),
        ("**Weight decay** keeps", false),
        ("One layer against two", false),
        ("## Gradient checks", false),
        ("Author: A \\_B\\_ \\<c\\>.", true),
        ("(http://example.org)", false),
    ] {
        assert_eq!(text.contains(words), stand, "{words}");
    }
    let page = fs::read_to_string(folder.join("out/answers.html")).expect("written");
    assert!(page.contains("[a](http://example.org)&lt;b&gt;*x*"), "the name is shown");
    assert!(!page.contains("<b>") && !page.contains("href") && !page.contains("<c>"));
    assert!(page.contains("Content-Security-Policy\" content=\"default-src 'none'"));
    // The flags that would help are those of the program.
    let far = "1e29,2e29,0\n-3e29,1e29,1\n2e29,-1e29,0\n1e29,1e29,1\n-1e29,-2e29,0\n";
    fs::write(folder.join("xor.dat"), far).expect("writable");
    let (status, message) = failure("answers", &folder, &["--quiet", "--data", "."]);
    let last = message.lines().last().unwrap_or_default();
    assert!(status == 1 && last.starts_with("answers: training diverged: "), "{message}");
    assert!(
        last.contains("--standardize") && last.ends_with("; prob1c --data . takes these flags"),
        "{message}"
    );
    let (status, message) = failure("answers", &folder, &["--data", "missing"]);
    assert!(
        status == 2 && message.starts_with("answers: --data missing: no folder with one of xor.dat, "),
        "{message}"
    );
}
