//! A crate that depends on backprop: reads beans.csv, checks the gradient, trains, keeps the best epoch, saves, predicts.

use std::fs;

use backprop::math::softmax::arg_max;
use backprop::training::checkpoint::Checkpoint;
use backprop::training::holdout::{hold_out, record};
use backprop::training::scaling::Scaling;
use backprop::{Batches, Dataset, Error, Hyperparameters, Init, Mlp1, Model, Rng, Split, WeightInit};

type Network = Mlp1<5, 8, 4>; // 5 inputs, 8 units, 4 classes

fn main() -> Result<(), Error> {
    let data = Dataset::<5, 4>::read("beans.csv", None)?;
    let [training, validation] = hold_out(&data).map(|rows| data.select(&rows));
    let (scaling, held_out) = (Scaling::of(&training), Some(record(&training)));
    let (training, validation) = (scaling.apply(&training), scaling.apply(&validation));

    let mut rng = Rng::new(0);
    let mut network = Network::initialised(&Init { weights: WeightInit::He, bias: 0.0 }, &mut rng);
    for verdict in backprop::check_gradient(&network, &training, 1e-3) {
        println!("{} {}", verdict.name, if verdict.is_correct() { "CORRECT" } else { "WRONG" });
    }

    let hyper = Hyperparameters { epochs: 200, step_size: 0.1, lambda: 1e-3 };
    let split = Split { training: &training, validation: Some(&validation) };
    let batches = Batches::Shuffled { size: 8, rng: &mut rng };
    let (mut best, mut least) = (None, f64::INFINITY);
    backprop::train(&mut network, split, batches, &hyper, |network, scores, rng| {
        if scores.validation_loss() < least {
            (best, least) = (Some((network.clone(), rng.cloned(), scores.epoch)), scores.validation_loss());
        }
        Ok::<(), Error>(())
    })?;

    let Some((model, Some(rng), epochs)) = best else { panic!("no epoch has a loss") };
    let (settings, names, scaling) = ("8 units".to_owned(), data.names().clone(), Some(scaling));
    let saved = Checkpoint { model, rng, epochs, seed: 0, settings, names, held_out, scaling };
    fs::write("beans.txt", saved.to_text("beans")).expect("writable");

    let text = fs::read("beans.txt").expect("readable");
    let read = Checkpoint::<Network, 5, 4>::parse("beans.txt", &text, "beans")?;
    assert_eq!(read, saved);
    for (row, &class) in data.samples().iter().zip(data.labels()).step_by(9) {
        let likeliest = arg_max(&read.probabilities(row));
        println!("{}: predicted {}", read.names.classes[class], read.names.classes[likeliest]);
    }
    Ok(())
}
