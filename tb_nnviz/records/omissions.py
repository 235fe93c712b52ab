"""What the limits left out of an array, in words, and the labels of what is left."""

from __future__ import annotations

_PLURALS = {"class": "classes", "depth": "depth slices"}


def describe_omitted(
    axes: tuple[str, ...], full: tuple[int, ...], shown: tuple[int, ...]
) -> tuple[str, ...]:
    """Sentences such as "64 of 128 filters" and "224×224 shown at 56×56".

    Args:
        axes: names of the axes.
        full: their lengths before the limits.
        shown: their lengths after them.
    """
    height = axes.index("height")
    sentences = [
        f"{shown[axis]} of {full[axis]} {_PLURALS.get(axes[axis], axes[axis] + 's')}"
        for axis in range(height)
        if shown[axis] < full[axis]
    ]
    if shown[height : height + 2] != full[height : height + 2]:
        sentences.append(
            f"{full[height]}×{full[height + 1]} shown at {shown[height]}×{shown[height + 1]}"
        )
    return tuple(sentences)


def labels_of_blocks(texts: tuple[str, ...], factor: int) -> tuple[str, ...]:
    """A label for each block of rows or columns that became one: its first and last text.

    Args:
        texts: labels of the single rows or columns.
        factor: how many became one.
    """
    if factor == 1:
        return texts
    blocks = [texts[start : start + factor] for start in range(0, len(texts), factor)]
    return tuple(block[0] if len(block) == 1 else f"{block[0]}–{block[-1]}" for block in blocks)
