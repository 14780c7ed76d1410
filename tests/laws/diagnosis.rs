//! Findings about finished runs: each is true of its run, and its advice fits the cause.

use backprop::math::init::{Init, WeightInit};
use backprop::math::matrix::Matrix;
use backprop::math::mlp1::Mlp1;
use backprop::math::model::Model;
use backprop::math::rng::Rng;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::training::dataset::{Dataset, SPIRAL_TRAIN, XOR};
use backprop::training::diagnosis::FinishedRun;
use backprop::training::error::Error;
use backprop::training::train::{Batches, Hyperparameters, Split, Trainer, no_watch};

/// The findings of a run without its dead units, or why it diverged.
fn findings<M: Model<2, K>, const K: usize>(
    data: &Dataset<2, K>,
    deviation: f64,
    descent: Hyperparameters,
) -> Vec<String> {
    let init = Init { weights: WeightInit::Fixed(deviation), bias: 0.1 };
    let mut model = M::initialised(&init, &mut Rng::new(0));
    let mut trainer = Trainer::<M, 2, K, 4>::new();
    let Ok(history) = trainer.train(&mut model, Split::training(data), Batches::Full, &descent, no_watch);
    let run = FinishedRun::new(&model, data, &mut trainer, &history, &descent, Some(init));
    match run.divergence() {
        None => {
            let found = run.findings();
            found.into_iter().filter(|finding| !finding.starts_with("dead units")).collect()
        }
        Some(cause) => vec![Error::Diverged { epoch: history[history.len() - 1].epoch, cause }.to_string()],
    }
}

/// A start whose words matter and not its numbers: the parameters are given.
const GIVEN: Init = Init { weights: WeightInit::He, bias: 0.0 };

fn descent(epochs: u64, step_size: f64, lambda: f64) -> Hyperparameters {
    Hyperparameters { epochs, step_size, lambda }
}

fn assert_one(findings: &[String], parts: &[&str]) {
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(parts.iter().all(|part| findings[0].contains(part)), "{findings:?}");
}

fn scaled(factor: f64) -> Dataset<2, 3> {
    let spiral: Dataset<2, 3> = SPIRAL_TRAIN.load(None).unwrap();
    let samples = spiral.samples().iter().map(|sample| sample.map(|x| factor * x)).collect();
    Dataset::new(samples, spiral.labels().to_vec())
}

#[test]
fn a_run_that_learns_has_no_findings() {
    let xor = XOR.load(None).unwrap();
    assert_eq!(findings::<Mlp1<2, 16, 2>, 2>(&xor, 1.0, descent(300, 0.5, 0.0)), [""; 0]);
    assert_eq!(findings::<SoftmaxRegression<2, 3>, 3>(&scaled(1.0), 0.01, descent(100, 1.0, 0.0)), [""; 0]);
}

/// W − α·λW = (1 − αλ)·W grows if |1 − αλ| > 1, which for positive α and λ is αλ > 2.
#[test]
fn weight_decay_is_blamed_only_where_it_diverges_by_itself() {
    let xor = XOR.load(None).unwrap();
    let run = |step_size, lambda| {
        findings::<SoftmaxRegression<2, 2>, 2>(&xor, 1.0, descent(5000, step_size, lambda))
    };
    for (step_size, lambda, decay) in [(5.0, 0.5, "2.5"), (2.5, 1.0, "2.5"), (1e9, 1e-3, "1e6")] {
        let blame = format!("step size × λ = {decay} is above 2");
        assert_one(&run(step_size, lambda), &["training diverged", &blame, "smaller --step-size or --reg"]);
    }
    assert_one(&run(f64::MAX, 0.0), &["training diverged", "; try a smaller --step-size"]);
}

#[test]
fn a_loss_that_is_not_finite_before_any_step_is_no_fault_of_the_step() {
    let xor = XOR.load(None).unwrap();
    let weights = findings::<Mlp1<2, 6, 2>, 2>(&xor, 1e200, descent(10, 0.1, 0.0));
    assert_one(&weights, &["epoch 0", "before any step", "first parameters are too large", "smaller --init"]);
    let inputs = Dataset::<2, 2>::new(vec![[1e300, 0.0], [0.0, 1e300]], vec![0, 1]);
    let inputs = findings::<Mlp1<2, 6, 2>, 2>(&inputs, 1e5, descent(10, 0.1, 0.0));
    assert_one(&inputs, &["before any step", "inputs are too large, up to 1e300: try --standardize"]);
}

