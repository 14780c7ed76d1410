//! One step of back-propagation on XOR, small enough for a calculator: every quantity of the handout's equations with its
//! numbers, and the line of code that computes it.
//!
//! The numbers are those of [`Mlp1`] itself, with two hidden units. Only h_pre and ∂J/∂h, which it does not store, are
//! computed beside it, by the formulas on its page.

use crate::math::matrix::Matrix;
use crate::math::mlp1::{Mlp1, Pass};
use crate::math::model::Model as _;
use crate::math::softmax::{cross_entropy, softmax};
use crate::proof::xor_gate::{INPUTS, xor};
use crate::training::dataset::Dataset;
use crate::training::numbers::typeset;
use crate::training::train::{Score, Trainer};

/// The number of samples.
const N: usize = 4;
/// The step size α.
pub const ALPHA: f64 = 1.0;
/// The regularisation coefficient λ.
pub const LAMBDA: f64 = 0.1;

/// The numbers of a matrix, row by row.
pub type Rows = Vec<Vec<f64>>;

/// One step in numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct OneStep {
    /// Name and numbers of X, y, W₁, b₁, W₂ and b₂ before the step.
    pub given: [(&'static str, Rows); 6],
    /// All that is computed, in order.
    pub quantities: [Quantity; 17],
    /// Eq. 8 before the step.
    pub score: Score,
    /// Eq. 8 after the step.
    pub score_after: Score,
}

/// A quantity of the step.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// The number of its equation.
    pub equation: &'static str,
    /// Its name in the handout.
    pub name: &'static str,
    /// The equation.
    pub formula: &'static str,
    /// The line that computes it, as it stands in a file, and that file.
    pub code: [&'static str; 2],
    /// The numbers.
    pub rows: Rows,
    /// How one of them is worked out.
    pub worked: String,
}

impl OneStep {
    /// Computes the step.
    pub fn computed() -> Self {
        // Its second unit is on at (0, 0) alone, and it gets two of the four points right.
        let before = Mlp1 {
            w1: Matrix::from_rows([[0.5, -0.7], [0.4, -0.9]]),
            b1: Matrix::from_rows([[0.4, 0.2]]),
            w2: Matrix::from_rows([[0.2, -0.9], [1.0, 0.3]]),
            b2: Matrix::from_rows([[0.2, -0.2]]),
        };
        let x = Matrix::from_rows(INPUTS);
        let labels = INPUTS.map(|inputs| usize::from(xor(inputs) == 1.0));
        let data = Dataset::new(INPUTS.to_vec(), labels.to_vec());
        let mut trainer = Trainer::<_, 2, 2, N>::new();
        let score = trainer.gradient(&before, &data, 0..N, LAMBDA);
        let (gradient, Pass { h, f, d_f, d_h_pre }) = (trainer.last_gradient(), &trainer.pass);
        let mut after = before.clone();
        after.descend(ALPHA, gradient);
        let score_after = Trainer::<_, 2, 2, N>::new().evaluate(&after, &data, LAMBDA);

        let [mut h_pre, mut d_h, mut p] = [Matrix::zeros(), Matrix::zeros(), Matrix::zeros()];
        softmax(f, &mut p);
        x.times(&before.w1).plus(&before.b1).store(&mut h_pre);
        let open = Matrix::from_rows([[1.0; 2]; N]);
        d_f.times_transposed(&before.w2).where_positive(&open).store(&mut d_h);

        let losses = cross_entropy(f, &labels);
        let Score { data_loss, penalty, .. } = score;
        let cost = format!("{} + {LAMBDA}/2·{}", short(data_loss), short(before.penalty(2.0)));
        let step = |after: Rows, theta: f64, d_theta: f64| {
            (after, format!("{} − {ALPHA}·{}", short(theta), factor(d_theta)), [0, 0])
        };
        let with_penalty =
            |products: String, weight: f64| format!("{products} + {LAMBDA}·{}", factor(weight));
        let Mlp1 { w1, b1, w2, b2 } = &before;
        let Mlp1 { w1: d_w1, b1: d_b1, w2: d_w2, b2: d_b2 } = gradient;
        // Worked out is an entry of the sample (1, 0) in row 2, or the first; of Eq. 9 and 10, one whose gate is closed.
        let n = 2;
        let softmax = format!("e^{0} / (e^{0} + e^{1})", factor(f[n][0]), factor(f[n][1]));
        let computed: [(Rows, String, [usize; 2]); 17] = [
            (rows(&h_pre), format!("{} + {}", products(&x[n], &column(w1)), factor(b1[0][0])), [n, 0]),
            (rows(h), format!("max(0, {})", short(h_pre[n][0])), [n, 0]),
            (rows(f), format!("{} + {}", products(&h[n], &column(w2)), factor(b2[0][0])), [n, 0]),
            (rows(&p), softmax, [n, 0]),
            (losses.map(|loss| vec![loss]).to_vec(), format!("−ln {}", short(p[n][1])), [n, 0]),
            (vec![vec![data_loss], vec![penalty], vec![score.loss()]], cost, [2, 0]),
            (rows(d_f), format!("({} − 0)/{N}", short(p[n][0])), [n, 0]),
            (rows(d_w2), with_penalty(products(&column(h), &column(d_f)), w2[0][0]), [0, 0]),
            (rows(d_b2), column(d_f).map(factor).join(" + "), [0, 0]),
            (rows(&d_h), products(&d_f[n], &w2[1]), [n, 1]),
            (rows(d_h_pre), format!("{}·0", short(d_h[n][1])), [n, 1]),
            (rows(d_w1), with_penalty(products(&column(&x), &column(d_h_pre)), w1[0][0]), [0, 0]),
            (rows(d_b1), column(d_h_pre).map(factor).join(" + "), [0, 0]),
            step(rows(&after.w1), w1[0][0], d_w1[0][0]),
            step(rows(&after.b1), b1[0][0], d_b1[0][0]),
            step(rows(&after.w2), w2[0][0], d_w2[0][0]),
            step(rows(&after.b2), b2[0][0], d_b2[0][0]),
        ];
        let mut table = TABLE.lines();
        let quantities = computed.map(|(rows, worked, [row, column])| {
            let columns: Vec<&str> = table.next().unwrap_or_default().split(" | ").map(str::trim).collect();
            let [equation, name, formula, line, file] = columns[..] else { unreachable!("five columns") };
            let worked = format!("{worked} = {}", short(rows[row][column]));
            Quantity { equation, name, formula, code: [line, file], rows, worked }
        });
        let classes = labels.map(|class| vec![class as f64]).to_vec();
        let mut numbers = [rows(&x), classes, rows(w1), rows(b1), rows(w2), rows(b2)].into_iter();
        let given = ["X", "y", "W₁", "b₁", "W₂", "b₂"].map(|name| (name, numbers.next().unwrap_or_default()));
        OneStep { given, quantities, score, score_after }
    }
}

/// Equation, name, formula, code and file of each quantity.
const TABLE: &str = "\
6  | h_pre     | X·W₁ + b₁                  | let h_pre = x.times(w1).plus(b1);                         | src/math/mlp1.rs
6  | h         | φ(h_pre)                   | h_pre.relu().store(h);                                    | src/math/mlp1.rs
7  | f         | h·W₂ + b₂                  | h.times(w2).plus(b2).store(f);                            | src/math/mlp1.rs
1  | p         | softmax(f)                 | p[n][k] /= sums[n];                                       | src/math/softmax.rs
1  | loss      | −log p_y                   | losses[n] += self.maxima[n] - f[n][labels[n]];            | src/math/softmax.rs
8  | J         | mean loss + (λ/2)·ΣW²      | self.data_loss + self.penalty                             | src/training/score.rs
2  | ∂J/∂f     | (p − 1[y])/N               | let gradient = one_over_n * (shares.p[n][k] - one_hot);   | src/math/softmax.rs
11 | ∂J/∂W₂    | hᵀ·∂J/∂f + λW₂             | h.transposed_times(d_f).plus(start, w2).store(&mut g.w2); | src/math/mlp1.rs
12 | ∂J/∂b₂    | Σₙ ∂J/∂f                   | d_f.column_sums().plus(start).store(&mut g.b2);  | src/math/mlp1.rs
9  | ∂J/∂h     | ∂J/∂f·W₂ᵀ                  | let d_h = d_f.times_transposed(w2);                       | src/math/mlp1.rs
10 | ∂J/∂h_pre | ∂J/∂h ⊗ 1[h_pre > 0]       | d_h.where_positive(h).store(d_h_pre);                     | src/math/mlp1.rs
13 | ∂J/∂W₁    | Xᵀ·∂J/∂h_pre + λW₁         | x.transposed_times(d_h_pre).plus(start, w1).store(&mut g.w1); | src/math/mlp1.rs
14 | ∂J/∂b₁    | Σₙ ∂J/∂h_pre               | d_h_pre.column_sums().plus(start).store(&mut g.b1); | src/math/mlp1.rs
15 | W₁        | W₁ − α·∂J/∂W₁              | self.w1.descend(alpha, &g.w1);                            | src/math/mlp1.rs
15 | b₁        | b₁ − α·∂J/∂b₁              | self.b1.descend(alpha, &g.b1);                            | src/math/mlp1.rs
16 | W₂        | W₂ − α·∂J/∂W₂              | self.w2.descend(alpha, &g.w2);                            | src/math/mlp1.rs
16 | b₂        | b₂ − α·∂J/∂b₂              | self.b2.descend(alpha, &g.b2);                            | src/math/mlp1.rs";

/// The rows of a matrix.
fn rows<const R: usize, const C: usize>(matrix: &Matrix<R, C>) -> Rows {
    matrix.iter().map(|row| row.to_vec()).collect()
}

/// The first column of a matrix.
fn column<const R: usize>(matrix: &Matrix<R, 2>) -> [f64; R] {
    matrix.map(|row| row[0])
}

/// The numbers of a matrix as people write them: all with four decimals, or with fewer if those say all of each.
pub fn written(rows: &[Vec<f64>]) -> Vec<Vec<String>> {
    let is_exact = |&decimals: &usize| {
        rows.iter().flatten().all(|number| {
            format!("{number:.decimals$}").parse().is_ok_and(|written: f64| (written - number).abs() < 1e-12)
        })
    };
    let decimals = (0..4).find(is_exact).unwrap_or(4);
    let text = |number: &f64| typeset(&format!("{number:.decimals$}"));
    rows.iter().map(|row| row.iter().map(text).collect()).collect()
}

/// A number alone.
fn short(number: f64) -> String {
    written(&[vec![number]]).concat().concat()
}

/// A number of a sum or product.
fn factor(number: f64) -> String {
    if number < 0.0 { format!("({})", short(number)) } else { short(number) }
}

/// The sum of the products of two rows.
fn products(a: &[f64], b: &[f64]) -> String {
    let products = a.iter().zip(b).map(|(&a, &b)| format!("{}·{}", factor(a), factor(b)));
    products.collect::<Vec<_>>().join(" + ")
}
