//! Errors: what their messages say, where they come from, and the exit status they end a program with.

use std::io;
use std::path::Path;

use backprop::training::error::Error;

#[test]
fn only_a_mistake_in_the_command_line_exits_with_2() {
    let reason = || io::Error::other("reason");
    let errors = [
        Error::Usage("x".to_owned()),
        Error::file(Path::new("f"), "read", reason()),
        Error::Output(reason()),
        Error::Failed("x".to_owned()),
    ];
    assert_eq!(errors.each_ref().map(Error::exit_status), [2, 1, 1, 1]);
}

#[test]
fn advice_follows_the_reason_of_an_error_of_a_file_and_of_no_other() {
    let error = || Error::file(Path::new("f"), "read", io::Error::other("reason"));
    assert_eq!(error().to_string(), "cannot read f: reason");
    assert_eq!(error().advise("do this").to_string(), "cannot read f: reason; do this");
    let data = Error::Data { file: "f".to_owned(), line: 2, column: 3, problem: "p".to_owned() };
    assert_eq!(data.advise("do this").to_string(), "f:2:3: p");
}

#[test]
fn only_a_closed_pipe_is_one() {
    assert!(Error::Output(io::ErrorKind::BrokenPipe.into()).is_closed_pipe());
    assert!(!Error::Output(io::ErrorKind::StorageFull.into()).is_closed_pipe());
    assert!(!Error::file(Path::new("f"), "write", io::ErrorKind::BrokenPipe.into()).is_closed_pipe());
}
