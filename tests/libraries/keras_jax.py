"""Keras on JAX, in 64 bits."""

import os

os.environ["KERAS_BACKEND"] = "jax"
import jax
import keras
import numpy as np
from keras import ops
from saved import LAMBDA, cell, compare_steps, describe, deviation, spread

print("library", f"Keras {keras.__version__} (jax)", sep="\t")
cell("precision", keras.config.floatx())
jax.config.update("jax_enable_x64", True)
keras.config.set_floatx("float64")


def train(start, x, y, l2, batch, size, softmax=False):
    layers = [keras.layers.Dense(b.size, "relu", kernel_regularizer=keras.regularizers.L2(l2)) for b in start[1::2]]
    layers[-1].activation = keras.activations.get("softmax" if softmax else "linear")
    net = keras.Sequential([keras.Input([len(start[0])]), *layers])
    net.set_weights([w.ravel() if i % 2 else w for i, w in enumerate(start)])
    net.compile(keras.optimizers.SGD(size), keras.losses.SparseCategoricalCrossentropy(from_logits=not softmax))
    return net.fit(x, y, batch, verbose=0).history["loss"][0], net.get_weights()


compare_steps(train, lambda n: LAMBDA / 2)  # its penalty has no ½
describe(train)
certain = [[np.array([[0.0, 1000, 0]]), np.zeros((1, 3))], np.ones((1, 1)), np.zeros(1, int), 0.0, 1, 1e-9]
cell("certain", f"{train(*certain, softmax=True)[0]:.4g} from p; {train(*certain)[0]:.4g} from scores")
slopes = [float(jax.grad(f)(0.0)) for f in (keras.activations.relu, lambda x: ops.maximum(x, 0.0))]
cell("kink", "{:g}; maximum {:g}".format(*slopes))
spread(*keras.Sequential([keras.Input([100]), keras.layers.Dense(300)]).get_weights())
scaling = keras.layers.Normalization()
scaling.adapt(np.array([[0.0], [2.0]]))
deviation(scaling.variance[0, 0])
cell("ties", ops.argmax(np.zeros(3)))
