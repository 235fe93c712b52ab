"""The demo as CI and users run it, and what it leaves in the log."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

# Training begins at step 0 and has 8 epochs.
EVERY_STEP = "9 steps: 0…8"
NOTICE = (
    "notice (activations flatten, step 0): Layers that only pass their input on are not shown, "
    "unless `layers` names them (flatten)."
)
PICTURES = "(unit, height, width)"
MATRIX = "(height, width)"
KERNELS = "(filter, in_channel, height, width)"
MAPS = "(sample, channel, height, width)"
STRIPS = "(sample, height, width)"

# Of each layer: its kernel, number of units, template, and the number of its kernel's values.
MLP_LAYERS = {
    "dense": (f"512×28×28 {PICTURES}", 512, "28×28", 401_408),
    "dense_1": (f"512×256 {MATRIX}", 256, "28×28", 131_072),
    "digit": (f"256×10 {MATRIX}", 10, "28×28", 2_560),
}
LINEAR_LAYERS = {"digit": (f"10×28×28 {PICTURES}", 10, "28×28", 7_840)}
# Each further convolution sees two places more of what it is given, of which a pooling has made
# every place from two: 5, 5 + 1 + 2 · 2 = 10, 10 + 2 + 2 · 4 = 20.
CONVOLUTIONAL_LAYERS = {
    "conv2d": (f"8×1×5×5 {KERNELS}", 8, "5×5", 200),
    "conv2d_1": (f"16×8×3×3 {KERNELS}", 16, "10×10", 1_152),
    "conv2d_2": (f"32×16×3×3 {KERNELS}", 32, "20×20", 4_608),
    "digit": ("10×32×3×3 (unit, in_channel, height, width)", 10, "28×28", 2_880),
}
# By the number of layers with weights: with the input, Flatten and poolings.
NUM_NODES = {1: 3, 3: 5, 4: 8}
DENSE_ACTIVATIONS = {"dense": 512, "dense_1": 256, "digit": 10}


def layer_lines(layers: dict[str, tuple[str, int, str, int]]) -> list[list[str]]:
    """Weights and histograms in network order, and templates: of the scores first."""
    shapes = {"samples": "16×28×28 (sample, height, width)"}
    for layer, (kernel, units, _, _) in layers.items():
        shapes[f"weights/{layer}/kernel"] = kernel
        shapes[f"weights/{layer}/bias"] = f"1×{units} {MATRIX}"
    for layer, (_, units, _, values) in layers.items():
        shapes[f"histograms/{layer}/kernel"] = f"histogram of {values:,} values"
        shapes[f"histograms/{layer}/bias"] = f"histogram of {units:,} values"
    for layer in ("digit", *(layer for layer in layers if layer != "digit")):
        _, units, template, _ = layers[layer]
        shapes[f"templates/{layer}"] = f"{units}×{template} {PICTURES}"
        shapes[f"templates/{layer}/offset"] = f"1×{units} {MATRIX}"
    if layers is MLP_LAYERS:  # the last hidden layer feeds the scores
        shapes["templates/dense_1/class_weights"] = f"256×10×1 {PICTURES}"
    num_nodes = NUM_NODES[len(layers)]
    shapes["graph"] = f"graph of {num_nodes} nodes and {num_nodes - 1} edges"
    return lines(shapes)


def lines(shapes: dict[str, str]) -> list[list[str]]:
    # Samples and the graph are the same at every step, and logged once.
    return [
        [tag, shape, "1 step: 0" if tag in ("samples", "graph") else EVERY_STEP]
        for tag, shape in shapes.items()
    ]


def strip_lines(units: dict[str, int]) -> list[list[str]]:
    """Activations of Dense layers: before the activation, and after."""
    return lines(
        {
            f"activations/{layer}{suffix}": f"16×1×{count} {STRIPS}"
            for layer, count in units.items()
            for suffix in ("/pre_activation", "")
        }
    )


def map_lines() -> list[list[str]]:
    """Activations of the convolutions and the poolings between them."""
    shapes = {}
    for layer, sizes in {
        "conv2d": "8×24×24",
        "max_pooling2d": "8×12×12",
        "conv2d_1": "16×10×10",
        "max_pooling2d_1": "16×5×5",
        "conv2d_2": "32×3×3",
    }.items():
        for suffix in ("/pre_activation", "") if layer.startswith("conv") else ("",):
            shapes[f"activations/{layer}{suffix}"] = f"16×{sizes} {MAPS}"
    return lines(shapes)


def attribution_lines() -> list[list[str]]:
    """Of 16 samples of ten digits, at six places of the path and at seventeen."""
    shapes = {
        "integrated_gradients": f"16×28×28 {STRIPS}",
        "interior_gradients": "16×6×28×28 (sample, alpha, height, width)",
        "path_outputs": f"16×1×17 {STRIPS}",
        "scores": f"16×1×10 {STRIPS}",
    }
    return lines({f"attributions/{name}": shape for name, shape in shapes.items()})


def class_lines(layers: dict[str, tuple[str, int, str, int]]) -> list[list[str]]:
    """The confusion, and the samples that excite the units of all layers, 32 of each at most."""
    shapes = {
        "confusion": "confusion of 1,000 samples in 10 classes, accuracy …",
        "confusion/samples": "…×28×28 (sample, height, width)",
    }
    for layer, (kernel, units, _, _) in layers.items():
        unit = "channel" if kernel.endswith(KERNELS) else "unit"
        cut = f", 32 of {units} {unit}s" if units > 32 else ""
        shown = min(units, 32)
        shapes[f"top_samples/{layer}"] = f"{shown}×4×28×28 ({unit}, rank, height, width){cut}"
    return lines(shapes)


def test_inspect_lists_every_run_of_the_demo_with_its_notice_its_tags_and_every_step(
    demo_log: Path,
) -> None:
    completed = subprocess.run(
        [sys.executable, "-m", "tb_nnviz", "inspect", str(demo_log)],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    tags: dict[str, list[list[str]]] = {}
    for line in completed.stdout.splitlines():
        if line.startswith("  "):
            # What depends on how the training went: bins, accuracy, and pictures that are new.
            known = re.sub(r" in \d+ bins", "", line)
            known = re.sub(r"accuracy [\d.]+%", "accuracy …", known)
            known = re.sub(
                r"(confusion/samples  )\d+(.*)  \d steps?: .*", rf"\1…\2  {EVERY_STEP}", known
            )
            tags[list(tags)[-1]].append(known.split("  ")[1:])
        else:
            tags[line] = []
    activations = {
        "conv-4000": [*map_lines(), *strip_lines({"digit": 10})],
        "linear-4000": strip_lines({"digit": 10}),
        "mlp-4000": strip_lines(DENSE_ACTIVATIONS),
        "mlp-500": strip_lines(DENSE_ACTIVATIONS),
    }
    layers = {
        "conv-4000": CONVOLUTIONAL_LAYERS,
        "linear-4000": LINEAR_LAYERS,
        "mlp-4000": MLP_LAYERS,
        "mlp-500": MLP_LAYERS,
    }
    assert tags == {
        run: [
            [NOTICE],
            *layer_lines(layers[run]),
            *activations[run],
            *attribution_lines(),
            *class_lines(layers[run]),
        ]
        for run in layers
    }
