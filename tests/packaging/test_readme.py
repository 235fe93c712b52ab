"""Figures and signatures in the README are those that are measured, tested and in the code."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import tb_nnviz
from tests.packaging.test_bundle import MAX_COMPRESSED_BYTES

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
RESULTS = (PROJECT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
CALLBACKS = dict(re.findall(r"^\| `([A-Z]\w+)(\(log_dir.*?\))` \|", README, re.MULTILINE))
# The README names them once for all.
COMMON = {"update_freq", "every", "on_error"}


def test_the_slider_takes_what_was_measured_last() -> None:
    (measured,) = re.findall(r"`slider_speed`.*\| median ([\d.]+ ms),", RESULTS)
    assert re.findall(r"two runs takes ([\d.]+ ms) \(median\)", README) == [measured]


def test_what_is_loaded_at_first_is_told_by_the_bar_that_it_keeps() -> None:
    told = re.findall(r"loaded at first is at most (\d+) KiB compressed", README)
    assert [int(kibibytes) * 1024 for kibibytes in told] == [MAX_COMPRESSED_BYTES]


def test_all_callbacks_are_told_of() -> None:
    exported = {name for name in tb_nnviz.__all__ if hasattr(getattr(tb_nnviz, name), "set_model")}
    assert exported == set(CALLBACKS)


@pytest.mark.parametrize("name", CALLBACKS)
def test_a_callback_has_the_arguments_that_are_told(name: str) -> None:
    told: dict[str, Any] = {}
    exec(f"def told{CALLBACKS[name]}: ...", told)  # noqa: S102 - our own README
    assert arguments_of(told["told"]) == arguments_of(getattr(tb_nnviz, name))


def arguments_of(function: Any) -> list[tuple[str, object, object]]:
    parameters = inspect.signature(function).parameters.values()
    return [(each.name, each.kind, each.default) for each in parameters if each.name not in COMMON]
