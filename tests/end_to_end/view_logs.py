"""A log with every view, of the small logs of each; runs are parted by folders."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end import (
    activation_logs,
    attribution_logs,
    class_bars_logs,
    confusion_logs,
    graph_logs,
    top_samples_logs,
    workbench,
)

# By view: the folder of its runs and how they are written.
WRITERS = {
    "weights": workbench.write_workbench,
    "histograms": workbench.write_workbench,
    "templates": class_bars_logs.write_class_bars,
    "activations": activation_logs.write_activations,
    "attributions": attribution_logs.write_attributions,
    "confusion": confusion_logs.write_confusion,
    "top_samples": top_samples_logs.write_top_samples,
    "graph": graph_logs.write_graphs,
}


def only_runs(view: str) -> dict[str, str]:
    """Of a link: the runs of a view are shown, and no others."""
    folder = WRITERS[view].__name__
    ticked = f"{folder}/first/nnviz,{folder}/second/nnviz"
    return {"run_filter": f"^{folder}/", "runs": ticked}


def write_all_views(logdir: Path) -> None:
    """Writes all of them."""
    for write in dict.fromkeys(WRITERS.values()):
        write(logdir / write.__name__)
