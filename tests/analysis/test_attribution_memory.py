"""The memory that attributions of many large pictures take, as the system sees it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

# Prints, in bytes: the peak before the 64 pictures are explained and after, and what a copy of them
# and one batch of points take. 257 gradients are computed for each, since none may converge.
SCRIPT = """
import json, resource
import keras, numpy as np
from keras import layers
from tb_nnviz import integrated_gradients

def peak():
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

keras.utils.set_random_seed(0)
model = keras.Sequential([
    keras.Input((224, 224, 3)),
    layers.Conv2D(4, 16, strides=16, activation="relu", bias_initializer="random_normal"),
    layers.Flatten(),
    layers.Dense(3, "softmax"),
])
images = np.random.default_rng(0).random((64, 224, 224, 3), np.float32)
# What is loaded and compiled once, and what one batch takes of the model.
integrated_gradients(model, images[:2], targets=0, progress=False)
before = peak()
result = integrated_gradients(
    model, images, targets=0, tolerance=1e-9, max_evaluations=257, progress=False
)
print(json.dumps({
    "before": before,
    "after": peak(),
    "images": images.nbytes,
    "batch": 32 * images[0].nbytes,
    "evaluations": result.num_evaluations.tolist(),
}))
"""
IN_FLIGHT = 256_000_000


def test_64_pictures_of_224_at_257_evaluations_stay_within_the_stated_bound() -> None:
    completed = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    found = json.loads(completed.stdout)
    assert found["evaluations"] == [257] * 64
    # 64 × 257 gradients of 602 KB would be 9.9 GB. Stated: the gradients that are kept take at most
    # 256 MB, beside the results, x − x′, and what the model takes for one batch. Of a batch there
    # are points, the same filled up and as a tensor, gradients as a tensor and as an array, x − x′
    # of its rows, and products: seven; and once as much that the system's allocator keeps.
    stated = IN_FLIGHT + 2 * found["images"] + 8 * found["batch"]
    assert found["after"] - found["before"] <= stated
