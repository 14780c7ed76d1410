//! The gradient check is right on any data: no correct gradient is called WRONG, no seeded mistake CORRECT.
//!
//! The counts are those of `verdicts.md`, by default of the first seed; `SEEDS=30 cargo test --test laws verdicts` compares all,
//! and with `REGENERATE=1` writes them there.

use std::fmt::Write as _;
use std::path::Path;
use std::{array, thread};

use crate::common::settle;
use backprop::math::exp_ln::exp;
use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::order::larger;
use backprop::math::rng::Rng;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::proof::gradient_check::{Check, LAMBDA, SOME_OFF, compare, of_the_course};
use backprop::training::dataset::{Dataset, IRIS_TRAIN, SPIRAL_TRAIN, XOR};

// Data

/// Samples as people bring them, made from the samples of a problem.
fn datasets<const D: usize, const K: usize>(problem: &Dataset<D, K>) -> Vec<(&'static str, Dataset<D, K>)> {
    let labels = || problem.labels().to_vec();
    let map = |change: &dyn Fn(usize, f64) -> f64| {
        let change = |sample: &[f64; D]| array::from_fn(|column| change(column, sample[column]));
        Dataset::new(problem.samples().iter().map(change).collect(), labels())
    };
    let mut rng = Rng::new(7);
    let mut random = |scale: f64| -> Vec<[f64; D]> {
        (0..60).map(|_| array::from_fn(|_| (scale * rng.uniform()).round())).collect()
    };
    let random_labels = || (0..60).map(|n| n % K).collect();
    let opposite = problem.samples().iter().map(|sample| sample.map(|x| -x));
    vec![
        ("as the handout has them", problem.clone()),
        ("inputs times 10⁻⁶", map(&|_, x| 1e-6 * x)),
        ("inputs times 10³", map(&|_, x| 1e3 * x)),
        ("inputs times 10⁹", map(&|_, x| 1e9 * x)),
        ("inputs times 10³⁰", map(&|_, x| 1e30 * x / 8.0)),
        ("columns from 10⁻⁶ to 10⁹", map(&|column, x| if column % 2 == 0 { 1e-6 * x } else { 1e9 * x })),
        ("inputs ±1 (XOR) or centred", map(&|_, x| 2.0 * x - 1.0)),
        (
            "each sample and its opposite, of one class",
            Dataset::new(
                problem.samples().iter().copied().chain(opposite).collect(),
                [labels(), labels()].concat(),
            ),
        ),
        ("pixels, 0 to 640", Dataset::new(random(640.0), random_labels())),
        ("bytes, 0 or 255", map(&|_, x| if x > 0.5 { 255.0 } else { 0.0 })),
        ("a year in the last column", map(&|column, x| if column + 1 == D { 2000.0 + x } else { x })),
        (
            "a time stamp in the first column",
            map(&|column, x| if column == 0 { 1.7e9 + 86400.0 * x } else { x }),
        ),
        ("one sample", problem.select(&[1])),
        ("one class", Dataset::new(problem.samples().to_vec(), vec![0; problem.len()])),
        (
            "equal samples of all classes",
            Dataset::new(vec![problem.samples()[1]; 3 * K], (0..3 * K).map(|n| n % K).collect()),
        ),
        ("zeros", Dataset::new(vec![[0.0; D]; 4], vec![0, 1, 1, 1])),
    ]
}

// Mistakes

const MISTAKES: [&str; 14] = [
    "2λW (the pair that the handout prints)",
    "λW forgotten",
    "λb added",
    "the last sample dropped",
    "1/N forgotten",
    "1/N twice in Eq. 11 and 12",
    "no gate in Eq. 10",
    "the gate 1[d_h > 0] in Eq. 10",
    "the gate h/h in Eq. 10",
    "W read by columns in Eq. 9",
    "one entry's sign flipped",
    "one entry NaN",
    "one entry off by 10⁻⁶ of it",
    "the last bias off by 10⁻⁶ of it",
];

