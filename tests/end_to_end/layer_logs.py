"""Logs of activations and templates for the browser tests, made of formulas and seeds.

Knows what to write; needs no model and computes nothing that a network would.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz import LogWriter, Source
from tb_nnviz.records import Notice
from tests.end_to_end.logs import patterns
from tests.end_to_end.run_writer import written_run

Values = NDArray[Any]

SAMPLES = 4
STEPS = (0, 1, 2)
LABELS = {"sample": ["zero", "one", "two", "three"]}
MAPS = ("sample", "channel", "height", "width")
#: Of the layers in network order: channels and side of their maps.
LAYERS = {"conv2d": (4, 10), "conv2d_1": (6, 5), "conv2d_2": (8, 3)}
REFUSAL = "its templates are refused: MultiHeadAttention is not linear"


def write_layers(logdir: Path) -> None:
    """A deep run, and a shallow one that lacks ``conv2d_2``: samples and activations, 3 steps."""
    for run, layers in (("deep", list(LAYERS)), ("shallow", list(LAYERS)[:2])):
        rng = np.random.default_rng(len(layers))
        with LogWriter(logdir / run) as writer:
            for step in STEPS:
                if step == 0:
                    pictures = np.random.default_rng(1).integers(0, 256, (SAMPLES, 12, 12))
                    writer.tiles(
                        "samples",
                        pictures.astype(np.float32),
                        axes=("sample", "height", "width"),
                        step=step,
                        labels=LABELS,
                        meaning="image",
                        precision="uint8",
                        source=Source(role="samples", samples_digest="same"),
                    )
                for index, layer in enumerate(layers):
                    channels, side = LAYERS[layer]
                    values = rng.normal(size=(SAMPLES, channels, side, side)) + step
                    _write_activations(writer, layer, index, values, step)
                _write_activations(writer, "dense", 9, rng.random((SAMPLES, 1, 10)), step)


def _write_activations(
    writer: LogWriter, layer: str, index: int, values: Values, step: int
) -> None:
    is_map = values.ndim == len(MAPS)
    variants = (
        ("", "output", np.maximum(values, 0)),
        ("/pre_activation", "pre_activation", values),
    )
    for suffix, role, array in variants:
        writer.tiles(
            f"activations/{layer}{suffix}",
            array,
            axes=MAPS if is_map else ("sample", "height", "width"),
            step=step,
            labels=LABELS,
            represents=None if is_map else {"width": "unit"},
            meaning="signed" if suffix else "non_negative",
            precision="uint8",
            source=Source(
                layer_path=layer,
                layer_index=index,
                layer_type="Conv2D" if is_map else "Dense",
                role=role,
                samples_digest="same",
            ),
        )


def write_templates(logdir: Path) -> None:
    """Two runs whose notes differ: class templates, their offsets, colour templates, a refusal."""
    for run, note in (("linear", "exact"), ("deep", "ignores 2 ReLU")):
        rng = np.random.default_rng(len(run))
        with LogWriter(logdir / run) as writer:
            template = Source(
                layer_path="dense", layer_index=3, layer_type="Dense", role="template"
            )
            writer.tiles(
                "templates/dense",
                patterns(3, 3, len(run)),
                axes=("unit", "height", "width"),
                step=0,
                labels={"unit": ["cat", "dog", "ship"]},
                notes=(note, "before softmax"),
                source=template,
            )
            writer.tiles(
                "templates/dense/offset",
                rng.normal(size=(1, 3)),
                axes=("height", "width"),
                step=0,
                represents={"width": "unit"},
                precision="float32",
                source=replace(template, role="offset"),
            )
            writer.tiles(
                "templates/conv2d",
                patterns(4 * 3, 3, 10 + len(run), side=7).reshape(4, 3, 7, 7).transpose(0, 2, 3, 1),
                axes=("unit", "height", "width", "color"),
                step=0,
                notes=("exact",),
                source=Source(
                    layer_path="conv2d", layer_index=1, layer_type="Conv2D", role="template"
                ),
            )
    with written_run(logdir / "refused") as refused:
        notice = Notice(view="templates", layer="attention", message=REFUSAL)
        refused.write({"notices": notice}, step=0)
