"""Integrated gradients agree with Captum's, of the same network in plain PyTorch.

The network of Captum is an ``nn.Module`` in float64, written apart from Keras, with the same
weights; its maps are those of the Gauss-Legendre rule with hundreds of nodes. Runs in an
environment of its own: `make test-captum`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

import tb_nnviz

WHERE = "PyTorch and Captum are in an environment of their own: make test-captum"
pytest.importorskip("torch", reason=WHERE)
pytest.importorskip("captum", reason=WHERE)

import torch  # noqa: E402 - after it is known to be there
from captum import attr as captum  # noqa: E402

pytestmark = pytest.mark.captum

Float64 = NDArray[np.float64]

NUM_SAMPLES = 6
SHAPE = (8, 8, 2)
TARGETS = np.array([0, 1, 2, 2, 1, 0])
# Ours computes gradients in float32: 24 bits, of which sums of some hundred products lose about
# two decimal digits. Captum rounds its weights to float32 too.
ROUNDING = 1e-5


@dataclass(frozen=True)
class Weights:
    """Of a convolution and two dense layers, in Keras' axes."""

    kernel: Float64
    bias: Float64
    hidden: Float64
    hidden_bias: Float64
    scores: Float64
    scores_bias: Float64


def make_weights(num_flat: int) -> Weights:
    generator = np.random.default_rng(3)

    def draw(*shape: int) -> Float64:
        # Scaled so that each layer's sums are of size 1, and units pass zero along a path.
        fan_in = int(np.prod(shape[:-1])) if len(shape) > 1 else 4
        drawn: Float64 = generator.normal(size=shape) * np.sqrt(2 / fan_in)
        return drawn

    return Weights(draw(3, 3, 2, 6), draw(6), draw(num_flat, 12), draw(12), draw(12, 3), draw(3))