/// The gradient by naive loops, with one of the mistakes or "".
fn naive_gradient<M: Model<D, K>, const D: usize, const K: usize>(
    model: &M,
    data: &Dataset<D, K>,
    mistake: &str,
    rng: &mut Rng,
) -> M {
    let theta = model.parameters();
    let mut gradient = M::zeros();
    let mut g = gradient.parameters_mut();
    let last = theta.len() / 2 - 1;
    let n = data.len() as f64;
    let used = data.len() - usize::from(mistake == "the last sample dropped");
    for (x, &y) in data.samples()[..used].iter().zip(data.labels()) {
        let mut inputs = vec![x.to_vec()];
        let mut f = Vec::new();
        for layer in 0..=last {
            let (w, b) = (&theta[2 * layer], &theta[2 * layer + 1]);
            let sum =
                |o: usize| (0..w.rows).map(|i| inputs[layer][i] * w.values[i * w.columns + o]).sum::<f64>();
            f = (0..w.columns).map(|o| b.values[o] + sum(o)).collect::<Vec<f64>>();
            inputs.push(f.iter().map(|&h_pre| if h_pre > 0.0 { h_pre } else { 0.0 }).collect());
        }
        let max = f.iter().fold(f64::NEG_INFINITY, |max, &f| if f > max { f } else { max });
        let sum: f64 = f.iter().map(|f| exp(f - max)).sum();
        let mut d: Vec<f64> =
            (0..K).map(|k| exp(f[k] - max) / sum - if k == y { 1.0 } else { 0.0 }).collect();
        let divisor = if mistake == "1/N forgotten" { 1.0 } else { n };
        for d in &mut d {
            *d /= divisor;
        }
        for layer in (0..=last).rev() {
            let (w, h) = (&theta[2 * layer], &inputs[layer]);
            let again = if layer == last && mistake == "1/N twice in Eq. 11 and 12" { n } else { 1.0 };
            for o in 0..w.columns {
                for i in 0..w.rows {
                    g[2 * layer].values[i * w.columns + o] += h[i] * d[o] / again;
                }
                g[2 * layer + 1].values[o] += d[o] / again;
            }
            let at = |i: usize, o: usize| {
                if mistake == "W read by columns in Eq. 9" { o * w.rows + i } else { i * w.columns + o }
            };
            let d_h = |i: usize| (0..w.columns).map(|o| d[o] * w.values[at(i, o)]).sum::<f64>();
            let gate = |i: usize, d_h: f64| match mistake {
                "no gate in Eq. 10" => 1.0,
                "the gate 1[d_h > 0] in Eq. 10" => f64::from(d_h > 0.0),
                #[expect(clippy::eq_op, reason = "0/0 where the unit is off")]
                "the gate h/h in Eq. 10" => h[i] / h[i],
                _ => f64::from(h[i] > 0.0),
            };
            d = (0..w.rows).map(|i| d_h(i) * gate(i, d_h(i))).collect();
        }
    }
    for (g, theta) in g.iter_mut().zip(&theta) {
        let lambda = match (theta.is_bias, mistake) {
            (false, "2λW (the pair that the handout prints)") => 2.0 * LAMBDA,
            (false, "λW forgotten") => 0.0,
            (true, "λb added") | (false, _) => LAMBDA,
            (true, _) => 0.0,
        };
        g.values.iter_mut().zip(theta.values).for_each(|(g, theta)| *g += lambda * theta);
    }
    let mut pick = |count: usize| usize::try_from(rng.below(count as u64)).unwrap();
    let parameter = pick(g.len());
    let entry = pick(g[parameter].values.len());
    match mistake {
        "one entry's sign flipped" => g[parameter].values[entry] *= -1.0,
        "one entry NaN" => g[parameter].values[entry] = -f64::NAN,
        "one entry off by 10⁻⁶ of it" => g[parameter].values[entry] *= 1.0 + 1e-6,
        "the last bias off by 10⁻⁶ of it" => {
            g[2 * last + 1].values.iter_mut().for_each(|g| *g *= 1.0 + 1e-6);
        }
        _ => {}
    }
    drop(g);
    gradient
}

