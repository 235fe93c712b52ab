"""The view of a model's layers and of what flows between them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from tb_nnviz.analysis.model_graph import TAG, digest_graph, estimate_graph_bytes, read_model_graph
from tb_nnviz.analysis.model_graph import VIEW as GRAPH
from tb_nnviz.analysis.model_weights import PlannedWeight
from tb_nnviz.callbacks.views import BuildRecords
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.model.variables import WeightValues
from tb_nnviz.records import Graph, Notice


class GraphView:
    """The graph of the model, logged once a fit, since layers may be frozen between two."""

    name = GRAPH
    max_tiles = 1
    needs_samples = False
    is_logged_once = True

    def __init__(self) -> None:
        self._graph: Graph | None = None
        self._is_left_out = False

    def __getstate__(self) -> dict[str, Any]:
        """Without the graph, which is of one model."""
        return {"_graph": None, "_is_left_out": False}

    @property
    def content_key(self) -> str | None:
        """See `View.content_key`."""
        return None if self._graph is None else f"{GRAPH} {digest_graph(self._graph)}"

    def check(self, model: Any, panel: SamplePanel | None) -> None:
        """See `View.check`."""

    def plan(self, model: Any, panel: SamplePanel | None) -> tuple[Notice, ...]:
        """See `View.plan`."""
        self.reset()
        self._graph = read_model_graph(model, None if panel is None else panel.inputs)
        return ()

    def drop_tags(self, tags: Collection[str]) -> None:
        """See `View.drop_tags`."""
        self._is_left_out = TAG in tags

    def estimate_bytes(self, max_tiles: int) -> int:  # noqa: ARG002 - there are none
        """See `View.estimate_bytes`."""
        return sum(estimate_graph_bytes(graph) for _, graph in self._records())

    def limit_tiles(self, max_tiles: int) -> None:
        """See `View.limit_tiles`."""

    def warm_up(self) -> None:
        """See `View.warm_up`."""

    def tags(self) -> tuple[str, ...]:
        """See `View.tags`."""
        return tuple(tag for tag, _ in self._records())

    def weights(self) -> Sequence[PlannedWeight]:
        """See `View.weights`."""
        return ()

    def collect(self, values: WeightValues, previous: WeightValues | None) -> BuildRecords:  # noqa: ARG002
        """See `View.collect`."""
        records = self._records()
        return lambda: records

    def reset(self) -> None:
        """See `View.reset`."""
        self._graph = None
        self._is_left_out = False

    def _records(self) -> tuple[tuple[str, Graph], ...]:
        return () if self._graph is None or self._is_left_out else ((TAG, self._graph),)
