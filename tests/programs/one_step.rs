//! The one step of back-propagation that `prob1c --one-step` prints: every number, equation and line of code.
#![expect(
    clippy::disallowed_methods,
    reason = "the platform's own as a witness, within the four decimals that are printed"
)]

use std::fs;
use std::path::Path;

use crate::common::{folder, stdout};
use backprop::proof::one_step::{OneStep, Quantity, written};

const X: [[f64; 2]; 4] = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
const Y: [usize; 4] = [0, 1, 1, 0];
const ALPHA: f64 = 1.0;
const LAMBDA: f64 = 0.1;

type Rows = Vec<Vec<f64>>;

/// Θ = {W₁, b₁, W₂, b₂}.
type Network = [Rows; 4];

fn start() -> Network {
    [
        vec![vec![0.5, -0.7], vec![0.4, -0.9]],
        vec![vec![0.4, 0.2]],
        vec![vec![0.2, -0.9], vec![1.0, 0.3]],
        vec![vec![0.2, -0.2]],
    ]
}

/// A matrix of these sizes, entry by entry.
fn rows(height: usize, width: usize, entry: impl Fn(usize, usize) -> f64) -> Rows {
    (0..height).map(|r| (0..width).map(|c| entry(r, c)).collect()).collect()
}

/// h_pre, h, f, p, the losses and the three parts of J.
fn forward([w1, b1, w2, b2]: &Network) -> [Rows; 6] {
    let h_pre = rows(4, 2, |n, u| X[n][0] * w1[0][u] + X[n][1] * w1[1][u] + b1[0][u]);
    let h = rows(4, 2, |n, u| if h_pre[n][u] > 0.0 { h_pre[n][u] } else { 0.0 });
    let f = rows(4, 2, |n, k| h[n][0] * w2[0][k] + h[n][1] * w2[1][k] + b2[0][k]);
    let p = rows(4, 2, |n, k| f[n][k].exp() / (f[n][0].exp() + f[n][1].exp()));
    let losses = rows(4, 1, |n, _| -p[n][Y[n]].ln());
    let mean = losses.iter().map(|loss| loss[0]).sum::<f64>() / 4.0;
    let penalty = LAMBDA / 2.0 * w1.iter().chain(w2).flatten().map(|w| w * w).sum::<f64>();
    [h_pre, h, f, p, losses, vec![vec![mean], vec![penalty], vec![mean + penalty]]]
}

/// Everything in the order in which it is printed, by loops over samples, units and classes.
fn expected() -> Vec<Rows> {
    let [w1, b1, w2, b2] = start();
    let [h_pre, h, f, p, losses, cost] = forward(&start());
    let sum = |term: &dyn Fn(usize) -> f64| (0..4).map(term).sum::<f64>();
    let d_f = rows(4, 2, |n, k| (p[n][k] - if Y[n] == k { 1.0 } else { 0.0 }) / 4.0);
    let d_w2 = rows(2, 2, |u, k| sum(&|n| h[n][u] * d_f[n][k]) + LAMBDA * w2[u][k]);
    let d_b2 = rows(1, 2, |_, k| sum(&|n| d_f[n][k]));
    let d_h = rows(4, 2, |n, u| d_f[n][0] * w2[u][0] + d_f[n][1] * w2[u][1]);
    let d_h_pre = rows(4, 2, |n, u| if h_pre[n][u] > 0.0 { d_h[n][u] } else { 0.0 });
    let d_w1 = rows(2, 2, |i, u| sum(&|n| X[n][i] * d_h_pre[n][u]) + LAMBDA * w1[i][u]);
    let d_b1 = rows(1, 2, |_, u| sum(&|n| d_h_pre[n][u]));
    let step =
        |theta: &Rows, d_theta: &Rows| rows(theta.len(), 2, |r, c| theta[r][c] - ALPHA * d_theta[r][c]);
    let after = [step(&w1, &d_w1), step(&b1, &d_b1), step(&w2, &d_w2), step(&b2, &d_b2)];
    let [new_w1, new_b1, new_w2, new_b2] = after;
    vec![
        h_pre, h, f, p, losses, cost, d_f, d_w2, d_b2, d_h, d_h_pre, d_w1, d_b1, new_w1, new_b1, new_w2,
        new_b2,
    ]
}

#[test]
fn every_number_is_that_of_the_loops() {
    let OneStep { given, quantities, .. } = OneStep::computed();
    let [w1, b1, w2, b2] = start();
    let inputs = [X.map(|x| x.to_vec()).to_vec(), Y.map(|y| vec![y as f64]).to_vec(), w1, b1, w2, b2];
    for ((name, rows), expected) in given.iter().zip(&inputs) {
        assert_eq!(rows, expected, "{name}");
    }
    let expected = expected();
    assert_eq!(quantities.len(), expected.len());
    for (Quantity { name, rows, .. }, expected) in quantities.iter().zip(&expected) {
        assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), vec![expected[0].len(); expected.len()]);
        for (number, expected) in rows.iter().flatten().zip(expected.iter().flatten()) {
            // The order of a few sums of numbers up to 2.
            assert!((number - expected).abs() < 1e-14, "{number} of {name}, not {expected}");
        }
    }
}

