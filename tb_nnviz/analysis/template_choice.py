"""Which layers' templates are logged, and of how many units, so that a step stays affordable.

By one rule that depends on the model alone, so that it is the same at every step and run. Nothing
is left out without a notice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tb_nnviz.analysis.layer_notices import name_some
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
# Operations that are traced for the Jacobians of all layers, unless a user asked for the layers:
# some seconds at the start of a training, however deep the model.
MAX_OPERATIONS = 200
# Fewer of many units say little of a layer.
MIN_UNITS = 8


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
    operations: int


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
    purse = _Purse(MAX_MULTIPLICATIONS, MAX_CONVOLUTION_PRODUCTS, MAX_OPERATIONS)
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
        traced = 0 if units.chain is not None else units.num_operations
        # The first is there however deep the model is, and leaves the others their share.
        traced = traced if chosen else 0
        is_too_deep = is_bounded and traced > purse.operations
        if count < min(MIN_UNITS, wanted) or is_too_deep:
            too_dear.append(candidate.key)
            continue
        if count < wanted:
            cut.append(f"{candidate.key} ({count} of {units.num_units} units)")
        purse.multiplications -= count * units.cost * products_per_unit(units)
        purse.operations -= traced
        purse.products -= count if candidate.is_secondary else 0
        chosen.append(ChosenUnits(units, count))
    return tuple(chosen), (*notice_refused(candidates), *_notice_costs(cut, too_dear))


def _affordable(
    units: LinearUnits, wanted: int, candidate: Candidate, products: int, purse: _Purse
) -> int:
    most = min(wanted, purse.multiplications // max(1, units.cost * products))
    return max(0, min(most, purse.products) if candidate.is_secondary else most)


def notice_refused(candidates: Sequence[Candidate]) -> list[Notice]:
    """Why candidates have no units: one notice for all that the same cause holds for.

    Args:
        candidates: of which those with units are passed over.
    """
    by_cause: dict[str, list[str]] = {}
    for candidate in candidates:
        if candidate.units is None:
            by_cause.setdefault(candidate.cause, []).append(candidate.key)
    return [
        Notice(
            VIEW, keys[0] if len(keys) == 1 else "", f"No templates of {name_some(keys)}: {why}."
        )
        for cause, keys in by_cause.items()
        for why in [explain(cause)]
    ]


def _notice_costs(cut: Sequence[str], too_dear: Sequence[str]) -> list[Notice]:
    limit = (
        f"to stay within {MAX_MULTIPLICATIONS / 1e9:g} billion multiply-adds a step, "
        f"{MAX_CONVOLUTION_PRODUCTS} units of convolutions and {MAX_OPERATIONS} operations on the "
        f"ways to them. WeightTemplates(layers=…) logs more."
    )
    notices = []
    if cut:
        notices.append(Notice(VIEW, "", f"Templates of some units only: {name_some(cut)}, {limit}"))
    if too_dear:
        notices.append(Notice(VIEW, "", f"No templates of {name_some(too_dear)}, {limit}"))
    return notices
