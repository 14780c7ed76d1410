// ConvNetJS. What it reports of a batch is taken as the mean of what it reports of each sample.
const convnet = require("convnetjs");
const { version } = require("convnetjs/package.json");
const { LAMBDA, cell, compareSteps, describe, spread } = require("./saved.js");

const connected = (net) => net.layers.filter((layer) => layer.layer_type === "fc");

function network(start) {
  const layers = start.filter((_, i) => i % 2).map(([biases]) => ({ type: "fc", num_neurons: biases.length, activation: "relu" }));
  layers.splice(-1, 1, { type: "softmax", num_classes: start.at(-1)[0].length });
  const net = new convnet.Net();
  net.makeLayers([{ type: "input", out_sx: 1, out_sy: 1, out_depth: start[0].length }, ...layers]);
  connected(net).forEach((layer, i) => {
    layer.filters.forEach((filter, j) => start[2 * i].forEach((row, d) => (filter.w[d] = row[j])));
    start[2 * i + 1][0].forEach((b, j) => (layer.biases.w[j] = b));
  });
  return net;
}

function train(start, x, y, l2_decay, batch_size, learning_rate) {
  const net = network(start);
  const trainer = new convnet.SGDTrainer(net, { method: "sgd", momentum: 0, learning_rate, batch_size, l2_decay });
  const loss = x.reduce((sum, row, n) => sum + trainer.train(new convnet.Vol(row), y[n]).loss, 0) / x.length;
  const weights = ({ filters }) => Array.from(filters[0].w, (_, d) => filters.map((filter) => filter.w[d]));
  return [loss, connected(net).flatMap((layer) => [weights(layer), Array.from(layer.biases.w)])];
}

async function main() {
  console.log(`library\tConvNetJS ${version}`);
  await compareSteps(train, (n) => LAMBDA * n); // its step divides the decay by the batch
  await describe(train);
  const moved = (n) => train([[[1, 0, 0]], [[1, 1, 1]]], Array(n).fill([1]), Array(n).fill(0), 0, 2, 1e-3)[1][1][0] - 1;
  cell("last", `2, and in the next epoch ${Math.round((moved(10) / moved(5) - 1) * 2)}`); // as of one epoch of 10
  const fresh = new convnet.Net();
  const input = { type: "input", out_sx: 1, out_sy: 1, out_depth: 100 };
  fresh.makeLayers([input, { type: "fc", num_neurons: 300, activation: "relu" }, { type: "softmax", num_classes: 3 }]);
  spread(fresh.layers[1].filters.flatMap((filter) => Array.from(filter.w)), fresh.layers[1].biases.w);
  const tied = network([[[0, 0, 0]], [[0, 0, 0]]]);
  tied.forward(new convnet.Vol([1]));
  cell("ties", tied.getPrediction());
  cell("precision", tied.layers[1].biases.w.constructor.name.replace("Array", "").toLowerCase());
}

main();
