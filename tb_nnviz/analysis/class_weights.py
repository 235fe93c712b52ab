"""What each class makes of each hidden unit: the weights of the layer that gives the scores.

They go with the templates of the hidden layer, unit by unit, so that a hidden unit can be shown
with its classes under it. Planned once a training; then each step takes copies of weights.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.analysis.class_name_choice import choose_names
from tb_nnviz.analysis.model_weights import PlannedWeight, plan_weights
from tb_nnviz.analysis.template_choice import VIEW
from tb_nnviz.analysis.template_labels import label_scores
from tb_nnviz.analysis.template_tiles import PlannedTemplates, TemplateTilesPlan, say_cut
from tb_nnviz.analysis.template_values import WeightCopies, copy_weights
from tb_nnviz.model.error_text import first_words
from tb_nnviz.model.layer_graph.score_layers import ScoreLayer, find_score_layers
from tb_nnviz.model.linear.affine_chain import carry_back
from tb_nnviz.model.output_names import find_output, name_output
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.model.variables import WeightValues
from tb_nnviz.records import Notice, Source, TileArray, build_tile_array
from tb_nnviz.records.tile_array import estimate_record_bytes

# How a tag ends, after that of the hidden layer's templates.
_END = "class_weights"
_AXES = ("unit", "height", "width")
_MAX_CLASSES = 1000

CopiedWeights = Sequence[WeightCopies]


@dataclass(frozen=True, eq=False)
class PlannedClassWeights:
    """A hidden layer whose units are shown with the classes.

    Attributes:
        layers: the hidden layer, and the one that gives the scores.
        count: how many of its units have templates, the first ones.
        labels: a text for each class, or ().
        variable_path: Keras' own path of the kernel.
        notes: to show with the record.
    """

    layers: ScoreLayer
    count: int
    labels: tuple[str, ...]
    variable_path: str
    notes: tuple[str, ...]

    @property
    def tag(self) -> str:
        """The tag of the record."""
        return f"{VIEW}/{self.layers.hidden.path}/{_END}"

    @property
    def num_classes(self) -> int:
        """How many scores there are."""
        return int(self.layers.scores.operation.units)


@dataclass(frozen=True, eq=False)
class ClassWeightsPlan:
    """What of a model is shown as weights of classes onto hidden units.

    Attributes:
        planned: the hidden layers.
        weights: all weights that they depend on.
        max_tiles: units a tag.
        notices: what is not shown, and why.
    """

    planned: tuple[PlannedClassWeights, ...] = ()
    weights: tuple[PlannedWeight, ...] = ()
    max_tiles: int = 1
    notices: tuple[Notice, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that are logged."""
        return tuple(one.tag for one in self.planned)

    def without(self, tags: Collection[str]) -> ClassWeightsPlan:
        """The plan without some of its tags."""
        return replace(self, planned=tuple(one for one in self.planned if one.tag not in tags))

    def limited(self, max_tiles: int) -> ClassWeightsPlan:
        """The plan with at most so many units a tag."""
        return replace(self, max_tiles=max_tiles)

    def estimate_bytes(self, max_tiles: int) -> int:
        """About the size of the records of one step."""
        return sum(
            estimate_record_bytes(
                (count, one.num_classes, 1),
                _AXES,
                is_picture=False,
                precision="float32",
                max_tiles=max(count, one.num_classes),
                max_tile_side=_MAX_CLASSES,
            )
            for one in self.planned
            for count in [min(one.count, max_tiles)]
        )

    def collect(self, values: WeightValues) -> CopiedWeights:
        """Copies of the weights that a step needs."""
        return [copy_weights(one.layers.weights, self.weights, values) for one in self.planned]

    def build_records(self, copied: CopiedWeights) -> Iterator[tuple[str, TileArray]]:
        """Tag and record of each hidden layer."""
        for one, copies in zip(self.planned, copied, strict=True):
            yield one.tag, self._record(one, _compute(one.layers, copies))

    def _record(self, one: PlannedClassWeights, weights: NDArray[Any]) -> TileArray:
        shown = weights[: min(one.count, self.max_tiles)]
        hidden = one.layers.hidden
        record = build_tile_array(
            shown[:, :, None],
            _AXES,
            labels={"height": one.labels} if one.labels else {},
            represents={"height": "class"},
            precision="float32",
            max_tiles=max(shown.shape),
            max_tile_side=_MAX_CLASSES,
            notes=one.notes,
            source=Source(
                variable_path=one.variable_path,
                layer_path=hidden.path,
                layer_index=hidden.index,
                layer_type=type(hidden.operation).__name__,
                role="class_weight",
            ),
        )
        return say_cut(record, "unit", len(shown), len(weights))


