//! Errors: what their messages say, where they come from, and the exit status they end a program with.
#![forbid(unsafe_code)]

use std::error::Error as _;
use std::io;
use std::path::Path;

use backprop::error::Error;

fn diverged(step_size: f64, lambda: f64) -> String {
    Error::Diverged { epoch: 7, step_size, lambda }.to_string()
}

/// W − α·λW = (1 − αλ)·W grows if |1 − αλ| > 1, which for positive α and λ is αλ > 2.
#[test]
fn weight_decay_is_blamed_only_where_it_diverges_by_itself() {
    let start = "training diverged: the loss in epoch 7 is not finite (step size";
    for (step_size, lambda, decay) in [(5.0, 0.5, "2.5"), (2.5, 1.0, "2.5"), (1e9, 1e-3, "1000000")] {
        let message = diverged(step_size, lambda);
        let blame = format!(
            "; step size × λ = {decay} is above 2, where the weight decay alone makes every weight larger"
        );
        assert!(message.starts_with(start) && message.contains(&blame), "{message}");
        assert!(message.ends_with("try a smaller --step-size or --reg"), "{message}");
    }
    for (step_size, lambda) in [(2.0, 1.0), (4.0, 0.5), (1e6, 0.0), (0.5, 0.1)] {
        let message = diverged(step_size, lambda);
        assert!(message.starts_with(start) && message.ends_with("); try a smaller --step-size"), "{message}");
    }
}

#[test]
fn only_a_mistake_in_the_command_line_exits_with_2() {
    let reason = || io::Error::other("reason");
    let errors = [
        Error::Usage("x".to_owned()),
        Error::file(Path::new("f"), "read", reason()),
        Error::Output(reason()),
        Error::WrongGradient,
        Error::Diverged { epoch: 1, step_size: 1.0, lambda: 0.0 },
    ];
    assert_eq!(errors.each_ref().map(Error::exit_status), [2, 1, 1, 1, 1]);
    // The system's reason is the source of those that have one.
    assert_eq!(errors.each_ref().map(|error| error.source().is_some()), [false, true, true, false, false]);
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