/// A unit with an infinite weight may be off for every sample: the loss alone does not tell.
#[test]
fn an_infinite_parameter_is_a_divergence_whatever_the_loss() {
    let data = Dataset::<2, 2>::new(vec![[1.0, 2.0], [2.0, 1.0]], vec![0, 1]);
    let (mut network, hyper) = (Mlp1::<2, 2, 2>::zeros(), descent(0, 1.0, 0.0));
    network.w1.fill(f64::NEG_INFINITY);
    let mut trainer = Trainer::<_, 2, 2, 4>::new();
    let Ok(history) = trainer.train(&mut network, Split::training(&data), Batches::Full, &hyper, no_watch);
    assert!(history[0].training.loss().is_finite());
    let run = FinishedRun::new(&network, &data, &mut trainer, &history, &hyper, Some(GIVEN));
    assert!(run.divergence().is_some());
}

#[test]
fn worse_than_guessing_is_said_with_its_cause() {
    let too_large = findings::<SoftmaxRegression<2, 3>, 3>(&scaled(1.0), 0.01, descent(300, 1000.0, 0.0));
    assert_one(
        &too_large,
        &["worse than guessing", "ln 3 = 1.098612", "step is too large", "smaller --step-size"],
    );
    let start = findings::<SoftmaxRegression<2, 3>, 3>(&scaled(1.0), 50.0, descent(3, 1.0, 0.0));
    assert_one(&start, &["worse than guessing", "it is still falling", "smaller --init"]);
    let pixels = findings::<SoftmaxRegression<2, 3>, 3>(&scaled(640.0), 0.01, descent(100, 1.0, 0.0));
    assert_one(
        &pixels,
        &["worse than guessing", "try --standardize (the inputs reach 613), a smaller --step-size"],
    );
    // The penalty is no part of it: with it, J is far above ln 2.
    let mut network = Mlp1::<2, 2, 2>::zeros();
    network.w1 = Matrix::from_rows([[10.0, -10.0], [-10.0, 10.0]]);
    network.w2 = Matrix::from_rows([[-1.0, 1.0], [-1.0, 1.0]]);
    network.b2 = Matrix::from_rows([[5.0, -5.0]]);
    let (xor, hyper) = (XOR.load(None).unwrap(), descent(1, 1e-9, 0.1));
    let mut trainer = Trainer::<_, 2, 2, 4>::new();
    let Ok(history) = trainer.train(&mut network, Split::training(&xor), Batches::Full, &hyper, no_watch);
    assert!(history[1].training.loss() > 20.0);
    assert_eq!(
        FinishedRun::new(&network, &xor, &mut trainer, &history, &hyper, Some(GIVEN)).findings(),
        [""; 0]
    );
}

#[test]
fn a_loss_that_has_not_moved_is_no_fault_of_the_start_alone_and_saved_parameters_have_no_start() {
    let slow = findings::<SoftmaxRegression<2, 3>, 3>(&scaled(1.0), 50.0, descent(5, 1e-300, 0.0));
    assert_one(&slow, &["it hardly moves: try a larger --step-size"]);
    let (data, hyper) = (scaled(1.0), descent(0, 1.0, 0.0));
    let init = Init { weights: WeightInit::Fixed(50.0), bias: 0.0 };
    let mut model = SoftmaxRegression::<2, 3>::initialised(&init, &mut Rng::new(0));
    let mut trainer = Trainer::<_, 2, 3, 4>::new();
    let Ok(history) = trainer.train(&mut model, Split::training(&data), Batches::Full, &hyper, no_watch);
    let run = FinishedRun::new(&model, &data, &mut trainer, &history, &hyper, None);
    let found = run.findings();
    assert!(found[0].ends_with("no step was made: the parameters do not fit these data"), "{found:?}");
    let made = FinishedRun { init: Some(init), ..run }.findings();
    assert!(made[0].ends_with("no step was made: try more --epochs, or a smaller --init"), "{made:?}");
}

