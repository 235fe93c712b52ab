"""What the layers of a model compute for some inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from tb_nnviz.model.building import build_model, check_is_model
from tb_nnviz.model.capture import Capture
from tb_nnviz.model.input_names import input_tensors
from tb_nnviz.model.layers import LayerEntry, check_layer_patterns, list_layers, select_layers
from tb_nnviz.model.probe_inputs import read_inputs
from tb_nnviz.model.samples import describe_samples
from tb_nnviz.records.arguments import check_positive_int


def layer_activations(
    model: Any,
    inputs: Any,
    *,
    layers: str | Sequence[str] | None = None,
    batch_size: int = 32,
    pre_activations: bool = False,
) -> dict[str, NDArray[Any]]:
    """The outputs of a model's layers, of every call of each.

    The model runs as in `Model.predict`; functional, Sequential, nested, shared and subclassed
    models are all read in the same way. Nothing of the model changes: no statistic, no random
    state, no metric. What it computes in float16 or bfloat16 comes back as float32.

    Args:
        model: any Keras model. One that is not built yet is built from the inputs.
        inputs: an array, or a list, tuple or dict of arrays, as the model takes them; the first
            axis is over samples.
        layers: canonical paths or names of layers, or globs of them (``"conv*"``,
            ``["dense", "encoder/*"]``); None for all. A nested model stands for all its layers.
        batch_size: how many samples are computed at once, at least 1; a smaller last batch is
            filled up, so that the model is traced once. All results are held in memory.
        pre_activations: also give what the activation that a layer has fused, such as the ReLU
            of ``Dense(8, "relu")``, is applied to.

    Returns:
        In the order of the model, the layer's canonical path → ``(sample, …)``, the layer's own
        output. A second call of a shared layer has the key ``<path>#2``; a layer with several
        outputs ``<path>:0``, ``<path>:1``, …; a pre-activation ``<path>/pre_activation``. With
        ``layers=None``, and for globs, layers are left out whose outputs cannot be had: input
        layers, layers that are never called, recurrent cells and others that run in loops, text,
        and outputs without an axis over samples.

    Raises:
        TypeError: an argument has another type.
        ValueError: a name matches no layer, or a layer whose output cannot be had; nothing is
            left of what was chosen; the model does not accept the inputs.

    Example:
        >>> layer_activations(model, images[:16], layers="conv*")["conv2d_1"].shape
        (16, 26, 26, 32)
    """
    patterns = check_layer_patterns(layers)
    batch_size = check_positive_int("batch_size", batch_size)
    if not isinstance(pre_activations, bool):
        raise TypeError(
            f"The `pre_activations` argument must be True or False; got {pre_activations!r}."
        )
    check_is_model(model)
    samples = read_inputs(inputs)
    _check_no_targets(model, inputs)
    obstacle = build_model(model, describe_samples((samples.pack(list(samples.arrays)),)))
    if obstacle is not None:
        raise ValueError(
            f"The model {model.name!r} must be built before it can be looked into, and {obstacle}."
        )
    chosen = select_layers(list_layers(model), patterns)
    capture = Capture(
        model, samples, layers=chosen, batch_size=batch_size, pre_activations=pre_activations
    )
    _check_named(chosen, patterns or (), capture)
    if not capture.calls:
        raise ValueError(
            f"No layer of the model {model.name!r} "
            + ("" if patterns is None else f"among layers={list(patterns)!r} ")
            + f"has outputs that can be had. {_list_reasons(capture.skipped)}"
        )
    arrays = capture.run(samples)
    return {call.key: array for call, array in zip(capture.calls, arrays, strict=True)}


def _check_no_targets(model: Any, inputs: Any) -> None:
    """Raises if a tuple is given to a model that cannot take it for its inputs."""
    known = input_tensors(model)
    if isinstance(inputs, tuple) and known and len(inputs) != len(known):
        raise TypeError(
            f"The `inputs` argument must hold {len(known)} inputs of the model {model.name!r}; got "
            f"a tuple of {len(inputs)}. A tuple means (x, y) elsewhere: pass x alone."
        )


def _check_named(chosen: Sequence[LayerEntry], patterns: Sequence[str], capture: Capture) -> None:
    """Raises if a layer that was named, not matched by a glob, is not captured."""
    captured = {call.entry.path for call in capture.calls}
    for entry in chosen:
        names = {entry.path, entry.keras_path, entry.layer.name}
        if names.intersection(patterns) and entry.path not in captured:
            raise ValueError(
                f"The `layers` argument names {entry.path!r}, whose output cannot be had: "
                f"{capture.skipped[entry.path]}."
            )


def _list_reasons(skipped: Mapping[str, str]) -> str:
    return " ".join(f"{path}: {reason}." for path, reason in list(skipped.items())[:5])
