"""Predictions and peaks of activations are those of the model itself, on every backend."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers

from tb_nnviz import layer_activations
from tb_nnviz.analysis.confusion_matrix import ConfusionOptions, plan_confusion
from tb_nnviz.analysis.top_sample_planning import plan_top_samples
from tb_nnviz.analysis.top_samples import TopSampleOptions
from tb_nnviz.model.validation_set import read_validation_set

NUM_SAMPLES = 150


def make_model() -> Any:
    keras.utils.set_random_seed(4)
    return keras.Sequential(
        [
            keras.Input((9, 8, 1)),
            layers.Conv2D(5, 3, activation="relu", name="convolution"),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dense(4, "softmax", name="scores"),
        ]
    )


def make_data() -> tuple[Any, Any]:
    random = np.random.default_rng(3)
    images = random.normal(size=(NUM_SAMPLES, 9, 8, 1)).astype(np.float32)
    return images, random.integers(0, 4, NUM_SAMPLES)


def test_a_confusion_counts_what_the_model_predicts_now() -> None:
    model, (images, labels) = make_model(), make_data()
    samples = read_validation_set((images, labels), max_samples=NUM_SAMPLES)
    plan = plan_confusion(model, samples, ConfusionOptions(top_k=2))
    for _ in range(2):
        outputs = model.predict(images, verbose=0)
        found = plan.compute()
        counts = np.zeros((4, 4), int)
        np.add.at(counts, (labels, outputs.argmax(axis=1)), 1)
        np.testing.assert_array_equal(found.counts, counts)
        for cell, listed in found.cell_samples.items():
            for one in listed:
                np.testing.assert_allclose(one.confidence, outputs[one.index, cell[1]], rtol=1e-4)
        # The next round is with other weights, which the compiled function must read anew.
        model.set_weights([weight + 0.3 * np.cos(weight) for weight in model.get_weights()])


def test_peaks_are_the_greatest_activations_and_where_they_are() -> None:
    model, (images, _) = make_model(), make_data()
    samples = read_validation_set(images, max_samples=NUM_SAMPLES)
    plan = plan_top_samples(model, samples, None, TopSampleOptions(top_k=3))
    records = dict(plan.collect()())
    activations = layer_activations(model, images)
    assert list(records) == ["top_samples/convolution", "top_samples/scores"]
    maps = activations["convolution"]
    statistics = records["top_samples/convolution"].statistics
    for channel in range(5):
        best = np.argsort(-maps[..., channel].max(axis=(1, 2)), kind="stable")[:3]
        np.testing.assert_array_equal(statistics["sample_index"][channel], best)
        row, column = np.unravel_index(maps[best[0], :, :, channel].argmax(), (7, 6))
        place = [statistics[f"place_{name}"][channel, 0] for name in ("top", "left")]
        np.testing.assert_allclose(place, [row / 9, column / 8])
