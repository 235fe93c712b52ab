"""Which of the names that the user gave are those of an output's classes: one rule for views."""

from __future__ import annotations

from collections.abc import Sequence

from tb_nnviz.records.confusion_building import describe_cut_names


def choose_names(
    class_names: Sequence[str] | None, num_classes: int, *, num_outputs: int
) -> tuple[Sequence[str] | None, tuple[str, ...]]:
    """The names for the classes of an output, and notes.

    Of more names than classes the first ones are taken, which a note says. Where a model has
    several outputs the names may be of another one, so they are given back as they are.

    Args:
        class_names: as the user gave them, or None.
        num_classes: how many scores the output has; one may stand for two classes.
        num_outputs: of the model.
    """
    is_more = class_names is not None and len(class_names) > num_classes > 1
    if class_names is None or not is_more or num_outputs > 1:
        return class_names, ()
    return class_names[:num_classes], describe_cut_names(class_names, num_classes)
