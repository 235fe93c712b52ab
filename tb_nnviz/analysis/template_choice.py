"""Which layers' templates are logged, and of how many units, so that a step stays affordable.

By one rule that depends on the model alone, so that it is the same at every step and run. Nothing
is left out without a notice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tb_nnviz.model.linearization import Candidate, LinearUnits, explain
from tb_nnviz.records import Notice

VIEW = "templates"
# Multiply-adds of a step, unless a user asked for those very layers: about a second of two slow
# cores.
MAX_MULTIPLICATIONS = 6_000_000_000
# The share of convolutions, which come last, and their vector-Jacobian products a step: four
# layers of 64 filters, of which the first say most.
MAX_CONVOLUTION_MULTIPLICATIONS = 2_000_000_000
MAX_CONVOLUTION_PRODUCTS = 256
# Fewer of many units say little of a layer.
MIN_UNITS = 8
_MAX_NAMED = 5


@dataclass(frozen=True, eq=False)
class ChosenUnits:
    """A layer whose templates are logged.

    Attributes:
        units: all of the layer's.
        count: how many of them, the first ones.
    """

    units: LinearUnits
    count: int


@dataclass
class _Purse:
    """What is left to spend."""

    multiplications: int
    products: int


def choose_units(
    candidates: Sequence[Candidate],
    max_units: int,
    products_per_unit: Callable[[LinearUnits], int],
    *,
    is_bounded: bool,
) -> tuple[tuple[ChosenUnits, ...], tuple[Notice, ...]]:
    """The layers that are logged, and notices about all others.

    Args:
        candidates: in the order of their importance.
        max_units: units a layer.
        products_per_unit: how many vector-Jacobian products one unit takes.
        is_bounded: whether the cost of a step decides.
    """
    chosen: list[ChosenUnits] = []
    cut: list[str] = []
    too_dear: list[str] = []
    purse = _Purse(MAX_MULTIPLICATIONS, MAX_CONVOLUTION_PRODUCTS)
    is_first_secondary = True
    for candidate in candidates:
        units = candidate.units
        if units is None:
            continue
        if candidate.is_secondary and is_first_secondary:
            is_first_secondary = False
            purse.multiplications = min(purse.multiplications, MAX_CONVOLUTION_MULTIPLICATIONS)
        wanted = min(units.num_units, max_units)
        count = wanted
        if is_bounded:
            count = _affordable(units, wanted, candidate, products_per_unit(units), purse)
        if count < min(MIN_UNITS, wanted):
            too_dear.append(candidate.key)
            continue
        if count < wanted:
            cut.append(f"{candidate.key} ({count} of {units.num_units} units)")
        purse.multiplications -= count * units.cost * products_per_unit(units)
        purse.products -= count if candidate.is_secondary else 0
        chosen.append(ChosenUnits(units, count))
    return tuple(chosen), (*_notice_refused(candidates), *_notice_costs(cut, too_dear))


def _affordable(
    units: LinearUnits, wanted: int, candidate: Candidate, products: int, purse: _Purse
) -> int:
    most = min(wanted, purse.multiplications // max(1, units.cost * products))
    return max(0, min(most, purse.products) if candidate.is_secondary else most)


def _notice_refused(candidates: Sequence[Candidate]) -> list[Notice]:
    """One notice for all layers that the same cause holds for."""
    by_cause: dict[str, list[str]] = {}
    for candidate in candidates:
        if candidate.units is None:
            by_cause.setdefault(candidate.cause, []).append(candidate.key)
    return [
        Notice(VIEW, keys[0] if len(keys) == 1 else "", f"No templates of {_list(keys)}: {why}.")
        for cause, keys in by_cause.items()
        for why in [explain(cause)]
    ]


def _notice_costs(cut: Sequence[str], too_dear: Sequence[str]) -> list[Notice]:
    limit = (
        f"to stay within {MAX_MULTIPLICATIONS / 1e9:g} billion multiply-adds a step and "
        f"{MAX_CONVOLUTION_PRODUCTS} units of convolutions. WeightTemplates(layers=…) logs more."
    )
    notices = []
    if cut:
        notices.append(Notice(VIEW, "", f"Templates of some units only: {_list(cut)}, {limit}"))
    if too_dear:
        notices.append(Notice(VIEW, "", f"No templates of {_list(too_dear)}, {limit}"))
    return notices


def _list(names: Sequence[str]) -> str:
    more = len(names) - _MAX_NAMED
    named = ", ".join(names[:_MAX_NAMED])
    return f"{named} and {more} more" if more > 0 else named