// Counts

/// The verdicts on some data.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    /// Parameters of correct gradients, and those of them that are called WRONG.
    correct: usize,
    false_alarms: usize,
    /// The largest error of a correct gradient, as a share of its bound.
    worst: f64,
    /// For each mistake, the parameters that it changes by more than 10⁻⁶ of an entry: caught; missed; and within rounding:
    /// CORRECT, and the change is not above the bound, for the entry's terms cancel to 10⁻⁸ of them or less.
    mistakes: [[usize; 3]; MISTAKES.len()],
}

fn sum<'a>(mistakes: impl IntoIterator<Item = &'a [usize; 3]>) -> [usize; 3] {
    mistakes.into_iter().fold([0; 3], |sum, counts| array::from_fn(|n| sum[n] + counts[n]))
}

impl Counts {
    fn add(&mut self, other: &Self) {
        self.correct += other.correct;
        self.false_alarms += other.false_alarms;
        self.worst = larger(self.worst, other.worst);
        self.mistakes = array::from_fn(|n| sum([&self.mistakes[n], &other.mistakes[n]]));
    }
}

/// Counts the verdicts on a model M, at both of the programs' random points, in the order of [`datasets`].
fn count<M: Model<D, K>, const D: usize, const K: usize>(
    deviation: f64,
    problem: &Dataset<D, K>,
    seeds: u64,
) -> Vec<Counts> {
    let verdicts = |data: &Dataset<D, K>| {
        let mut counts = Counts::default();
        for (init, seed) in [of_the_course(deviation), SOME_OFF]
            .iter()
            .flat_map(|init| (0..seeds).map(move |seed| (init, seed)))
        {
            let check = Check::<M, D, K, 10>::new(init, &mut Rng::new(seed), data);
            let difference = &check.exact;
            let right = naive_gradient(&check.model, &check.data, "", &mut Rng::new(seed));
            for verdict in [&check.computed, &right].into_iter().flat_map(|g| compare(g, difference)) {
                counts.correct += 1;
                counts.false_alarms += usize::from(!verdict.is_correct());
                counts.worst = larger(counts.worst, verdict.share());
            }
            let bounds = difference.bound.parameters();
            for (mistake, counts) in MISTAKES.iter().zip(&mut counts.mistakes) {
                let faulty = naive_gradient(&check.model, &check.data, mistake, &mut Rng::new(seed));
                let verdicts = compare(&faulty, difference);
                for (parameter, right) in right.parameters().iter().enumerate() {
                    let (faulty, bound) = (faulty.parameters()[parameter].values, bounds[parameter].values);
                    // Below the bound an entry is zero but for rounding.
                    let is_changed = |entry: &usize| {
                        let (faulty, right) = (faulty[*entry], right.values[*entry]);
                        let size = larger(
                            0.99e-6 * right.abs(),
                            if right.abs() <= bound[*entry] { bound[*entry] } else { 0.0 },
                        );
                        faulty.is_nan() || (faulty - right).abs() > size
                    };
                    let mut changed = (0..right.values.len()).filter(is_changed).peekable();
                    if changed.peek().is_none() {
                        continue;
                    }
                    let is_small =
                        |entry: usize| (faulty[entry] - right.values[entry]).abs() <= 1.5 * bound[entry];
                    let what = if !verdicts[parameter].is_correct() {
                        0
                    } else if changed.all(is_small) {
                        2
                    } else {
                        1
                    };
                    counts[what] += 1;
                }
            }
        }
        counts
    };
    datasets(problem).iter().map(|(_, data)| verdicts(data)).collect()
}

