"""What is explained of a panel of samples, and how it is logged: checked without a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tb_nnviz.analysis.attribution_targets import LABEL, Targets, check_targets
from tb_nnviz.analysis.baselines import Baseline, check_baselines
from tb_nnviz.analysis.explained_model import check_output
from tb_nnviz.analysis.integrated_gradients import check_max_evaluations, check_tolerance
from tb_nnviz.analysis.interior_gradients import check_alphas
from tb_nnviz.model.explained_output import OutputChoice
from tb_nnviz.numerics.path_integral import PATH_ALPHAS
from tb_nnviz.records.tile_array import DEFAULT_MAX_TILE_SIDE

DEFAULT_ALPHAS = (0.0625, 0.125, 0.25, 0.5, 0.75, 1.0)
DEFAULT_TOLERANCE = 0.05
DEFAULT_MAX_EVALUATIONS = 129


@dataclass(frozen=True, eq=False)
class AttributionOptions:
    """What is explained and logged.

    Attributes:
        targets: which class of each sample; ``"label"`` for that of its targets.
        baselines: where the paths begin.
        choice: which output, as logits or probabilities.
        tolerance: of both errors, as a share.
        max_evaluations: gradients of a path at most.
        alphas: where the integrand is logged, of `PATH_ALPHAS`.
        max_tile_side: longer sides are averaged over whole blocks of cells.
        max_seconds: about what a step may take, above which fewer samples are explained; None for
            no limit.
    """

    targets: Targets = LABEL
    baselines: tuple[Baseline, ...] = (Baseline("zero", "zero"),)
    choice: OutputChoice = field(default_factory=OutputChoice)
    tolerance: float = DEFAULT_TOLERANCE
    max_evaluations: int = DEFAULT_MAX_EVALUATIONS
    alphas: tuple[float, ...] = DEFAULT_ALPHAS
    max_tile_side: int = DEFAULT_MAX_TILE_SIDE
    max_seconds: float | None = None


def check_attribution_options(
    *,
    targets: Any,
    baselines: Any,
    output: Any,
    output_name: Any,
    tolerance: Any,
    max_evaluations: Any,
    alphas: Any,
) -> AttributionOptions:
    """The options of a callback, as far as they can be checked without a model.

    Raises:
        TypeError, ValueError: an argument does not fit.
    """
    checked = check_targets(targets, may_be_label=True)
    return AttributionOptions(
        targets=checked,
        baselines=check_baselines(baselines),
        choice=check_output(output, output_name, checked),
        tolerance=check_tolerance(tolerance),
        max_evaluations=check_max_evaluations(max_evaluations),
        alphas=_check_logged_alphas(alphas),
    )


def _check_logged_alphas(alphas: Sequence[float]) -> tuple[float, ...]:
    if hasattr(alphas, "__len__") and len(alphas) == 0:
        return ()
    places = check_alphas(alphas)
    between = [one for one in places if one not in PATH_ALPHAS]
    if between:
        raise ValueError(
            f"The `alphas` argument must hold multiples of 1/{len(PATH_ALPHAS) - 1}, where the "
            f"gradients are known already; got {between}. `interior_gradients` computes them "
            "anywhere."
        )
    return tuple(sorted(set(places)))
