#!/usr/bin/env bash
# Keras: a row for which the network is sure of the wrong class has no gradient at all.
#
# Its cross-entropy clips probabilities to 1e-7 … 1 - 1e-7 and differentiates the clip. For a softmax output whose right class
# has p < 1e-7 the loss stays at 16.118 and the gradient at the logits is 0, where it should be -1; with from_logits=True it
# is -1. For 2e-7 both agree. Seen with Keras 3.15.1 on JAX 0.10.2.
# Guess before: the clip only avoids log(0); the gradient is p - 1.
# Here: a row that is misclassified that surely never comes back, and Keras' loss on it is not that of this project.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder" && "$folder/bin/pip" install -q --disable-pip-version-check \
    keras==3.15.1 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 || exit 2
KERAS_HOME=$folder KERAS_BACKEND=jax "$folder/bin/python" - <<'PYTHON'
import jax
jax.config.update("jax_enable_x64", True)
import jax.numpy as np, keras
print(f"keras {keras.__version__}, jax {jax.__version__}")
def slope(p, from_logits):
    def loss(logit):
        logits = np.stack([0.0, logit])[None]
        outputs = logits if from_logits else jax.nn.softmax(logits)
        return keras.losses.sparse_categorical_crossentropy(np.array([1]), outputs, from_logits=from_logits)[0]
    value, gradient = jax.value_and_grad(loss)(np.log(p / (1 - p)))
    print(f"p = {p}, {'logits' if from_logits else 'softmax'}: loss {value:.3f}, gradient {gradient:.6f}")
    return gradient
assert slope(2e-7, False) < -0.99 and slope(2e-7, True) < -0.99
assert slope(9e-8, False) == 0 and slope(9e-8, True) < -0.99
PYTHON
