//! The gradient check with many seeds.

use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::rng::Rng;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::programs::experiments::side_by_side;
use backprop::programs::settings::{PROB1C, PROB1D, PROB2A};
use backprop::proof::gradient_check::{AsPrinted, COURSE_THRESHOLD, Check, EPSILON, SOME_OFF, of_the_course};
use backprop::training::dataset::{Dataset, IRIS_TRAIN, SPIRAL_TRAIN, Source, XOR};

use super::section::{fill, hold};
use super::tuning::ranking::markdown;
use super::tuning::study::{STUDIES, Study};

const SEEDS: u64 = 30;

/// Checks of a network's parameters: all; CORRECT; with an error of Eq. 5 above the course's threshold; of these, with an entry
/// for which a hidden unit switches within ±ε; of the others, with an error below it where no digits cancel.
type Tally = [usize; 5];

/// The names of a network's parameters and their checks with each seed, where the starter's check begins with weights of this
/// deviation, and where more units are off.
fn tally<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    deviation: f64,
    data: &Source,
) -> (String, Tally) {
    let data: Dataset<D, K> = data.load(None).expect("it is inside the program");
    let (mut names, mut tally) = (String::new(), [0; 5]);
    let points = (0..SEEDS).flat_map(|seed| [of_the_course(deviation), SOME_OFF].map(|init| (seed, init)));
    for (seed, init) in points {
        let check = Check::<M, D, K, N>::new(&init, &mut Rng::new(seed), &data);
        let verdicts = check.verdicts();
        names = verdicts.iter().map(|verdict| verdict.name).collect::<Vec<_>>().join(", ");
        let printed = check.as_printed(EPSILON);
        for (verdict, AsPrinted { error, unrounded, crossing, .. }) in verdicts.iter().zip(printed) {
            let (is_above, is_kink) = (error > COURSE_THRESHOLD, crossing > 0);
            let is_rounding = is_above && !is_kink && unrounded <= COURSE_THRESHOLD;
            let counted = [true, verdict.is_correct(), is_above, is_above && is_kink, is_rounding];
            tally.iter_mut().zip(counted).for_each(|(count, is_one)| *count += usize::from(is_one));
        }
    }
    (names, tally)
}

/// The gradient checks of the programs' networks with many seeds, the programs' own among them, on the built-in data.
pub(crate) fn checks() -> String {
    const H: usize = PROB2A.tuned.hidden;
    let networks: [&(dyn Fn() -> (String, Tally) + Sync); 6] = [
        &|| tally::<SoftmaxRegression<2, 2>, 2, 2, 4>(0.01, &XOR),
        &|| tally::<SoftmaxRegression<2, 3>, 2, 3, 20>(0.01, &SPIRAL_TRAIN),
        &|| tally::<Mlp1<2, { PROB1C.tuned.hidden }, 2>, 2, 2, 4>(0.05, &XOR),
        &|| tally::<Mlp1<2, { PROB1D.tuned.hidden }, 3>, 2, 3, 20>(0.05, &SPIRAL_TRAIN),
        &|| tally::<Mlp1<4, H, 3>, 4, 3, 10>(0.05, &IRIS_TRAIN),
        &|| tally::<Mlp2<4, H, H, 3>, 4, 3, 10>(0.05, &IRIS_TRAIN),
    ];
    let tallies = side_by_side(&networks, |network| network());
    let row = |(study, (names, tally)): (&Study, &(String, Tally))| {
        let [all, correct, above, kinks, _] = tally.map(|count| count.to_string());
        let problem = study.problem.short().to_owned();
        vec![problem, names.clone(), format!("{correct} of {all}"), above, kinks]
    };
    let rows: Vec<Vec<String>> = STUDIES.iter().zip(&tallies).map(row).collect();
    let table = markdown(&["problem", "parameters", "CORRECT", "Eq. 5 above 1e-8", "with a kink"], &rows);
    let [all, correct, above, kinks, rounding] =
        [0, 1, 2, 3, 4].map(|n| tallies.iter().map(|(_, tally)| tally[n]).sum::<usize>());
    let truncation = above - kinks - rounding;
    let text = fill!("checks.md"; table, all, above, kinks, truncation, rounding);
    hold(text, &[("of 30 seeds at both points", SEEDS == 30 && correct == all)])
}