def plan_class_weights(
    model: Any,
    templates: TemplateTilesPlan,
    panel: SamplePanel | None = None,
    class_names: Sequence[str] | None = None,
) -> ClassWeightsPlan:
    """Which hidden layers of a built model are shown with the classes: those with templates.

    Args:
        model: any built model.
        templates: those that are logged.
        panel: samples, whose targets may say that the scores are of classes; or None.
        class_names: names of the classes, by their index; None for those that the panel says.
    """
    by_key = {one.units.key: one for one in templates.planned}
    if not any(map(_is_hidden, by_key.values())):  # reading a graph may take some seconds
        return ClassWeightsPlan()
    try:
        found = find_score_layers(model, None if panel is None else panel.inputs)
    except Exception as error:  # noqa: BLE001 - what goes with the templates must not cost them
        message = f"The weights of classes onto units are not shown: {first_words(error)}."
        return ClassWeightsPlan(notices=(Notice(VIEW, "", message),))
    planned: dict[str, PlannedClassWeights] = {}
    notices: list[Notice] = []
    for layers in found:
        hidden = by_key.get(layers.hidden.path)
        if hidden is None or not _is_hidden(hidden) or layers.hidden.path in planned:
            continue
        names, cut = choose_names(
            class_names, int(layers.scores.operation.units), num_outputs=layers.num_outputs
        )
        labels = _label(model, layers, by_key, panel, names)
        one = _plan(model, layers, hidden, labels, cut if labels else ())
        if one.tag in templates.tags:  # an input of that name
            continue
        if one.num_classes > _MAX_CLASSES:
            message = (
                f"The weights of classes onto units are not shown: there are {one.num_classes:,} "
                f"classes, and at most {_MAX_CLASSES:,} are."
            )
            notices.append(Notice(VIEW, layers.hidden.path, message))
            continue
        planned[layers.hidden.path] = one
    needed = {(place, role) for one in planned.values() for _, place, role in one.layers.weights}
    weights = plan_weights(model, None)[0] if planned else ()
    return ClassWeightsPlan(
        planned=tuple(planned.values()),
        weights=tuple(
            one for one in weights if (one.source.layer_index, one.source.role) in needed
        ),
        max_tiles=templates.max_tiles,
        notices=tuple(notices),
    )


def _is_hidden(one: PlannedTemplates) -> bool:
    return one.units.layer_type == "Dense" and not one.units.gives_scores


def _plan(
    model: Any,
    layers: ScoreLayer,
    hidden: PlannedTemplates,
    labels: tuple[str, ...],
    cut: tuple[str, ...],
) -> PlannedClassWeights:
    notes = []
    if layers.num_outputs > 1:
        notes.append(f"weights of the output {name_output(model, layers.output)}")
    if layers.between:
        names = ", ".join(node.path for node, _ in layers.between)
        notes.append(f"the kernel of {layers.scores.path}, with what {names} does to a unit")
    return PlannedClassWeights(
        layers=layers,
        count=hidden.count,
        labels=labels,
        variable_path=str(layers.scores.operation.kernel.path),
        notes=(*notes, *cut),
    )


def _label(
    model: Any,
    layers: ScoreLayer,
    by_key: dict[str, PlannedTemplates],
    panel: SamplePanel | None,
    class_names: Sequence[str] | None,
) -> tuple[str, ...]:
    """The texts that the templates of the scores have, where these have templates."""
    scores = by_key.get(layers.scores.path)
    if scores is not None:
        return scores.labels
    is_of_other = panel is not None and find_output(model, panel.output) != layers.output
    if is_of_other and layers.num_outputs > 1:
        return ()
    return label_scores(int(layers.scores.operation.units), layers.activation, class_names, panel)


def _compute(layers: ScoreLayer, copies: WeightCopies) -> NDArray[Any]:
    """Weights ``(unit, class)``: the kernel, with what stands between folded into it."""
    kernel = copies[id(layers.scores.operation), "kernel"]
    if not layers.between:
        return kernel
    between = [(node.operation, shape) for node, shape in layers.between]
    rows = carry_back(between, np.asarray(kernel.T, np.float64), copies)
    return rows.reshape(len(rows), -1).T
