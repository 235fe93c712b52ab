"""See inside Keras models while they train, in a tab of TensorBoard.

The public names load what they need when they are first used, so that TensorBoard, which
imports this package to find its plugin, loads no deep-learning framework.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tb_nnviz.analysis.integrated_gradients import (
        IntegratedGradientsResult,
        integrated_gradients,
    )
    from tb_nnviz.analysis.interior_gradients import interior_gradients
    from tb_nnviz.analysis.layer_activations import layer_activations
    from tb_nnviz.analysis.weight_templates import WeightTemplateResult, weight_templates
    from tb_nnviz.callbacks.activation_channels import ActivationChannels
    from tb_nnviz.callbacks.confusion_matrix import ConfusionMatrix
    from tb_nnviz.callbacks.integrated_gradients import IntegratedGradients
    from tb_nnviz.callbacks.model_graph import ModelGraph
    from tb_nnviz.callbacks.nnviz import NNViz
    from tb_nnviz.callbacks.top_samples import TopSamples
    from tb_nnviz.callbacks.weight_histograms import WeightHistograms
    from tb_nnviz.callbacks.weight_templates import WeightTemplates
    from tb_nnviz.callbacks.weight_tiles import WeightTiles
    from tb_nnviz.log_reader import LogReader
    from tb_nnviz.records import (
        Confusion,
        Histogram,
        Moment,
        Notice,
        RecordError,
        Source,
        TileArray,
    )
    from tb_nnviz.writing import LogWriter

__all__ = [
    "ActivationChannels",
    "Confusion",
    "ConfusionMatrix",
    "Histogram",
    "IntegratedGradients",
    "IntegratedGradientsResult",
    "LogReader",
    "LogWriter",
    "ModelGraph",
    "Moment",
    "NNViz",
    "Notice",
    "RecordError",
    "Source",
    "TileArray",
    "TopSamples",
    "WeightHistograms",
    "WeightTemplateResult",
    "WeightTemplates",
    "WeightTiles",
    "integrated_gradients",
    "interior_gradients",
    "layer_activations",
    "weight_templates",
]

_MODULES = {
    "ActivationChannels": "tb_nnviz.callbacks.activation_channels",
    "Confusion": "tb_nnviz.records",
    "ConfusionMatrix": "tb_nnviz.callbacks.confusion_matrix",
    "Histogram": "tb_nnviz.records",
    "IntegratedGradients": "tb_nnviz.callbacks.integrated_gradients",
    "IntegratedGradientsResult": "tb_nnviz.analysis.integrated_gradients",
    "LogReader": "tb_nnviz.log_reader",
    "LogWriter": "tb_nnviz.writing",
    "ModelGraph": "tb_nnviz.callbacks.model_graph",
    "Moment": "tb_nnviz.records",
    "NNViz": "tb_nnviz.callbacks.nnviz",
    "Notice": "tb_nnviz.records",
    "RecordError": "tb_nnviz.records",
    "Source": "tb_nnviz.records",
    "TileArray": "tb_nnviz.records",
    "TopSamples": "tb_nnviz.callbacks.top_samples",
    "WeightHistograms": "tb_nnviz.callbacks.weight_histograms",
    "WeightTemplateResult": "tb_nnviz.analysis.weight_templates",
    "WeightTemplates": "tb_nnviz.callbacks.weight_templates",
    "WeightTiles": "tb_nnviz.callbacks.weight_tiles",
    "integrated_gradients": "tb_nnviz.analysis.integrated_gradients",
    "interior_gradients": "tb_nnviz.analysis.interior_gradients",
    "weight_templates": "tb_nnviz.analysis.weight_templates",
    "layer_activations": "tb_nnviz.analysis.layer_activations",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415 - slow, and seldom asked for

        return version("tb-nnviz")
    if name not in _MODULES:
        raise AttributeError(f"module 'tb_nnviz' has no attribute {name!r}")
    return getattr(importlib.import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__, "__version__"])
