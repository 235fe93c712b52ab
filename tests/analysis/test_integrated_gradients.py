"""`integrated_gradients`: what is explained, from where, and with what proof."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops
from numpy.typing import NDArray

from tb_nnviz import IntegratedGradientsResult, integrated_gradients, interior_gradients
from tests.analysis import attribution_models as models

Float32 = NDArray[np.float32]

# float32 gradients of a few dozen products, summed in float64: some units of 2**-24 = 6e-8.
EXACT = 1e-6

RNG = np.random.default_rng(0)
PICTURES = RNG.random((5, 10, 8, 3)).astype(np.float32)
TOKENS = RNG.integers(1, 30, (6, 9)).astype(np.int32)


def reference_map(model: Any, inputs: Any, **options: Any) -> NDArray[np.float64]:
    """The mean of the integrand over 400 midpoints."""
    alphas = (np.arange(400) + 0.5) / 400
    integrands = interior_gradients(model, inputs, alphas, times_difference=True, **options)
    return np.asarray(integrands.mean(axis=1, dtype=np.float64))


def check_complete(result: IntegratedGradientsResult, sums: NDArray[Any]) -> None:
    """The sums of maps are what the figures say of them."""
    differences = result.output_at_inputs - result.output_at_baselines
    # Maps are handed out in float32, and their sums here taken of that.
    np.testing.assert_allclose(sums - differences, result.convergence_delta, atol=1e-5)


def test_a_linear_model_is_explained_exactly_by_weight_times_input() -> None:
    model = models.linear()
    inputs = RNG.normal(size=(4, 6)).astype(np.float32)
    kernel, bias = model.layers[-1].get_weights()
    result = integrated_gradients(model, inputs, targets=[0, 1, 2, 0])
    expected = inputs * kernel[:, [0, 1, 2, 0]].T
    np.testing.assert_allclose(result.attributions, expected, atol=EXACT)
    assert result.converged.all()
    assert (result.num_evaluations == 17).all()
    np.testing.assert_allclose(result.output_at_baselines, bias[[0, 1, 2, 0]], atol=EXACT)
    np.testing.assert_allclose(
        result.output_at_inputs, expected.sum(axis=1) + bias[[0, 1, 2, 0]], atol=EXACT
    )
    np.testing.assert_allclose(
        result.path_outputs,
        result.output_at_baselines[:, None]
        + result.path_alphas * expected.sum(axis=1, keepdims=True),
        atol=EXACT,
    )


def test_logits_are_explained_before_the_softmax_and_probabilities_after_it() -> None:
    model = models.convolutional()
    probabilities = model.predict(PICTURES, verbose=0)
    best = probabilities.argmax(axis=1)
    logits = integrated_gradients(model, PICTURES)
    shares = integrated_gradients(model, PICTURES, output="probability")
    assert logits.targets.tolist() == shares.targets.tolist() == best.tolist()
    np.testing.assert_allclose(
        shares.output_at_inputs, probabilities[np.arange(5), best], rtol=1e-5
    )
    # A logit is the logarithm of a probability up to what all classes share.
    others = integrated_gradients(model, PICTURES, targets=0)
    np.testing.assert_allclose(
        logits.output_at_inputs - others.output_at_inputs,
        np.log(probabilities[np.arange(5), best] / probabilities[:, 0]),
        atol=1e-5,
    )
    assert logits.notes[0] == "logit of the predicted class"
    assert shares.notes[0] == "probability of the predicted class"


@pytest.mark.parametrize("activation", ["relu", "elu"])
@pytest.mark.parametrize("output", ["logits", "probability"])
def test_maps_are_as_close_to_a_fine_rule_as_is_told(activation: str, output: str) -> None:
    model = models.convolutional(activation)
    result = integrated_gradients(model, PICTURES, output=output)
    expected = reference_map(model, PICTURES, output=output)
    away = (result.attributions - expected).reshape(5, -1)
    errors = np.linalg.norm(away, axis=1) / np.linalg.norm(expected.reshape(5, -1), axis=1)
    assert result.converged.all()
    assert (errors <= result.refinement_error).all()
    assert (result.refinement_error <= 0.02).all()
    check_complete(result, result.attributions.reshape(5, -1).sum(axis=1, dtype=np.float64))


def test_how_many_gradients_are_computed_at_once_changes_nothing() -> None:
    model = models.convolutional()
    expected = integrated_gradients(model, PICTURES, tolerance=0.005)
    scale = np.abs(expected.attributions).max()
    for batch_size in (1, 7, 200):
        found = integrated_gradients(model, PICTURES, tolerance=0.005, batch_size=batch_size)
        np.testing.assert_allclose(
            found.attributions, expected.attributions, rtol=0, atol=EXACT * max(1, scale)
        )
        assert found.num_evaluations.tolist() == expected.num_evaluations.tolist()


def test_a_sample_is_explained_alike_alone_and_among_others() -> None:
    model = models.convolutional()
    together = integrated_gradients(model, PICTURES, targets=1)
    alone = integrated_gradients(model, PICTURES[2:3], targets=1)
    np.testing.assert_allclose(alone.attributions[0], together.attributions[2], atol=EXACT)


def test_swapping_sample_and_baseline_negates() -> None:
    model = models.convolutional("elu")
    one, other = PICTURES[:1], PICTURES[1:2]
    there = integrated_gradients(model, one, targets=1, baselines=other)
    back = integrated_gradients(model, other, targets=1, baselines=one)
    np.testing.assert_allclose(there.attributions, -back.attributions, atol=EXACT)


def test_an_input_that_nothing_depends_on_gets_zero() -> None:
    model = models.convolutional()
    kernel, bias = model.layers[0].get_weights()
    kernel[:, :, 1] = 0
    model.layers[0].set_weights([kernel, bias])
    result = integrated_gradients(model, PICTURES)
    assert not result.attributions[..., 1].any()
    assert result.attributions[..., 0].any()


def test_a_single_sigmoid_has_two_classes_that_are_each_others_negative() -> None:
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [keras.Input((6,)), layers.Dense(5, "tanh"), layers.Dense(1, "sigmoid")]
    )
    inputs = RNG.normal(size=(4, 6)).astype(np.float32)
    shares = model.predict(inputs, verbose=0)[:, 0]
    for output in ("logits", "probability"):
        yes = integrated_gradients(model, inputs, targets=1, output=output)
        no = integrated_gradients(model, inputs, targets=0, output=output)
        np.testing.assert_allclose(yes.attributions, -no.attributions, atol=EXACT)
        total = 1 if output == "probability" else 0
        np.testing.assert_allclose(yes.output_at_inputs + no.output_at_inputs, total, atol=EXACT)
    np.testing.assert_allclose(yes.output_at_inputs, shares, atol=EXACT)
    assert integrated_gradients(model, inputs).targets.tolist() == (shares > 0.5).tolist()
    with pytest.raises(ValueError, match=r"from 0 to 1: .* one sigmoid unit.*; got 2"):
        integrated_gradients(model, inputs, targets=2)


def test_a_function_of_the_output_is_explained() -> None:
    model = models.convolutional()
    result = integrated_gradients(
        model, PICTURES, targets=lambda scores: scores[:, 2] - scores[:, 0]
    )
    parts = [integrated_gradients(model, PICTURES, targets=place) for place in (2, 0)]
    np.testing.assert_allclose(
        result.output_at_inputs,
        parts[0].output_at_inputs - parts[1].output_at_inputs,
        atol=1e-5,
    )
    assert result.notes[0] == "function of the output"
    check_complete(result, result.attributions.reshape(5, -1).sum(axis=1, dtype=np.float64))


def test_several_outputs_are_told_apart_by_name_and_place() -> None:
    model = models.three_outputs()
    inputs = RNG.normal(size=(4, 6)).astype(np.float32)
    _, box, smiles = model.predict(inputs, verbose=0)
    by_name = integrated_gradients(model, inputs, output_name="box", targets=[0, 1, 2, 3])
    by_place = integrated_gradients(model, inputs, output_name=1, targets=[0, 1, 2, 3])
    np.testing.assert_allclose(by_name.output_at_inputs, box[range(4), range(4)], atol=1e-5)
    np.testing.assert_array_equal(by_name.attributions, by_place.attributions)
    assert by_name.notes[0] == "output of a class for each sample in 'box'"
    assert "no softmax or sigmoid makes it" in by_name.notes
    of_all = integrated_gradients(
        model, inputs, targets=lambda outputs: outputs[2][:, 0], output="probability"
    )
    np.testing.assert_allclose(of_all.output_at_inputs, smiles[:, 0], atol=1e-5)
    for wrong in ("boxes", 3, -1):
        with pytest.raises(
            ValueError, match="`output_name` argument must be the name of an output"
        ):
            integrated_gradients(model, inputs, output_name=wrong)


def test_an_output_that_is_not_per_class_is_explained_by_its_values_and_said_so() -> None:
    model = keras.Sequential(
        [keras.Input((5, 3)), layers.LSTM(4, return_sequences=True), layers.Dense(2, "softmax")]
    )
    inputs = RNG.normal(size=(3, 5, 3)).astype(np.float32)
    shares = model.predict(inputs, verbose=0)
    # Step 3, class 1, of 5 steps and 2 classes.
    result = integrated_gradients(model, inputs, targets=3 * 2 + 1, output="probability")
    np.testing.assert_allclose(result.output_at_inputs, shares[:, 3, 1], atol=1e-6)
    # What comes later cannot matter.
    assert not result.attributions[:, 4].any()
    assert any("not per class: an index counts the 5×2 values" in note for note in result.notes)


@pytest.mark.parametrize("as_dict", [True, False])
def test_the_attributions_of_several_inputs_sum_up_together(as_dict: bool) -> None:
    model = models.two_inputs()
    pictures, vectors = RNG.random((4, 6, 6, 1)), RNG.normal(size=(4, 4))
    inputs: Any = {"picture": pictures, "abacus": vectors}
    if not as_dict:
        keras.utils.set_random_seed(4)
        model = keras.Model(list(model.inputs), model.outputs)
        order = [str(tensor.name) for tensor in model.inputs]
        inputs = [inputs[name] for name in order]
    result = integrated_gradients(model, inputs)
    found = result.attributions if as_dict else dict(zip(order, result.attributions, strict=True))
    assert found["picture"].shape == (4, 6, 6, 1)
    assert found["abacus"].shape == (4, 4)
    sums = sum(each.reshape(4, -1).sum(axis=1, dtype=np.float64) for each in found.values())
    check_complete(result, np.asarray(sums))
    np.testing.assert_array_less(np.abs(result.convergence_delta), 0.02)


def test_integer_inputs_are_explained_at_the_output_of_their_embedding() -> None:
    model = models.tokens()
    result = integrated_gradients(model, TOKENS, targets=0, tolerance=0.005)
    assert result.attributions.shape == TOKENS.shape
    # By hand: the path runs between the vectors, and each token's cells are summed.
    table = model.layers[0].get_weights()[0]
    ends, starts = table[TOKENS], np.broadcast_to(table[0], (*TOKENS.shape, 5))
    rest = keras.Sequential([keras.Input((9, 5)), *model.layers[1:]])
    by_hand = integrated_gradients(rest, ends, targets=0, baselines=starts, tolerance=0.005)
    np.testing.assert_allclose(result.attributions, by_hand.attributions.sum(axis=-1), atol=1e-3)
    np.testing.assert_allclose(result.output_at_baselines, by_hand.output_at_baselines, atol=1e-5)
    assert "at the output of Embedding" in result.notes
    check_complete(result, result.attributions.sum(axis=1, dtype=np.float64))


def test_indices_that_come_as_floats_are_explained_likewise() -> None:
    whole, floats = models.tokens(), models.tokens(dtype="float32")
    floats.set_weights(whole.get_weights())
    expected = integrated_gradients(whole, TOKENS, targets=1)
    for inputs in (TOKENS, TOKENS.astype(np.float32)):
        found = integrated_gradients(floats, inputs, targets=1)
        np.testing.assert_allclose(found.attributions, expected.attributions, atol=EXACT)


def test_a_mask_stays_that_of_the_sample_along_the_path() -> None:
    model = models.tokens(mask=True)
    tokens = TOKENS.copy()
    tokens[:, 6:] = 0
    result = integrated_gradients(model, tokens, targets=0)
    assert not result.attributions[:, 6:].any()
    assert result.attributions[:, :6].any()
    np.testing.assert_allclose(
        result.output_at_inputs,
        integrated_gradients(model, tokens, targets=0, baselines=3).output_at_inputs,
        atol=EXACT,
    )


def test_embedded_positions_are_no_inputs() -> None:
    model = models.transformer()
    result = integrated_gradients(model, TOKENS)
    assert result.attributions.shape == TOKENS.shape
    scores = model.predict(TOKENS, verbose=0)
    np.testing.assert_allclose(result.output_at_inputs, scores.max(axis=1), atol=1e-5)
    at_baseline = model.predict(np.zeros_like(TOKENS), verbose=0)
    np.testing.assert_allclose(
        result.output_at_baselines, at_baseline[np.arange(6), result.targets], atol=1e-5
    )
    check_complete(result, result.attributions.sum(axis=1, dtype=np.float64))


def test_a_batch_as_long_as_a_sequence_does_not_make_positions_samples() -> None:
    model = models.transformer()
    tokens = RNG.integers(1, 30, (9, 9)).astype(np.int32)
    together = integrated_gradients(model, tokens, targets=0, batch_size=9)
    alone = [integrated_gradients(model, one[None], targets=0).attributions[0] for one in tokens]
    np.testing.assert_allclose(together.attributions, alone, atol=1e-5)


def test_bytes_are_explained_at_the_output_of_their_rescaling() -> None:
    model = models.bytes_rescaled()
    images = RNG.integers(0, 256, (4, 6, 6, 1)).astype(np.uint8)
    result = integrated_gradients(model, images, targets=2, tolerance=0.005)
    rest = keras.Sequential([keras.Input((6, 6, 1)), *model.layers[1:]])
    by_hand = integrated_gradients(
        rest, images / 127.5 - 1, targets=2, baselines=-1.0, tolerance=0.005
    )
    np.testing.assert_allclose(result.attributions, by_hand.attributions, atol=1e-4)
    assert "at the output of Rescaling" in result.notes


def test_a_rescaling_of_what_the_model_has_made_is_no_input() -> None:
    inputs = keras.Input((6, 6, 1), dtype="uint8")
    first = layers.Rescaling(1 / 255)(inputs)
    hidden = layers.Conv2D(1, 3, padding="same", activation="elu")(first)
    model = keras.Model(
        inputs, layers.Rescaling(255.0)(layers.Conv2D(1, 3, padding="same")(hidden))
    )
    images = RNG.integers(0, 256, (3, 6, 6, 1)).astype(np.uint8)
    result = integrated_gradients(model, images, targets=14)
    rest = keras.Sequential([keras.Input((6, 6, 1)), *model.layers[2:]])
    by_hand = integrated_gradients(rest, images / 255, targets=14)
    np.testing.assert_allclose(result.attributions, by_hand.attributions, atol=1e-3)


def test_an_embedding_of_one_column_does_not_stand_for_the_others() -> None:
    inputs = keras.Input((4,))
    embedded = layers.Embedding(10, 4)(inputs[:, 0])
    model = keras.Model(inputs, layers.Dense(2)(layers.Concatenate()([embedded, inputs[:, 1:]])))
    table = np.concatenate([RNG.integers(1, 10, (5, 1)), RNG.normal(size=(5, 3))], axis=1)
    result = integrated_gradients(model, table.astype(np.float32), targets=0)
    kernel = model.layers[-1].get_weights()[0]
    np.testing.assert_allclose(result.attributions[:, 1:], table[:, 1:] * kernel[4:, 0], atol=EXACT)
    # No gradient passes the look-up, and the sum tells what is missing.
    assert not result.attributions[:, 0].any()
    assert not result.converged.any()


def test_an_embedding_that_begins_with_zeros_is_explained_all_the_same() -> None:
    model = models.tokens()
    model.layers[0].set_weights([np.zeros((30, 5))])
    result = integrated_gradients(model, TOKENS)
    assert result.attributions.shape == TOKENS.shape
    assert not result.attributions.any()
    assert set(result.flags) == {("small_difference",)}


def test_indices_that_go_to_more_than_their_embedding_are_said_to_keep_their_sample() -> None:
    inputs = keras.Input((3,), dtype="int32")
    embedded = layers.Flatten()(layers.Embedding(30, 4)(inputs))
    both = layers.Concatenate()([embedded, ops.cast(inputs, "float32")])
    model = keras.Model(inputs, layers.Dense(2)(both))
    said = integrated_gradients(model, TOKENS[:, :3]).notes
    assert any("F(x′) is not the model's output there" in note for note in said)
    alone = integrated_gradients(models.tokens(), TOKENS).notes
    assert not any("F(x′) is not" in note for note in alone)


def test_samples_that_are_single_numbers_are_explained() -> None:
    ids, price = keras.Input((), dtype="int32", name="id"), keras.Input((), name="price")
    embedded = layers.Embedding(30, 4)(ids)
    joined = layers.Concatenate()([embedded, ops.expand_dims(price, -1)])
    model = keras.Model([ids, price], layers.Dense(2)(joined))
    given = [np.arange(1, 6, dtype=np.int32), RNG.normal(size=5).astype(np.float32)]
    result = integrated_gradients(model, given)
    sums = result.attributions[0] + result.attributions[1]
    check_complete(result, sums)
    assert result.converged.all()


class TwoHeads(keras.Model):
    """Gives a dict whose order is not that of the alphabet."""

    def __init__(self) -> None:
        super().__init__()
        self.main, self.aux = layers.Dense(3), layers.Dense(2)

    def call(self, inputs: Any) -> Any:
        return {"main": self.main(inputs), "aux": self.aux(inputs)}


def test_outputs_of_a_subclassed_model_are_told_apart_by_their_keys() -> None:
    model = TwoHeads()
    inputs = RNG.normal(size=(4, 6)).astype(np.float32)
    scores = {name: keras.ops.convert_to_numpy(one) for name, one in model(inputs).items()}
    for name in ("main", "aux"):
        result = integrated_gradients(model, inputs, output_name=name, targets=1)
        np.testing.assert_allclose(result.output_at_inputs, scores[name][:, 1], atol=EXACT)
        assert result.notes[0] == f"output of class 1 in {name!r}"


def test_a_function_that_does_not_treat_each_sample_by_itself_is_refused() -> None:
    model, labels = models.convolutional(), np.arange(5) % 4
    with pytest.raises(ValueError, match="of any length; it fails on another batch"):
        integrated_gradients(
            model,
            PICTURES,
            targets=lambda scores: ops.take_along_axis(scores, labels[:, None], axis=1)[:, 0],
        )
    with pytest.raises(ValueError, match="in another batch it gives other values"):
        integrated_gradients(
            model, PICTURES, targets=lambda scores: scores[:, 0] - ops.mean(scores)
        )


def test_bytes_that_a_model_takes_as_floats_are_explained_as_such() -> None:
    model = models.convolutional()
    images = RNG.integers(0, 256, (3, 10, 8, 3)).astype(np.uint8)
    found = integrated_gradients(model, images, targets=0)
    expected = integrated_gradients(model, images.astype(np.float32), targets=0)
    np.testing.assert_array_equal(found.attributions, expected.attributions)


def test_a_model_that_computes_in_float16_is_explained_in_float32() -> None:
    model = models.half_precision()
    images = RNG.random((4, 6, 6, 1)).astype(np.float32)
    wide = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(3, "softmax"),
        ]
    )
    wide.set_weights(model.get_weights())
    found, expected = integrated_gradients(model, images), integrated_gradients(wide, images)
    np.testing.assert_allclose(found.attributions, expected.attributions, atol=EXACT)
    assert "computed in float32" in found.notes
    assert model.layers[0].compute_dtype == "float16"


def test_where_no_gradient_passes_it_is_flagged_and_never_converged() -> None:
    model = models.through_argmax()
    inputs = RNG.normal(size=(6, 4)).astype(np.float32)
    result = integrated_gradients(model, inputs)
    assert not result.converged.any()
    assert not result.attributions.any()
    assert all("no_gradient" in flags for flags in result.flags)


def test_whole_numbers_that_nothing_makes_floats_of_are_flagged_with_the_reason() -> None:
    inputs = keras.Input((4,), dtype="int32")
    model = keras.Model(inputs, layers.Dense(3)(ops.cast(inputs, "float32")))
    result = integrated_gradients(model, np.ones((2, 4), np.int32))
    assert result.attributions.shape == (2, 4)
    assert set(result.flags) <= {("no_gradient",), ("small_difference", "no_gradient")}
    assert result.num_evaluations.tolist() == [0, 0]
    assert any("holds whole numbers, and no Embedding" in note for note in result.notes)


def test_an_output_that_hardly_changes_is_flagged() -> None:
    inputs = keras.Input((2,))
    squares = ops.square(inputs)
    model = keras.Model(inputs, squares[:, :1] - squares[:, 1:])
    result = integrated_gradients(model, np.ones((1, 2), np.float32))
    np.testing.assert_allclose(result.attributions, [[1, -1]], atol=EXACT)
    assert result.flags == (("small_difference",),)
    assert result.converged.all()


def test_a_sample_that_is_its_own_baseline_is_flagged_and_not_blamed_for_its_gradient() -> None:
    model = models.convolutional()
    result = integrated_gradients(model, PICTURES, baselines=PICTURES)
    assert set(result.flags) == {("small_difference",)}
    assert not result.attributions.any()


def test_the_cap_on_evaluations_is_kept_and_flagged() -> None:
    model = models.convolutional()
    result = integrated_gradients(model, PICTURES, tolerance=1e-5, max_evaluations=40)
    assert result.num_evaluations.tolist() == [40] * 5
    assert not result.converged.any()
    assert set(result.flags) == {("cap_reached",)}


def test_nan_is_flagged_in_its_sample_alone() -> None:
    model = models.convolutional()
    pictures = PICTURES.copy()
    pictures[1, 0, 0, 0] = np.nan
    result = integrated_gradients(model, pictures, targets=0)
    assert result.flags[1] == ("not_finite",)
    assert result.converged.tolist() == [True, False, True, True, True]
    clean = integrated_gradients(model, PICTURES, targets=0)
    np.testing.assert_allclose(result.attributions[2:], clean.attributions[2:], atol=EXACT)


def test_a_stateful_model_of_fixed_batch_size_is_explained() -> None:
    model = keras.Sequential(
        [keras.Input((5, 3), batch_size=4), layers.LSTM(4, stateful=True), layers.Dense(3)]
    )
    before = [state.numpy() for state in model.layers[0].states]
    inputs = RNG.normal(size=(4, 5, 3)).astype(np.float32)
    result = integrated_gradients(model, inputs)
    assert result.converged.all()
    for state, kept in zip(model.layers[0].states, before, strict=True):
        np.testing.assert_array_equal(state.numpy(), kept)


def test_an_unbuilt_model_is_built_from_the_inputs() -> None:
    model = keras.Sequential([layers.Flatten(), layers.Dense(3)])
    assert integrated_gradients(model, PICTURES).attributions.shape == PICTURES.shape


def test_text_is_left_as_it_is_and_said_so() -> None:
    words = layers.StringLookup(vocabulary=["a", "b"])
    text, numbers = keras.Input((3,), dtype="string"), keras.Input((2,))
    looked_up = ops.cast(words(text), "float32")
    outputs = layers.Dense(2)(layers.Concatenate()([looked_up, numbers]))
    model = keras.Model([text, numbers], outputs)
    given = [np.array([["a", "b", "a"]] * 2), RNG.normal(size=(2, 2)).astype(np.float32)]
    result = integrated_gradients(model, given)
    assert result.attributions[0] is None
    assert result.attributions[1].shape == (2, 2)
    assert any("it holds text, which no gradient passes" in note for note in result.notes)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"targets": 4}, ValueError, "indices from 0 to 3: .* 4 values a sample; got 4"),
        ({"targets": -1}, ValueError, "indices from 0 to 3.*got -1"),
        ({"targets": [0, 1]}, ValueError, "one index for each of 5 samples; got 2"),
        ({"targets": np.eye(5, 4)}, TypeError, r"y\.argmax\(axis=1\) of one-hot rows"),
        ({"targets": "label"}, ValueError, "must be None or 'prediction'.*got 'label'"),
        ({"targets": [[0], [1, 2]]}, TypeError, "`targets` argument must be"),
        ({"targets": True}, TypeError, r"`targets` argument must be.*; got True\. Pass"),
        ({"targets": 1.5}, TypeError, r"`targets` argument must be.*; got 1\.5\. Pass"),
        ({"targets": lambda scores: scores}, ValueError, r"one value a sample, .* got \(5, 4\)"),
        ({"targets": lambda _: 3.0}, TypeError, "must give a tensor .*; got float"),
        ({"baselines": "black"}, ValueError, "must be 'zero', 'mean'.*; got 'black'"),
        ({"baselines": []}, ValueError, "got an empty list"),
        ({"baselines": float("nan")}, ValueError, "got nan"),
        ({"baselines": None}, TypeError, "got NoneType"),
        ({"baselines": np.array(3)}, ValueError, r"shape \(10, 8, 3\).*got 3\."),
        ({"baselines": np.zeros((10, 8))}, ValueError, r"shape \(10, 8, 3\).*got float64 of"),
        ({"baselines": np.full((10, 8, 3), np.nan)}, ValueError, "holds NaN or infinity"),
        ({"baselines": (PICTURES, PICTURES)}, ValueError, "an array for each of 1 inputs; got 2"),
        ({"output": "softmax"}, ValueError, "`output` argument must be one of 'logits'"),
        ({"tolerance": 0}, ValueError, "a share between 0 and 1"),
        ({"tolerance": "2 %"}, TypeError, "`tolerance` argument must be a number"),
        ({"max_evaluations": 16}, ValueError, "`max_evaluations` argument must be 17 or more"),
        ({"batch_size": 0}, ValueError, "`batch_size` argument must be 1 or more"),
        ({"output_name": 1.5}, TypeError, "`output_name` argument must be the name"),
    ],
)
def test_an_argument_that_does_not_fit_is_refused(
    arguments: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        integrated_gradients(models.convolutional(), PICTURES, **arguments)


def test_samples_of_another_shape_and_tuples_with_targets_are_refused() -> None:
    model = models.convolutional()
    with pytest.raises(ValueError, match="do not fit the model"):
        integrated_gradients(model, PICTURES[:, :5])
    with pytest.raises(TypeError, match="pass x alone, and y as `targets`"):
        integrated_gradients(model, (PICTURES, np.zeros(5)))