/// The network that is reported may be that of an earlier epoch, as `--keep best` chooses it.
#[test]
fn the_steps_are_judged_by_the_whole_run() {
    let (data, hyper) = (scaled(1.0), descent(30, 1e4, 0.0));
    let init = Init { weights: WeightInit::Fixed(5.0), bias: 0.0 };
    let mut model = SoftmaxRegression::<2, 3>::initialised(&init, &mut Rng::new(0));
    let first = model.clone();
    let mut trainer = Trainer::<_, 2, 3, 4>::new();
    let Ok(history) = trainer.train(&mut model, Split::training(&data), Batches::Full, &hyper, no_watch);
    assert!(history[30].training.data_loss > history[0].training.data_loss);
    let run = FinishedRun::new(&first, &data, &mut trainer, &history, &hyper, Some(init));
    assert_eq!(run.data_loss, history[0].training.data_loss);
    let run = FinishedRun { kept: true, ..run };
    assert_one(&run.findings(), &["worse than guessing", "the step is too large"]);
    // If the steps are right, more of them would not change which epoch is kept.
    let hyper = descent(30, 0.1, 0.0);
    let mut model = first.clone();
    let Ok(history) = trainer.train(&mut model, Split::training(&data), Batches::Full, &hyper, no_watch);
    let run = FinishedRun::new(&first, &data, &mut trainer, &history, &hyper, Some(init));
    let run = FinishedRun { kept: true, ..run };
    assert_one(&run.findings(), &["worse than guessing", "since the kept epoch", "belong together?"]);
}

#[test]
fn a_loss_that_rises_under_the_penalty_is_no_fault_of_the_step() {
    let (data, hyper) =
        (Dataset::<2, 2>::new(vec![[1.0, 0.0], [0.0, 1.0]], vec![0, 1]), descent(30, 1e-2, 10.0));
    let mut model = SoftmaxRegression::<2, 2>::zeros();
    // The weight outweighs the bias until the penalty has taken it away.
    model.w[0] = [4.0, -4.0];
    model.b[0] = [-3.0, 3.0];
    let mut trainer = Trainer::<_, 2, 2, 4>::new();
    let Ok(history) = trainer.train(&mut model, Split::training(&data), Batches::Full, &hyper, no_watch);
    assert!(history.last().unwrap().training.data_loss > 1.01 * history[0].training.data_loss);
    let found = FinishedRun::new(&model, &data, &mut trainer, &history, &hyper, None).findings();
    let cause = "it rises while the cost with the penalty falls: try a smaller --reg or --step-size";
    assert!(found[0].starts_with("worse than guessing") && found[0].ends_with(cause), "{found:?}");
    // A cost that jumps is that of a step too large.
    let mut history = history;
    history[10].training.data_loss = 100.0;
    let found = FinishedRun::new(&model, &data, &mut trainer, &history, &hyper, None).findings();
    assert!(found[0].contains("so the step is too large"), "{found:?}");
}

/// At each place are two points of class 0 and one of class 1.
#[test]
fn where_the_cost_is_least_nothing_else_is_said_to_help() {
    let places = [[1.0, 2.0], [-2.0, 1.0], [3.0, -1.0]];
    let data = Dataset::<2, 2>::new(places.repeat(3), vec![0, 0, 0, 0, 0, 0, 1, 1, 1]);
    let found = findings::<SoftmaxRegression<2, 2>, 2>(&data, 0.1, descent(9000, 0.1, 0.0));
    assert_eq!(
        found,
        ["stuck: every sample is given class 0; the gradient is zero: no other parameters cost less"]
    );
    // Where there is nothing to learn, it is not the penalty's fault; where there is, it is.
    let same = findings::<SoftmaxRegression<2, 2>, 2>(&data, 0.1, descent(9000, 0.1, 1.0));
    assert_eq!(same, found);
    let rows = vec![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [2.0, 2.0], [2.0, 3.0]];
    let separable = Dataset::<2, 2>::new(rows, vec![0, 0, 0, 0, 1, 1]);
    let pressed = findings::<SoftmaxRegression<2, 2>, 2>(&separable, 0.1, descent(3000, 0.1, 10.0));
    assert_one(
        &pressed,
        &["the gradient is zero: with this penalty, no other", "; a smaller --reg may help"],
    );
    // Of inputs of unlike size, a gradient that counts may be small beside the others.
    let tiny = Dataset::<2, 2>::new(places.map(|[a, b]| [1e-9 * a, b]).repeat(3), data.labels().to_vec());
    let found = findings::<SoftmaxRegression<2, 2>, 2>(&tiny, 0.1, descent(9000, 0.1, 0.0));
    assert_one(&found, &["stuck: every sample is given class 0; --standardize, more --epochs"]);
    // With hidden units, the cost is not convex.
    let found = findings::<Mlp1<2, 4, 2>, 2>(&data, 0.1, descent(9000, 0.1, 0.0));
    assert_one(&found, &["stuck: every sample is given class 0; more --epochs"]);
}

