"""One tensor of a model that is logged, and notices about those of which there is no picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tb_nnviz.analysis.activation_choice import VIEW, notice_reasons
from tb_nnviz.model.activation_layouts import (
    ActivationLayout,
    ModelHabits,
    find_activation_layout,
)
from tb_nnviz.model.error_text import first_words
from tb_nnviz.model.layers import LayerEntry
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.model.selection import CapturedCall
from tb_nnviz.records import Meaning, Notice, Source


@dataclass(frozen=True)
class PlannedActivation:
    """One tensor that is logged.

    Attributes:
        key: of the captured tensor; the tag without its view.
        shape: of the tensor, with all samples of the panel.
        dtype: in which the layer computes it.
        layout: what its axes are.
        meaning: of the values.
        source: where it comes from.
    """

    key: str
    shape: tuple[int, ...]
    dtype: str
    layout: ActivationLayout
    meaning: Meaning
    source: Source

    @property
    def tag(self) -> str:
        """The tag it is logged under."""
        return f"{VIEW}/{self.key}"


def plan_calls(
    calls: Sequence[CapturedCall], habits: ModelHabits, panel: SamplePanel
) -> tuple[tuple[PlannedActivation, ...], tuple[Notice, ...]]:
    """What is logged of captured tensors, and why some are not.

    Args:
        calls: the tensors.
        habits: of the model.
        panel: the samples.
    """
    planned, obstacles = [], []
    for call in calls:
        try:
            found = _plan_call(call, habits, panel)
        except Exception as error:  # noqa: BLE001 - a layer that breaks with its kind spares others
            found = f"the layer does not say what its output is ({first_words(error)})"
        if isinstance(found, PlannedActivation):
            planned.append(found)
        else:
            obstacles.append((call.entry, found))
    return tuple(planned), notice_reasons(obstacles)


def _plan_call(
    call: CapturedCall, habits: ModelHabits, panel: SamplePanel
) -> PlannedActivation | str:
    """The plan for a tensor, or what stands against it."""
    lengths = [length for length in call.shape[1:] if length is not None]
    if len(lengths) < len(call.shape) - 1:
        return "the shape of the output is known only once it is computed"
    if call.dtype.startswith("complex"):
        return "the output holds complex numbers"
    if 0 in lengths:
        return f"the output, of shape {tuple(lengths)}, holds no values"
    layout = find_activation_layout(call.entry, len(call.shape), habits)
    if layout is None:
        return f"the output has {len(lengths)} axes, which make no tiles"
    return PlannedActivation(
        call.key,
        (panel.num_samples, *lengths),
        call.dtype,
        layout,
        "non_negative" if call.is_non_negative else "signed",
        _source(call.entry, call.role, panel.digest),
    )


def _source(entry: LayerEntry, role: str, digest: str) -> Source:
    return Source(
        layer_path=entry.path,
        layer_index=entry.index,
        layer_type=entry.layer_type,
        role=role,
        samples_digest=digest,
    )
