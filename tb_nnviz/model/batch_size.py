"""How many samples a model takes at once, where it was made for one number only."""

from __future__ import annotations

from typing import Any

from tb_nnviz.model.input_names import input_tensors
from tb_nnviz.model.layers import list_layers


def find_fixed_batch_size(model: Any) -> int | None:
    """The only number of samples that a built model takes; None where it takes any.

    Its inputs may say it, or recurrent layers that keep a state for each sample of a batch.

    Args:
        model: any built model.
    """
    lengths = {tensor.shape[0] for tensor in input_tensors(model) if tensor.shape}
    states = [_states_of(entry.layer) for entry in list_layers(model)]
    lengths |= {state.shape[0] for of_layer in states for state in of_layer if state.shape}
    known = [int(length) for length in lengths if length is not None]
    return known[0] if len(known) == 1 else None


def _states_of(layer: Any) -> list[Any]:
    if getattr(layer, "stateful", False) is not True:
        return []
    return list(getattr(layer, "states", None) or [])
