// A scalar engine of node and link objects, in the manner of the browser playgrounds: what a reader's tab would do.
// Reads one work item as JSON from standard input, prints {seconds, losses}; gradient descent only.
"use strict";

const ACTIVATIONS = {
  tanh: [Math.tanh, (y) => 1 - y * y],
  relu: [(z) => Math.max(0, z), (y) => (y > 0 ? 1 : 0)],
  identity: [(z) => z, () => 1],
};
const LOSSES = { // value and slope of one sample's loss at the network's output
  squared: [(o, t) => (o - t) ** 2, (o, t) => 2 * (o - t)],
  logistic: [(o, t) => Math.log1p(Math.exp(-Math.abs(o))) + Math.max(o, 0) - t * o, (o, t) => 1 / (1 + Math.exp(-o)) - t],
};

class Unit {
  constructor(bias, activation) {
    Object.assign(this, { bias, activation, inputs: [], outputs: [], y: 0, slope: 0, biasSum: 0 });
  }
  forward() {
    let z = this.bias;
    for (const link of this.inputs) z += link.weight * link.source.y;
    this.y = this.activation[0](z);
  }
  backward() {
    this.slope *= this.activation[1](this.y);
    this.biasSum += this.slope;
    for (const link of this.inputs) link.sum += this.slope * link.source.y;
  }
  gather() {
    this.slope = 0;
    for (const link of this.outputs) this.slope += link.weight * link.target.slope;
  }
  update(rate) {
    this.bias -= rate * this.biasSum;
    this.biasSum = 0;
    for (const link of this.inputs) {
      link.weight -= rate * link.sum;
      link.sum = 0;
    }
  }
}

function build(item, params) { // params: weight (O, I), bias (O), ... of one member
  const layers = [Array.from({ length: item.sizes[0] }, () => new Unit(0, ACTIVATIONS.identity))];
  for (let depth = 1; depth < item.sizes.length; depth++) {
    const [weights, biases] = [params[2 * depth - 2], params[2 * depth - 1]];
    const name = depth < item.sizes.length - 1 ? item.activation : item.output;
    layers.push(weights.map((row, o) => {
      const unit = new Unit(biases[o], ACTIVATIONS[name]);
      row.forEach((weight, i) => {
        const link = { source: layers[depth - 1][i], target: unit, weight, sum: 0 };
        unit.inputs.push(link);
        link.source.outputs.push(link);
      });
      return unit;
    }));
  }
  return layers;
}

function forward(layers, x) {
  layers[0].forEach((unit, i) => { unit.y = x[i]; });
  for (let depth = 1; depth < layers.length; depth++) for (const unit of layers[depth]) unit.forward();
  return layers[layers.length - 1][0];
}

function train(item, params) { // one output; returns the loss of the batch after the last step
  const layers = build(item, params), [value, slope] = LOSSES[item.loss];
  for (let step = 0; step < item.steps; step++) {
    const batch = item.batches[step % item.batches.length];
    for (const n of batch) {
      const out = forward(layers, item.x[n]);
      out.slope = slope(out.y, item.y[n]);
      for (let depth = layers.length - 1; depth > 0; depth--) {
        for (const unit of layers[depth]) {
          if (unit !== out) unit.gather();
          unit.backward();
        }
      }
    }
    for (let depth = 1; depth < layers.length; depth++) {
      for (const unit of layers[depth]) unit.update(item.lr / batch.length);
    }
  }
  const last = item.batches[item.steps % item.batches.length];
  return last.reduce((sum, n) => sum + value(forward(layers, item.x[n]).y, item.y[n]), 0) / last.length;
}

const item = JSON.parse(require("fs").readFileSync(0, "utf8"));
train({ ...item, steps: 2 * item.steps }, item.params[0]); // compiled before the clock starts
const begun = process.hrtime.bigint();
const losses = item.params.map((params) => train(item, params));
console.log(JSON.stringify({ seconds: Number(process.hrtime.bigint() - begun) / 1e9, losses }));
