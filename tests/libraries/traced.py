"""JAX or autograd: the loss is written out, the library differentiates it."""

import importlib
import importlib.metadata
import sys

import numpy
from saved import LAMBDA, cell, compare, deviation

library = importlib.import_module(sys.argv[1])
np = importlib.import_module(f"{sys.argv[1]}.numpy")
logsumexp = importlib.import_module(f"{sys.argv[1]}.scipy.special").logsumexp
print("library", f"{library.__name__} {importlib.metadata.version(library.__name__)}", sep="\t")
cell("precision", np.ones(1).dtype)
if library.__name__ == "jax":
    library.config.update("jax_enable_x64", True)


def loss(parameters, x, y):
    h = x
    for i in range(0, len(parameters) - 2, 2):
        f = h @ parameters[i] + parameters[i + 1]
        h = np.where(f > 0, f, 0.0)
    f = h @ parameters[-2] + parameters[-1]
    squares = sum(np.sum(w * w) for w in parameters[::2])
    return np.mean(logsumexp(f, axis=1) - f[numpy.arange(len(y)), y]) + LAMBDA / 2 * squares


compare(lambda start, x, y: (loss(start, x, y), library.grad(loss)([np.array(w) for w in start], x, y)))
slopes = [library.grad(lambda x: np.maximum(x, 0.0))(0.0), library.grad(lambda x: np.maximum(0.0, x))(0.0)]
kink = "maximum(x, 0) {:g}, maximum(0, x) {:g}".format(*map(float, slopes))
cell("kink", f"{library.grad(library.nn.relu)(0.0):g}; {kink}" if library.__name__ == "jax" else kink)
deviation(np.std(np.array([0.0, 2.0])) ** 2)
cell("ties", np.argmax(np.zeros(3)))
