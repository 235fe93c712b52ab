"""Runs a model on a panel of samples and brings out no more of its layers than is logged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from numpy.typing import NDArray

from tb_nnviz.analysis.activation_limits import ActivationOptions, cut_activation
from tb_nnviz.analysis.planned_activation import PlannedActivation
from tb_nnviz.model.capture import Capture
from tb_nnviz.model.layers import LayerEntry
from tb_nnviz.model.probe_inputs import ProbeInputs
from tb_nnviz.model.reduction import as_float32, average_blocks, keep_leading, share_of_zeros
from tb_nnviz.model.selection import CapturedCall

_BATCH_SIZE = 32

# Takes all that was captured; gives the tensors that are to be logged.
Plan = Callable[[Sequence[CapturedCall]], Sequence[PlannedActivation]]


class ActivationProbe:
    """Compiled for what is logged under some limits, and anew where that has changed.

    Args:
        model: a built model.
        inputs: the samples.
        entries: the layers that are looked at.
    """

    def __init__(self, model: Any, inputs: ProbeInputs, entries: Sequence[LayerEntry]) -> None:
        self._model = model
        self._inputs = inputs
        self._entries = tuple(entries)
        self._capture: Capture | None = None
        self._keys: tuple[str, ...] = ()
        self._options = ActivationOptions()

    def trace(self, plan: Plan, options: ActivationOptions) -> dict[str, str]:
        """Traces the model, which shows what there is to be logged.

        Args:
            plan: chooses among what was captured.
            options: limits of what is brought out.

        Returns:
            Layer path → why some of its outputs, or all, cannot be had.

        Raises:
            ValueError: the model does not accept the samples.
        """
        planned: dict[str, PlannedActivation] = {}

        def choose(calls: Sequence[CapturedCall]) -> list[CapturedCall]:
            planned.clear()
            planned.update((each.key, each) for each in plan(calls))
            return [call for call in calls if call.key in planned]

        def reduce(call: CapturedCall, tensor: Any) -> tuple[Any, Any]:
            return _reduce(planned[call.key], tensor, options)

        self._capture = Capture(
            self._model,
            self._inputs,
            layers=self._entries,
            batch_size=_BATCH_SIZE,
            choose=choose,
            reduce=reduce,
        )
        self._keys, self._options = tuple(call.key for call in self._capture.calls), options
        return self._capture.skipped

    @property
    def keys(self) -> tuple[str, ...]:
        """Which tensors `run` brings out, of those that were last planned."""
        return self._keys

    def run(
        self, activations: Sequence[PlannedActivation], options: ActivationOptions
    ) -> list[NDArray[Any]]:
        """For each tensor its values within the limits, and the shares of zeros of its tiles.

        Args:
            activations: which tensors, in the order of the model.
            options: limits.
        """
        if not activations:
            return []
        is_other = (tuple(each.key for each in activations), options) != (self._keys, self._options)
        if self._capture is None or is_other:
            self.trace(lambda _: activations, options)
        return [] if self._capture is None else self._capture.run(self._inputs)


def _reduce(planned: PlannedActivation, tensor: Any, options: ActivationOptions) -> tuple[Any, Any]:
    """What is left of a tensor, and the share of zeros in each tile before it was averaged."""
    layout = planned.layout
    # Of a batch, which may hold fewer samples than the panel, and is never cut.
    num_samples = int(tensor.shape[0])
    cut = cut_activation((num_samples, *planned.shape[1:]), layout, options)
    kept = keep_leading(tensor, cut.lengths)
    grid = layout.order[: layout.axes.index("height")]
    within = [axis for axis in range(len(tensor.shape)) if axis not in grid]
    return average_blocks(as_float32(kept), cut.factors), share_of_zeros(kept, within)