#[test]
fn numbers_are_written_exactly_or_with_four_decimals() {
    let texts = |numbers: &[f64]| written(&[numbers.to_vec()]).concat();
    assert_eq!(texts(&[1.0, -2.0, -0.0]), ["1", "−2", "0"]);
    assert_eq!(texts(&[0.5, 1.0 - 0.55, -1e-16]), ["0.50", "0.45", "0.00"]);
    assert_eq!(texts(&[1.0 / 3.0, -0.5, -0.00004]), ["0.3333", "−0.5000", "0.0000"]);
}

#[test]
fn all_numbers_are_printed_with_their_equations_and_drawn() {
    let folder = folder("numbers");
    let text = stdout("prob1c", &folder, &["--one-step"]);
    let figure = fs::read_to_string(folder.join("out/prob1c/one_step.svg")).expect("it is written");
    let drawn: Vec<&str> = figure.split(['>', '<', ' ', ';']).collect();
    let OneStep { given, quantities, .. } = OneStep::computed();
    let mut rest = &text[..];
    let given = given.iter().map(|(name, rows)| (*name, rows));
    for (name, rows) in given.chain(quantities.iter().map(|quantity| (quantity.name, &quantity.rows))) {
        // In this order.
        for row in written(rows) {
            let line = row.iter().fold(String::new(), |line, number| format!("{line}{number:>9}"));
            rest = rest.split_once(&format!("{line}\n")).unwrap_or_else(|| panic!("{name}: {line}")).1;
            for number in row {
                assert!(drawn.contains(&&number[..]), "{number} of {name}");
            }
        }
    }
    for Quantity { equation, name, formula, code: [code, file], worked, .. } in &quantities {
        let lines = format!(
            "  Eq. {equation}: {name} = {formula}\n    {code}  // {file}\n    for example {worked}\n"
        );
        assert!(text.contains(&lines), "{lines}");
    }
    let last = "The step takes J from 1.0838 to 0.7912, and 4 instead of 2 of the 4 points are right.";
    assert!(text.contains(last), "{text}");
}

/// The number that a printed one stands for.
fn number(text: &str) -> f64 {
    text.replace('−', "-").parse().unwrap_or_else(|_| panic!("{text:?} is no number"))
}

/// The value of `1·0.5 + 0·(−0.4) + …`, with factors such as `0.1/2`.
fn value(sum: &str) -> f64 {
    let factor = |text: &str| {
        let text = text.trim_matches(['(', ')']);
        text.split_once('/').map_or_else(|| number(text), |(a, b)| number(a) / number(b))
    };
    sum.split(" + ").map(|product| product.split('·').map(factor).product::<f64>()).sum()
}

#[test]
fn what_is_worked_out_is_right_to_the_digits_that_it_is_printed_with() {
    for Quantity { equation, name, worked, .. } in OneStep::computed().quantities {
        let (left, right) = worked.split_once(" = ").expect("an equation");
        let left = match name {
            "h" => number(left.trim_start_matches("max(0, ").trim_end_matches(')')),
            "loss" => -number(left.trim_start_matches("−ln ")).ln(),
            "p" => {
                let [a, b] = [0.38_f64, -1.01].map(f64::exp);
                assert_eq!(left, "e^0.38 / (e^0.38 + e^(−1.01))");
                a / (a + b)
            }
            "∂J/∂f" => (number(&left[1..7]) - 0.0) / 4.0,
            _ => left.split_once(" − ").map_or_else(|| value(left), |(a, b)| number(a) - value(b)),
        };
        // Factors rounded by 0.5e-4 each, times less than 1.4.
        assert!((left - number(right)).abs() < 3e-4, "Eq. {equation}: {worked}, not {left}");
    }
}

#[test]
fn each_line_of_code_stands_in_its_file_and_each_equation_of_the_network_is_there() {
    let quantities = OneStep::computed().quantities;
    for Quantity { equation, name, code: [code, file], .. } in &quantities {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let source = fs::read_to_string(path).expect("a file");
        let line = source.lines().map(str::trim_start).find(|line| line.starts_with(code));
        let line = line.unwrap_or_else(|| panic!("{code} is not in {file}"));
        // The first line of a pair names the equation.
        let second = ["h", "b₁", "b₂", "loss"].contains(name);
        assert!(second || line.contains(&format!("// Eq. ({equation})")), "{line} is not Eq. {equation}");
    }
    let equations: Vec<&str> = quantities.iter().map(|quantity| quantity.equation).collect();
    let order = "6 6 7 1 1 8 2 11 12 9 10 13 14 15 15 16 16";
    assert_eq!(equations, order.split(' ').collect::<Vec<_>>());
}
