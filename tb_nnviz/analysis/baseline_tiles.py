"""Baselines as pictures, logged once a fit beside the samples: what attributions are told from.

Baselines of one constant value are not shown; what they are called says all.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.analysis.attribution_tiles import AttributionTilesPlan
from tb_nnviz.analysis.map_layout import MapLayout
from tb_nnviz.records import Source, TileArray


def baseline_tags(plan: AttributionTilesPlan) -> tuple[str, ...]:
    """The tags of all baselines that are shown."""
    return tuple(layout.tag("baselines") for layout in plan.layouts) if _shown(plan) else ()


def estimate_baseline_bytes(plan: AttributionTilesPlan) -> int:
    """About the size of their records."""
    return sum(
        layout.estimate_bytes(_stack(plan, layout).shape[:2])
        for layout in plan.layouts
        if _shown(plan)
    )


def build_baseline_records(plan: AttributionTilesPlan) -> Iterator[tuple[str, TileArray]]:
    """Tag and record of the baselines of each input that has attributions."""
    shown = _shown(plan)
    if not shown:
        return
    for layout in plan.layouts:
        values = _stack(plan, layout)
        samples = plan.labels.samples if values.shape[1] > 1 else ()
        reduced = layout.reduce(values.reshape(-1, *values.shape[2:]))
        yield (
            layout.tag("baselines"),
            layout.build(
                reduced.reshape(*values.shape[:2], *reduced.shape[1:]),
                {
                    "baseline": [plan.options.baselines[place].label for place in shown],
                    "sample": samples,
                },
                meaning=layout.layout.meaning,
                source=Source(role="baselines", samples_digest=plan.labels.digest),
            ),
        )


def _shown(plan: AttributionTilesPlan) -> list[int]:
    """Places of the baselines that have more than one value."""
    if not plan.tags:
        return []
    baselines = plan.attributions.baselines
    return [place for place, one in enumerate(baselines) if one.constant is None]


def _stack(plan: AttributionTilesPlan, layout: MapLayout) -> NDArray[np.float32]:
    """``(baseline, sample, *shape)``; one sample where all have the same baselines."""
    arrays = [
        plan.attributions.baseline_inputs[place].arrays[layout.place] for place in _shown(plan)
    ]
    # One that is the same for all samples is one that was broadcast.
    is_one = all(array.strides[0] == 0 for array in arrays)
    return np.stack([array[:1] if is_one else array for array in arrays]).astype(np.float32)
