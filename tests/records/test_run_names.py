from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tb_nnviz.records.run_names import display_names


@pytest.mark.parametrize(
    ("run", "name"),
    [
        ("mlp/nnviz", "mlp"),
        ("sweep/mlp/nnviz", "sweep/mlp"),
        ("mlp", "mlp"),
        ("nnviz/train", "nnviz/train"),
        ("nnviz", "logs"),
        (".", "logs"),
    ],
)
def test_a_run_is_called_as_its_log_dir(run: str, name: str) -> None:
    assert display_names([run], "/home/me/logs") == {run: name}


def test_a_log_dir_that_is_itself_our_directory_is_called_as_its_parent() -> None:
    assert display_names(["."], "/home/me/mlp/nnviz") == {".": "mlp"}


def test_runs_that_would_be_called_the_same_keep_their_full_names() -> None:
    assert display_names(["a", "a/nnviz", "b/nnviz"], "/logs") == {
        "a": "a",
        "a/nnviz": "a/nnviz",
        "b/nnviz": "b",
    }


@settings(deadline=None)
@given(
    runs=st.lists(
        st.lists(st.sampled_from(["a", "b", "logs", "nnviz"]), max_size=3).map("/".join),
        unique=True,
    ),
    logdir=st.sampled_from(["/x/logs", "/x/nnviz", "/"]),
)
@example(runs=["a", "a/nnviz", "a/nnviz/nnviz"], logdir="/x/logs")
def test_no_two_runs_are_called_the_same(runs: list[str], logdir: str) -> None:
    runs = [run or "." for run in runs]
    names = display_names(runs, logdir)
    assert list(names) == runs
    assert all(names.values())
    assert len(set(names.values())) == len(runs)
