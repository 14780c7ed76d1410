// TensorFlow.js on its backend in JavaScript, which computes in 32 bits.
const tf = require("@tensorflow/tfjs");
const { LAMBDA, cell, compareSteps, describe, spread } = require("./saved.js");

async function train(start, x, y, l2, batchSize, size, softmax = false) {
  const net = tf.sequential();
  for (let i = 0; i < start.length; i += 2) {
    const activation = i + 2 < start.length ? "relu" : softmax ? "softmax" : "linear";
    const [units, inputShape, kernelRegularizer] = [start[i + 1][0].length, [start[i].length], tf.regularizers.l2({ l2 })];
    net.add(tf.layers.dense({ units, activation, inputShape, kernelRegularizer }));
  }
  net.setWeights(start.map((w, i) => (i % 2 ? tf.tensor1d(w[0]) : tf.tensor2d(w))));
  net.compile({ optimizer: tf.train.sgd(size), loss: softmax ? "categoricalCrossentropy" : (y, f) => tf.losses.softmaxCrossEntropy(y, f) });
  const classes = tf.oneHot(tf.tensor1d(y, "int32"), 3).toFloat();
  const { history } = await net.fit(tf.tensor2d(x), classes, { batchSize, verbose: 0 });
  return [history.loss[0], net.getWeights().map((w) => Array.from(w.dataSync()))];
}

async function main() {
  console.log(`library\tTensorFlow.js ${tf.version.tfjs}`);
  await tf.setBackend("cpu");
  await compareSteps(train, () => LAMBDA / 2); // its penalty has no ½
  await describe(train);
  const certain = [[[[0, 1000, 0]], [[0, 0, 0]]], [[1]], [0], 0, 1, 1e-9];
  cell("certain", `${(await train(...certain, true))[0].toPrecision(4)} from p; ${(await train(...certain))[0]} from scores`);
  const slopes = [tf.relu, (v) => tf.maximum(v, 0), (v) => tf.maximum(0, v)].map((f) => tf.grad(f)(tf.scalar(0)).dataSync()[0]);
  cell("kink", `${slopes[0]}; maximum(x, 0) ${slopes[1]}, maximum(0, x) ${slopes[2]}`);
  const fresh = tf.layers.dense({ units: 300, inputShape: [100] });
  fresh.build([null, 100]);
  spread(...fresh.getWeights().map((w) => Array.from(w.dataSync())));
  cell("deviation", tf.moments([0, 2]).variance.dataSync()[0] === 1 ? "N" : "N − 1");
  cell("ties", tf.argMax([0, 0, 0]).dataSync()[0]);
  cell("precision", tf.scalar(1).dtype);
}

main();