#[test]
fn a_penalty_that_overflows_is_no_fault_of_the_inputs() {
    let found = findings::<Mlp1<2, 6, 2>, 2>(&XOR.load(None).unwrap(), 10.0, descent(5, 0.1, 1e308));
    assert_one(&found, &["before any step", "λ = 1e308 is too large: try a smaller --reg"]);
}

#[test]
fn one_class_is_not_stuck() {
    let one = Dataset::<2, 2>::new(vec![[0.0, 1.0], [1.0, 0.0]], vec![1, 1]);
    let found = findings::<SoftmaxRegression<2, 2>, 2>(&one, 0.01, descent(100, 1.0, 0.0));
    assert_eq!(found, ["all rows are of class 1: there is nothing to tell apart"]);
}

#[test]
fn stuck_is_said_with_what_fits() {
    let xor: Dataset<2, 2> = XOR.load(None).unwrap();
    let mut dead = Mlp1::<2, 4, 2>::zeros();
    dead.b1.values_mut().fill(-1.0);
    let mut trainer = Trainer::<_, 2, 2, 4>::new();
    let hyper = descent(10, 0.1, 0.0);
    let Ok(history) = trainer.train(&mut dead, Split::training(&xor), Batches::Full, &hyper, no_watch);
    let found = FinishedRun::new(&dead, &xor, &mut trainer, &history, &hyper, Some(GIVEN)).findings();
    assert_eq!(found[0], "dead units: 4 of 4 in hidden layer 1 (no sample switches them on)");
    assert!(
        found[1].starts_with("stuck: every sample is given class 0; all units of hidden layer 1 are dead")
    );
    assert!(
        found[1]
            .ends_with("a smaller --step-size, a larger --bias, --init mirrored or another --seed may help")
    );
    let mirrored = Init { weights: WeightInit::Mirrored, bias: 0.0 };
    let found = FinishedRun::new(&dead, &xor, &mut trainer, &history, &hyper, Some(mirrored)).findings();
    assert!(found[1].ends_with("a smaller --step-size, a larger --bias or another --seed may help"));
    // Loaded, there is one way out.
    let found = FinishedRun::new(&dead, &xor, &mut trainer, &history, &hyper, None).findings();
    assert!(
        found[1].ends_with("all units of hidden layer 1 are dead: a smaller --step-size may help"),
        "{found:?}"
    );

    let rising = Dataset::<2, 2>::new(vec![[0.0, 0.0], [1.0, 1.0], [1.0, 0.0]], vec![0, 1, 1]);
    let slow = findings::<SoftmaxRegression<2, 2>, 2>(&rising, 0.0, descent(1, 1e-9, 0.0));
    assert_one(&slow, &["stuck", "more --epochs or a larger --step-size may help"]);

    let far = Dataset::<2, 2>::new(vec![[0.0, 20.0], [1.0, 20.5], [1.0, 20.2]], vec![0, 1, 1]);
    let slow = findings::<SoftmaxRegression<2, 2>, 2>(&far, 0.0, descent(1, 1e-9, 0.0));
    assert_one(&slow, &["stuck", "; --standardize, more --epochs or a larger --step-size may help"]);

    let hopeless = Dataset::<2, 2>::new(vec![[1.0, 1.0]; 3], vec![0, 0, 1]);
    let found = findings::<Mlp1<2, 4, 2>, 2>(&hopeless, 0.1, descent(3000, 1.0, 0.0));
    assert_one(&found, &["all rows have the same inputs"]);

    let pressed = findings::<Mlp1<2, 4, 2>, 2>(&rising, 0.1, descent(300, 0.1, 1.0));
    assert_one(&pressed, &["stuck", "a smaller --reg"]);

    // It has learned where the rarer class is likelier, though never likeliest.
    let mut samples = vec![[0.0, 0.0]; 50];
    let mut labels = vec![0; 50];
    samples.extend(vec![[1.0, 1.0]; 50]);
    labels.extend((0..50).map(|n| usize::from(n % 5 < 2)));
    let rare =
        findings::<SoftmaxRegression<2, 2>, 2>(&Dataset::new(samples, labels), 0.01, descent(3000, 1.0, 0.0));
    assert_one(&rare, &["every sample is given class 0, though not with the same probability"]);
}
