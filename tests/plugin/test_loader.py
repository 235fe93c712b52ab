"""The entry point that TensorBoard imports: it never raises, and imports no framework."""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from tb_nnviz.plugin_loader import NNVizLoader

FRAMEWORKS = ("keras", "tensorflow", "jax", "torch")


@pytest.mark.parametrize(
    ("given", "fixed"),
    [
        (Namespace(samples_per_plugin={}), {"nnviz": 0}),
        (Namespace(samples_per_plugin={"images": 5}), {"images": 5, "nnviz": 0}),
        (Namespace(samples_per_plugin={"nnviz": 7}), {"nnviz": 7}),
        (Namespace(samples_per_plugin=None), None),
    ],
)
def test_every_step_is_kept_unless_the_user_has_set_a_number(
    given: Namespace, fixed: object
) -> None:
    NNVizLoader().fix_flags(given)
    assert given.samples_per_plugin == fixed


def test_flags_of_another_tensorboard_do_no_harm() -> None:
    NNVizLoader().fix_flags(Namespace())
    NNVizLoader().fix_flags(None)


@pytest.mark.parametrize("has_frameworks", [True, False])
def test_nothing_on_the_plugins_path_imports_a_framework(
    has_frameworks: bool, tmp_path: Path
) -> None:
    # Where they are "not installed", importing one fails as it does on a machine without.
    block = "" if has_frameworks else f"sys.modules.update(dict.fromkeys({FRAMEWORKS}))"
    script = f"""
import sys
{block}
import numpy as np
from tensorboard.plugins import base_plugin
import tb_nnviz
from tb_nnviz.plugin_loader import NNVizLoader
plugin = NNVizLoader().load(base_plugin.TBContext(logdir="x"))
assert sorted(plugin.get_plugin_apps()) == ["/index", "/records", "/static/*", "/timeline"]
assert plugin.is_active() is False
with tb_nnviz.LogWriter({str(tmp_path)!r}) as writer:
    writer.tiles("weights/x", np.ones((2, 9, 9)), axes=("unit", "height", "width"), step=0)
    writer.histogram("histograms/x", np.ones(9), step=0)
reader = tb_nnviz.LogReader({str(tmp_path)!r})
assert [reader.steps(run, "weights/x") for run in reader.runs()] == [[0]]
assert isinstance(reader.read(reader.runs()[0], "histograms/x", 0), tb_nnviz.Histogram)
loaded = [name for name in {FRAMEWORKS} if sys.modules.get(name) is not None]
assert loaded == [], loaded
"""
    completed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert completed.returncode == 0, completed.stderr


def test_an_installation_without_a_bundle_says_so_instead_of_a_blank_tab(tmp_path: Path) -> None:
    from tb_nnviz.plugin.static_files import read_static_file

    file = read_static_file(tmp_path, "index.js")
    assert file is not None
    assert file.content_type == "text/javascript"
    assert b"was not built" in file.content
    assert read_static_file(tmp_path, "other.js") is None
