"""What is explained in the comparison of attributions: trained networks, samples, the truth.

Knows Keras and TensorFlow, and no library that is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

from benchmarks.attribution_networks import make_elu_for_digits
from tb_nnviz.demo import load_digits, make_convolutional

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
CompiledGradients = Callable[[Any, Any], tuple[Any, Any]]

NUM_TEST = 1000
REFERENCE_POINTS = 1000


@dataclass(frozen=True)
class Problem:
    """A function of a network's input, and samples at which it is explained.

    The baseline is zero, which is the default of every library here.

    Attributes:
        description: as printed.
        model: the trained network, with its softmax.
        output: which of its outputs is explained, as `tb_nnviz.integrated_gradients` names it.
        explained: the network whose output is that one, for libraries that explain outputs.
        images: the samples, shape ``(sample, 28, 28, 1)``.
        targets: the classes explained: those with the highest output.
        truth: integrated gradients, in the shape of the images.
        output_changes: F(x) − F(x′) of each sample.
    """

    description: str
    model: Any
    output: Literal["logits", "probability"]
    explained: Any
    images: Float32
    targets: NDArray[np.int64]
    truth: Float64
    output_changes: Float64


def before_softmax(model: Any) -> Any:
    """The network that gives the scores which the last layer of another turns to probabilities."""
    last, before = model.layers[-1], model.layers[-2].output
    if isinstance(last, layers.Softmax):
        return keras.Model(model.inputs, before)
    scores = layers.Dense(last.units)
    result = keras.Model(model.inputs, scores(before))
    scores.set_weights(last.get_weights())
    return result


def compile_gradients(model: Any) -> CompiledGradients:
    """A compiled function from points and one-hot targets to outputs and gradients."""

    def run(points: Any, chosen: Any) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            tape.watch(points)
            outputs = tf.reduce_sum(model(points, training=False) * chosen, axis=1)
        return outputs, tape.gradient(outputs, points)

    compiled: CompiledGradients = tf.function(run, reduce_retracing=True)
    return compiled


def midpoint_rule(gradients: Callable[[Float32], Any], image: Float32, num_points: int) -> Float64:
    """Integrated gradients of a sample from zero: a mean over midpoints, in float64.

    Args:
        gradients: of the function explained, at points ``(point, *shape of the sample)``.
        image: the sample.
        num_points: gradients evaluated.

    Returns:
        The map, in the sample's shape.
    """
    alphas = (np.arange(num_points) + 0.5) / num_points
    points = alphas.reshape(-1, *[1] * image.ndim) * image.astype(np.float64)
    at_points = np.asarray(gradients(points.astype(np.float32)), np.float64)
    mean: Float64 = at_points.mean(axis=0)
    return mean * image


def make_problems(num_samples: int, num_epochs: int) -> Iterator[Problem]:
    """Trains the networks, each for seconds, and computes what is true of them.

    Args:
        num_samples: explained in each problem, of digits that are not trained on.
        num_epochs: of each training.

    Yields:
        Scores of a ReLU network, scores of an ELU network, probabilities of the ReLU network.
    """
    relu = _train(make_convolutional, num_epochs)
    smooth = _train(make_elu_for_digits, num_epochs)
    problems: tuple[tuple[str, Any, Literal["logits", "probability"]], ...] = (
        ("ReLU conv net, logits", relu, "logits"),
        ("ELU all-conv net, logits", smooth, "logits"),
        ("ReLU conv net, softmax output", relu, "probability"),
    )
    for description, model, output in problems:
        yield _make_problem(description, model, output, num_samples)


def _train(make_model: Callable[[], Any], num_epochs: int) -> Any:
    images, labels = load_digits()
    keras.utils.set_random_seed(0)
    model = make_model()
    model.fit(images[NUM_TEST:, ..., None], labels[NUM_TEST:], epochs=num_epochs, verbose=0)
    _, accuracy = model.evaluate(images[:NUM_TEST, ..., None], labels[:NUM_TEST], verbose=0)
    print(f"trained {make_model.__name__}: {accuracy:.1%} of {NUM_TEST} other digits right")
    return model


def _make_problem(
    description: str, model: Any, output: Literal["logits", "probability"], num_samples: int
) -> Problem:
    images = load_digits()[0][:num_samples, ..., None]
    explained = model if output == "probability" else before_softmax(model)
    targets = model.predict(images, verbose=0).argmax(axis=1)
    run = compile_gradients(explained)

    def chosen(target: int, count: int) -> Float32:
        return np.tile(np.eye(10, dtype=np.float32)[target], (count, 1))

    def truth(index: int, num_points: int) -> Float64:
        return midpoint_rule(
            lambda points: run(tf.constant(points), chosen(targets[index], len(points)))[1],
            images[index],
            num_points,
        )

    one_hot = np.eye(10, dtype=np.float32)[targets]
    at_samples = np.asarray(run(tf.constant(images), one_hot)[0], np.float64)
    at_baseline = np.asarray(run(tf.zeros_like(images), one_hot)[0], np.float64)
    maps = np.stack([truth(index, REFERENCE_POINTS) for index in range(num_samples)])
    # How true the truth is: beside three times as many points, at some samples.
    some = range(min(8, num_samples))
    finer = np.stack([truth(index, 3 * REFERENCE_POINTS) for index in some])
    errors = [
        np.linalg.norm(maps[index] - finer[index]) / np.linalg.norm(finer[index]) for index in some
    ]
    print(f"{description}: the reference is within {max(errors):.2%} of one three times as fine")
    return Problem(
        description, model, output, explained, images, targets, maps, at_samples - at_baseline
    )
