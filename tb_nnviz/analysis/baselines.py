"""What the paths of attributions begin at: baselines, in the space of the model's inputs.

A baseline of 0 is black only where the model takes 0 for black; what it is to the model is told by
its output there. Knows arrays; knows no model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.probe_inputs import ProbeInputs, flatten_inputs
from tb_nnviz.numerics.blur import blur_pictures

NAMED_BASELINES = ("zero", "mean", "blur", "uniform")
_ACCEPTED = (
    f"{', '.join(map(repr, NAMED_BASELINES))}, a number, an array of the shape of a sample or of "
    "all samples (a tuple or dict of such for several inputs), or a list of several of these"
)
_UNIFORM_SEED = 0
# Of the longer side: what is left of a picture is no more than where it is light.
_BLUR_SHARE = 1 / 8
_PICTURE_AXES = 2


@dataclass(frozen=True, eq=False)
class Baseline:
    """One baseline, as the user gave it.

    Attributes:
        label: what it is called.
        value: a name of `NAMED_BASELINES`, a number, or an array or a tuple or dict of such.
    """

    label: str
    value: Any

    @property
    def constant(self) -> float | None:
        """The one value of all cells; None where there are others."""
        if self.value == "zero" if isinstance(self.value, str) else False:
            return 0.0
        return float(self.value) if isinstance(self.value, Real) else None

    def is_per_sample(self, inputs: Any) -> bool:
        """Whether it is an array with a value for each of several samples.

        Args:
            inputs: an array, or a list or dict of arrays, of the samples.
        """
        if isinstance(self.value, (str, Real)):
            return False
        pairs = zip(flatten_inputs(self.value), flatten_inputs(inputs), strict=False)
        return any(np.ndim(one) == np.ndim(given) and len(one) > 1 for one, given in pairs)


def check_baselines(baselines: Any) -> tuple[Baseline, ...]:
    """The argument `baselines`, as far as it can be checked without samples.

    Raises:
        TypeError, ValueError: it is none of what is accepted.
    """
    several = list(baselines) if isinstance(baselines, list) else [baselines]
    if not several:
        raise ValueError(f"The `baselines` argument must be {_ACCEPTED}; got an empty list.")
    found = [_check_one(value) for value in several]
    labels = [label for label, _ in found]
    return tuple(
        Baseline(label if labels.count(label) == 1 else f"{label} {place + 1}", value)
        for place, (label, value) in enumerate(found)
    )


def make_baseline(
    baseline: Baseline,
    inputs: ProbeInputs,
    names: Sequence[str],
    *,
    indices: frozenset[int] = frozenset(),
    channels_first: bool = False,
) -> ProbeInputs:
    """The values of a baseline, as many as there are samples.

    Args:
        baseline: which.
        inputs: the samples.
        names: of the inputs, for errors.
        indices: places of the inputs that hold indices of an embedding, not amounts.
        channels_first: whether channels come before height and width.

    Returns:
        Arrays of the samples' shapes and dtypes, which may not be written to. Text stays as it is.
        Means and blurred pictures of whole numbers are rounded.

    Raises:
        ValueError: it does not fit the samples.
    """
    given = None
    if not isinstance(baseline.value, (str, Real)):
        given = _read_arrays(baseline.value, inputs)
    arrays = []
    for place, array in enumerate(inputs.arrays):
        what = f"`baselines`={baseline.label!r} for the input {names[place]!r}"
        if array.dtype.kind not in "biuf":
            arrays.append(array)
        elif given is not None:
            arrays.append(_fit(given[place], array, names[place]))
        elif baseline.value in {"mean", "blur", "uniform"} and place in indices:
            raise ValueError(
                f"{what} makes no sense: it holds indices. Pass 'zero', an index, or an array."
            )
        else:
            arrays.append(_make(baseline, array, what, channels_first=channels_first))
    return ProbeInputs(tuple(arrays), inputs.structure)


def _check_one(value: Any) -> tuple[str, Any]:
    accepted = f"The `baselines` argument must be {_ACCEPTED}"
    if isinstance(value, str):
        if value not in NAMED_BASELINES:
            raise ValueError(f"{accepted}; got {value!r}.")
        return value, value
    if isinstance(value, (Real, np.generic)) and not isinstance(value, (bool, np.bool_)):
        number = float(value)
        if not np.isfinite(number):
            raise ValueError(f"{accepted}; got {value!r}.")
        return f"{number:g}", number
    if isinstance(value, (tuple, Mapping)) or hasattr(value, "shape"):
        return "given", value
    raise TypeError(f"{accepted}; got {type(value).__name__}.")


def _read_arrays(value: Any, inputs: ProbeInputs) -> list[NDArray[Any]]:
    """The arrays of a baseline in the order of the inputs."""
    structure = inputs.structure
    if isinstance(structure, Mapping) != isinstance(value, Mapping) and not hasattr(value, "shape"):
        raise ValueError(
            "The `baselines` argument must name its arrays as the inputs do; got "
            f"{type(value).__name__} for {type(structure).__name__}."
        )
    arrays = [np.asarray(one) for one in flatten_inputs(value)]
    is_other = isinstance(value, Mapping) and set(value) != set(structure)
    if len(arrays) != len(inputs.arrays) or is_other:
        names = f" named {sorted(map(str, structure))}" if isinstance(structure, Mapping) else ""
        given = sorted(map(str, value)) if isinstance(value, Mapping) else len(arrays)
        raise ValueError(
            f"The `baselines` argument must have an array for each of {len(inputs.arrays)} inputs"
            f"{names}; got {given}. A tuple or dict is one baseline, a list is several."
        )
    return arrays


def _fit(value: NDArray[Any], array: NDArray[Any], name: str) -> NDArray[Any]:
    shape = array.shape[1:]
    bare = tuple(length for length in shape if length != 1)
    fits = value.shape in {shape, array.shape, (1, *shape)} or value.shape == bare
    if value.dtype.kind not in "biuf" or not fits:
        given = f"{value.dtype} of shape {value.shape}" if value.ndim else repr(value.item())
        raise ValueError(
            f"The `baselines` argument for the input {name!r} must hold numbers of shape {shape} "
            f"(one for all samples) or {array.shape}; got {given}."
        )
    if not np.isfinite(value).all():
        raise ValueError(f"The `baselines` argument for the input {name!r} holds NaN or infinity.")
    shaped = value.reshape(shape) if value.shape == bare else value
    return np.broadcast_to(
        _exactly(shaped, array, f"`baselines` for the input {name!r}"), array.shape
    )


def _make(
    baseline: Baseline, array: NDArray[Any], what: str, *, channels_first: bool
) -> NDArray[Any]:
    if baseline.constant is not None:
        return np.broadcast_to(_exactly(np.array(baseline.constant), array, what), array.shape)
    if baseline.value == "blur":
        return _as_dtype(_blur(array, what, channels_first=channels_first), array)
    if baseline.value == "mean":
        is_finite = np.isfinite(array)
        count = is_finite.sum(axis=0)
        one = array.sum(axis=0, dtype=np.float64, where=is_finite) / np.maximum(1, count)
    else:
        finite = array[np.isfinite(array)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
        one = np.random.default_rng(_UNIFORM_SEED).uniform(low, high, array.shape[1:])
    return np.broadcast_to(_as_dtype(one, array), array.shape)


def _blur(array: NDArray[Any], what: str, *, channels_first: bool) -> NDArray[np.float64]:
    if array.ndim - 1 < _PICTURE_AXES or array.ndim - 1 > _PICTURE_AXES + 1:
        raise ValueError(
            f"{what} needs pictures; got samples of shape {array.shape[1:]}. Pass 'zero', 'mean', "
            "a number or an array."
        )
    has_moved = channels_first and array.ndim - 1 > _PICTURE_AXES
    pictures = np.moveaxis(array, 1, -1) if has_moved else array
    blurred = blur_pictures(pictures, max(1.0, _BLUR_SHARE * max(pictures.shape[1:3])))
    return np.moveaxis(blurred, -1, 1) if has_moved else blurred


def _exactly(values: NDArray[Any], array: NDArray[Any], what: str) -> NDArray[Any]:
    """The values in an array's dtype; raises where whole numbers cannot hold them."""
    converted = _as_dtype(values, array)
    if array.dtype.kind in "biu" and not np.array_equal(converted, values):
        raise ValueError(
            f"{what} must be what {array.dtype} can hold, in which the model takes it: whole "
            "numbers within its range."
        )
    return converted


def _as_dtype(values: NDArray[Any], array: NDArray[Any]) -> NDArray[Any]:
    """The values in an array's dtype; whole numbers are rounded, and kept within its range."""
    if array.dtype.kind in "iu":
        limits = np.iinfo(array.dtype)
        values = np.clip(np.rint(values), limits.min, limits.max)
    converted: NDArray[Any] = values.astype(array.dtype)
    return converted