/// The counts of all networks, for each of the data.
fn counts(seeds: u64) -> Vec<(&'static str, Counts)> {
    let (xor, spiral, iris) =
        (XOR.load(None).unwrap(), SPIRAL_TRAIN.load(None).unwrap(), IRIS_TRAIN.load(None).unwrap());
    let of_networks = thread::scope(|scope| {
        let networks = [
            scope.spawn(|| count::<SoftmaxRegression<2, 2>, 2, 2>(0.01, &xor, seeds)),
            scope.spawn(|| count::<SoftmaxRegression<2, 3>, 2, 3>(0.01, &spiral, seeds)),
            scope.spawn(|| count::<Mlp1<2, 9, 2>, 2, 2>(0.05, &xor, seeds)),
            scope.spawn(|| count::<Mlp1<2, 9, 3>, 2, 3>(0.05, &spiral, seeds)),
            scope.spawn(|| count::<Mlp1<4, 100, 3>, 4, 3>(0.05, &iris, seeds)),
            scope.spawn(|| count::<Mlp2<4, 9, 17, 3>, 4, 3>(0.05, &iris, seeds)),
        ];
        networks.map(|network| network.join().unwrap())
    });
    let mut sums: Vec<_> = datasets(&xor).iter().map(|(name, _)| (*name, Counts::default())).collect();
    for counts in &of_networks {
        sums.iter_mut().zip(counts).for_each(|((_, sum), counts)| sum.add(counts));
    }
    sums
}

const HEADING: &str = "# Verdicts of the gradient check

Six networks, two random points for each seed; rows count parameters (matrices and vectors). Correct gradients are those of
training and of naive loops. A mistake counts where it changes an entry by more than 10⁻⁶ of it; it is within rounding where
the entry's terms cancel so far that the change is not above the bound.
";

/// The counts as tables: by data, and by mistake.
fn tables(counts: &[(&str, Counts)], seeds: u64) -> String {
    let mut text = format!(
        "\n## Seeds: {seeds}\n\n\
         | data | correct gradients | called WRONG | largest error / bound | mistakes caught | missed | within rounding |\n\
         |---|---|---|---|---|---|---|\n"
    );
    for (name, counts) in counts {
        let Counts { correct, false_alarms, worst, .. } = counts;
        let [caught, missed, within] = sum(&counts.mistakes);
        let _ = writeln!(
            text,
            "| {name} | {correct} | {false_alarms} | {worst:.3} | {caught} | {missed} | {within} |"
        );
    }
    text.push_str("\n| mistake | caught | missed | within rounding |\n|---|---|---|---|\n");
    for (position, name) in MISTAKES.iter().enumerate() {
        let [caught, missed, within] = sum(counts.iter().map(|(_, counts)| &counts.mistakes[position]));
        let _ = writeln!(text, "| {name} | {caught} | {missed} | {within} |");
    }
    text
}

#[test]
fn on_any_data_correct_gradients_are_correct_and_mistakes_wrong() {
    let all = std::env::var("SEEDS").map_or(1, |seeds| seeds.parse().expect("a number of seeds"));
    let of_seeds = |seeds: u64| {
        let counts = counts(seeds);
        for (name, counts) in &counts {
            assert_eq!(counts.false_alarms, 0, "false alarms on {name}");
            let [caught, missed, within] = sum(&counts.mistakes);
            assert_eq!(missed, 0, "missed on {name}");
            assert!(within <= caught / 100, "{name}: {within} of {caught} within rounding");
        }
        tables(&counts, seeds)
    };
    let first = of_seeds(1);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/laws/verdicts.md");
    if all > 1 {
        settle(&path, [HEADING, &first, &of_seeds(all)].concat().as_bytes());
    } else {
        let committed = std::fs::read_to_string(path).unwrap();
        assert!(committed.contains(&first), "verdicts.md has other counts of the first seed:\n{first}");
    }
}