def make_keras_network(weights: Weights, activation: str) -> Any:
    """Ends in a softmax; max-pooling goes with ReLU, so that the smooth ones are smooth."""
    layers = keras.layers
    channels_last = {"data_format": "channels_last"}
    model = keras.Sequential(
        [
            keras.Input(SHAPE),
            layers.Conv2D(6, 3, activation=activation, **channels_last),
            *([layers.MaxPooling2D(2, **channels_last)] if activation == "relu" else []),
            layers.Flatten(**channels_last),
            layers.Dense(12, activation=activation),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.set_weights(list(vars(weights).values()))
    return model


class Twin(torch.nn.Module):
    """The same network in PyTorch and float64, from pictures with channels last."""

    def __init__(self, weights: Weights, activation: str, output: str) -> None:
        super().__init__()
        self.conv = torch.nn.Conv2d(2, 6, 3)
        self.hidden = torch.nn.Linear(*weights.hidden.shape)
        self.scores = torch.nn.Linear(12, 3)
        self.double()
        self.act = {
            "relu": torch.nn.functional.relu,
            "elu": torch.nn.functional.elu,
            "tanh": torch.tanh,
        }[activation]
        self.pools = activation == "relu"
        self.output = output
        for layer, kernel, bias in (
            (self.conv, weights.kernel.transpose(3, 2, 0, 1), weights.bias),
            (self.hidden, weights.hidden.T, weights.hidden_bias),
            (self.scores, weights.scores.T, weights.scores_bias),
        ):
            # As Keras holds them, in float32.
            layer.weight.data = torch.tensor(kernel.astype(np.float32)).double()
            layer.bias.data = torch.tensor(bias.astype(np.float32)).double()

    def forward(self, pictures: Any) -> Any:
        """Scores or probabilities."""
        maps = self.act(self.conv(pictures.permute(0, 3, 1, 2)))
        if self.pools:
            maps = torch.nn.functional.max_pool2d(maps, 2)
        flat = maps.permute(0, 2, 3, 1).flatten(1)
        scores = self.scores(self.act(self.hidden(flat)))
        return scores if self.output == "logits" else torch.softmax(scores, dim=1)


@dataclass(frozen=True)
class Twins:
    """A network twice, with what is explained."""

    model: Any
    twin: Any
    output: str
    images: NDArray[np.float32]
    baseline: NDArray[np.float32]

    def ours(self, tolerance: float, max_evaluations: int) -> Any:
        return tb_nnviz.integrated_gradients(
            self.model,
            self.images,
            targets=TARGETS,
            baselines=self.baseline if self.baseline.any() else "zero",
            output=self.output,
            tolerance=tolerance,
            max_evaluations=max_evaluations,
        )

    def captums(self, num_steps: int) -> tuple[Float64, Float64]:
        """Its map of each sample, and how far that is from its map of half as many steps."""
        maps, coarser = (
            captum.IntegratedGradients(self.twin)
            .attribute(
                torch.tensor(self.images, dtype=torch.float64),
                baselines=torch.tensor(self.baseline[None], dtype=torch.float64),
                target=torch.tensor(TARGETS),
                n_steps=steps,
                method="gausslegendre",
            )
            .detach()
            .numpy()
            for steps in (num_steps, num_steps // 2)
        )
        return maps, relative(maps, coarser)


def make_twins(activation: str, baseline: str, output: str) -> Twins:
    generator = np.random.default_rng(4)
    images = generator.normal(size=(NUM_SAMPLES, *SHAPE)).astype(np.float32)
    picture = generator.normal(size=SHAPE).astype(np.float32)
    weights = make_weights(54 if activation == "relu" else 216)
    return Twins(
        make_keras_network(weights, activation),
        Twin(weights, activation, output),
        output,
        images,
        picture if baseline == "picture" else np.zeros_like(picture),
    )


def relative(maps: Float64, others: Float64) -> Float64:
    """L2 distance of each sample's map ÷ its norm."""
    distances = np.linalg.norm((maps - others).reshape(len(maps), -1), axis=1)
    shares: Float64 = distances / np.linalg.norm(maps.reshape(len(maps), -1), axis=1)
    return shares


in_both_units = pytest.mark.parametrize("output", ["logits", "probability"])
from_both_baselines = pytest.mark.parametrize("baseline", ["zero", "picture"])


@in_both_units
@from_both_baselines
@pytest.mark.parametrize("activation", ["tanh", "elu"])
def test_maps_of_smooth_networks_equal_captums(activation: str, baseline: str, output: str) -> None:
    twins = make_twins(activation, baseline, output)
    theirs, own_errors = twins.captums(400)
    # The second derivative of ELU jumps at 0, so there the rule converges like 1 ÷ steps²: the
    # distance from half as many steps is three times its error or more.
    assert own_errors.max() < 1e-4
    result = twins.ours(tolerance=1e-3, max_evaluations=1025)
    assert result.converged.all()
    found = relative(theirs, result.attributions)
    assert (found <= 1e-3).all(), found
    assert (found <= result.refinement_error + own_errors + ROUNDING).all(), found


@in_both_units
@from_both_baselines
def test_maps_of_relu_networks_differ_from_captums_by_what_the_error_told_allows(
    baseline: str, output: str
) -> None:
    twins = make_twins("relu", baseline, output)
    # Gradients of ReLU networks jump along the path, so every rule's error is about 1 ÷ steps,
    # and the distance from half as many steps is about as large as the error.
    theirs, own_errors = twins.captums(1000)
    result = twins.ours(tolerance=0.01, max_evaluations=1025)
    assert result.converged.all()
    assert (result.refinement_error <= 0.01).all()
    found = relative(theirs, result.attributions)
    # Told is 1.5 times what a jump Δ anywhere in its panel of width h causes in the mean square,
    # h‖Δ‖ ÷ √12. Where one jump is all that matters it causes up to h‖Δ‖ ÷ 2, √3 times that.
    allowed = np.sqrt(3) / 1.5 * result.refinement_error + own_errors + ROUNDING
    assert (found <= allowed).all(), found
    assert np.median(found / result.refinement_error) < 1
    # All this would say nothing if Captum's own error were as large as the one told.
    assert np.median(own_errors) < 0.5 * np.median(result.refinement_error)


@in_both_units
@from_both_baselines
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_captum_computes_the_same_completeness_error_for_our_maps(
    activation: str, baseline: str, output: str
) -> None:
    twins = make_twins(activation, baseline, output)
    # One round only, so that there is an error to speak of.
    result = twins.ours(tolerance=0.99, max_evaluations=17)
    assert (result.num_evaluations == 17).all()
    deltas = captum.IntegratedGradients(twins.twin).compute_convergence_delta(
        torch.tensor(result.attributions, dtype=torch.float64),
        torch.tensor(twins.baseline[None], dtype=torch.float64),
        torch.tensor(twins.images, dtype=torch.float64),
        target=torch.tensor(TARGETS),
    )
    # Rounding of our outputs, relative to the largest numbers that are summed.
    tolerance = ROUNDING * np.abs(result.attributions).sum(axis=(1, 2, 3)).max()
    np.testing.assert_allclose(
        result.convergence_delta, deltas.detach().numpy(), rtol=0, atol=tolerance
    )


@in_both_units
def test_interior_gradients_at_the_input_are_captums_gradients(output: str) -> None:
    twins = make_twins("tanh", "zero", output)
    pictures = torch.tensor(twins.images, dtype=torch.float64, requires_grad=True)
    for times_difference, theirs in (
        (False, captum.Saliency(twins.twin).attribute(pictures, torch.tensor(TARGETS), abs=False)),
        (True, captum.InputXGradient(twins.twin).attribute(pictures, torch.tensor(TARGETS))),
    ):
        found = tb_nnviz.interior_gradients(
            twins.model,
            twins.images,
            [0.5, 1.0],
            targets=TARGETS,
            output=output,
            times_difference=times_difference,
        )
        assert found.shape == (NUM_SAMPLES, 2, *SHAPE)
        assert (relative(theirs.detach().numpy(), found[:, 1]) < ROUNDING).all()


@in_both_units
def test_outputs_at_both_ends_are_the_twins(output: str) -> None:
    twins = make_twins("elu", "picture", output)
    result = twins.ours(tolerance=0.99, max_evaluations=17)
    for found, pictures in (
        (result.output_at_inputs, twins.images),
        (result.output_at_baselines, np.repeat(twins.baseline[None], NUM_SAMPLES, axis=0)),
    ):
        outputs = twins.twin(torch.tensor(pictures, dtype=torch.float64)).detach().numpy()
        # Relative to the largest output, since rounding grows with what is summed.
        np.testing.assert_allclose(
            found,
            outputs[np.arange(NUM_SAMPLES), TARGETS],
            rtol=0,
            atol=ROUNDING * np.abs(outputs).max(),
        )
