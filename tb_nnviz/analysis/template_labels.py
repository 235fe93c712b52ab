"""Texts for the units that give the scores of classes, written as the labels of samples are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tb_nnviz.model.class_labels import describe_class
from tb_nnviz.model.linear.units import LinearUnits
from tb_nnviz.model.output_names import find_output
from tb_nnviz.model.sample_panel import SamplePanel

_TWO_CLASSES = 2


def label_units(
    units: LinearUnits, class_names: Sequence[str] | None, panel: SamplePanel | None
) -> tuple[str, ...]:
    """A text for each unit that gives the score of a class; () for other units.

    Of two classes one unit says the second.

    Args:
        units: of a layer.
        class_names: names of all classes, as the user gave them, or None.
        panel: samples whose targets may say that the scores are of classes, or None. Without
            names, a class is called by its index.
    """
    if not units.gives_scores:
        return ()
    return label_scores(units.num_units, units.activation, class_names, panel)


def label_scores(
    num_scores: int,
    activation: str,
    class_names: Sequence[str] | None,
    panel: SamplePanel | None,
) -> tuple[str, ...]:
    """A text for each score; () where they are not known to be of classes.

    Args:
        num_scores: how many there are.
        activation: what notes call that which is applied to them, "" for nothing.
        class_names: see `label_units`.
        panel: see `label_units`.
    """
    if class_names is None:
        num_classes = _count_classes(num_scores, activation, panel)
    else:
        num_classes = len(class_names)
    if num_classes == num_scores:
        return tuple(describe_class(index, class_names) for index in range(num_classes))
    is_binary = num_scores == 1 and num_classes == _TWO_CLASSES
    return (describe_class(1, class_names),) if is_binary else ()


def scores_classes_of(units: LinearUnits, panel: SamplePanel, model: Any) -> bool:
    """Whether units are scores of the very output that the targets of samples are of.

    Args:
        units: of a layer.
        panel: the samples.
        model: whose units they are.
    """
    if not units.gives_scores:
        return False
    return units.num_outputs == 1 or find_output(model, panel.output) in units.outputs


def _count_classes(num_scores: int, activation: str, panel: SamplePanel | None) -> int:
    """How many classes are scored, by the targets of samples; 0 where they say none."""
    if panel is None or panel.classes is None:
        return 0
    # One unit that is no probability may as well predict a number which happens to be 0 or 1.
    if num_scores == 1:
        num_classes = _TWO_CLASSES if activation == "sigmoid" else 0
    else:
        num_classes = num_scores
    return num_classes if panel.classes.max(initial=0) < num_classes else 0
