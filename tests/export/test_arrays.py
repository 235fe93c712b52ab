"""Records as NPZ."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from tb_nnviz import LogReader, LogWriter
from tb_nnviz.export import PictureOptions, export_tag
from tests.export.logs import TILE_AXES, write_units


def load(path: Path) -> dict[str, Any]:
    with np.load(path) as stored:  # arrays of objects would be refused
        return dict(stored)


def test_one_step_has_the_values_of_the_log_and_what_its_axes_are(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(0, 1, (3, 9, 9))
    with LogWriter(tmp_path / "logs" / "run") as writer:
        axes = ("class", "height", "width")
        labels = {"class": ["cat", "dog", "二"]}
        writer.tiles("templates/x", values, axes=axes, step=7, labels=labels, notes=["exact"])
    exported = export_tag(tmp_path / "logs", tmp_path / "x.npz", tag="templates/x")
    assert (exported.steps, exported.size) == ((7,), None)
    arrays = load(tmp_path / "x.npz")
    record: Any = LogReader(tmp_path / "logs").read("run", "templates/x", 7)
    np.testing.assert_array_equal(arrays["values"], record.values)
    np.testing.assert_array_equal(arrays["statistics_l2_norm"], record.statistics["l2_norm"])
    assert arrays["axes"].tolist() == ["class", "height", "width"]
    assert arrays["labels_class"].tolist() == ["cat", "dog", "二"]
    assert arrays["steps"].tolist() == [7]
    assert np.isnan(arrays["epochs"]).tolist() == [True]
    assert [str(arrays[name]) for name in ("run", "tag", "kind", "meaning")] == [
        "run",
        "templates/x",
        "tiles",
        "signed",
    ]
    assert arrays["notes"].tolist() == ["exact"]


def test_several_steps_are_stacked_with_nan_where_a_step_has_no_statistic(tmp_path: Path) -> None:
    write_units(tmp_path / "logs" / "run")
    export_tag(tmp_path / "logs", tmp_path / "x.npz", tag="weights/hidden", step="all")
    arrays = load(tmp_path / "x.npz")
    assert arrays["values"].shape == (3, 4, 9, 8)
    assert arrays["axes"].tolist() == ["step", *TILE_AXES]
    assert arrays["steps"].tolist() == [0, 5, 10]
    changes = arrays["statistics_change_since_start"]
    assert changes.shape == (3, 4)
    assert np.isnan(changes).any(axis=1).tolist() == [True, False, False]


def test_a_count_that_a_step_has_not_stored_is_zero(tmp_path: Path) -> None:
    with LogWriter(tmp_path / "logs" / "run") as writer:
        for step, value in enumerate((1.0, np.nan)):
            writer.tiles("weights/x", np.full((1, 2, 2), value), axes=TILE_AXES, step=step)
    export_tag(tmp_path / "logs", tmp_path / "x.npz", tag="weights/x", step="all")
    assert load(tmp_path / "x.npz")["statistics_nan_count"].tolist() == [[0], [4]]


def test_steps_of_other_shapes_have_arrays_of_their_own(tmp_path: Path) -> None:
    with LogWriter(tmp_path / "logs" / "run") as writer:
        for step, units in enumerate((4, 2)):
            writer.tiles("weights/x", np.ones((units, 9, 9)), axes=TILE_AXES, step=step)
    export_tag(tmp_path / "logs", tmp_path / "x.npz", tag="weights/x", step="all")
    arrays = load(tmp_path / "x.npz")
    assert "values" not in arrays
    assert arrays["values_step_0"].shape == (4, 9, 9)
    assert arrays["values_step_1"].shape == (2, 9, 9)
    assert arrays["statistics_min_step_1"].tolist() == [1, 1]


def test_steps_with_other_samples_have_arrays_of_their_own(tmp_path: Path) -> None:
    # At each step two mistakes on samples that no earlier one has shown.
    with LogWriter(tmp_path / "logs" / "run") as writer:
        for step in range(2):
            samples = np.random.default_rng(step).uniform(size=(2, 8, 8))
            writer.confusion("confusion", [0, 1], [0.9, 0.1], step=step, samples=samples)
    export_tag(tmp_path / "logs", tmp_path / "x.npz", tag="confusion/samples", step="all")
    arrays = load(tmp_path / "x.npz")
    reader = LogReader(tmp_path / "logs")
    for step in range(2):
        record: Any = reader.read("run", "confusion/samples", step)
        np.testing.assert_array_equal(arrays[f"values_step_{step}"], record.values)
        found = arrays[f"addresses_sample_step_{step}"].tolist()
        assert found == list(record.addresses["sample"])
        assert arrays[f"labels_sample_step_{step}"].tolist() == list(record.labels["sample"])
    assert not {"values", "labels_sample", "addresses_sample"}.intersection(arrays)
    where = {"sample": 0}
    export_tag(tmp_path / "logs", tmp_path / "y.npz", tag="confusion/samples", where=where)
    assert "addresses_sample" not in load(tmp_path / "y.npz")


def test_changes_and_positions_are_heeded(tmp_path: Path) -> None:
    write_units(tmp_path / "logs" / "run")
    export_tag(
        tmp_path / "logs",
        tmp_path / "x.npz",
        tag="weights/hidden",
        where={"unit": 2},
        options=PictureOptions(show="change-since-start"),
    )
    arrays = load(tmp_path / "x.npz")
    reader = LogReader(tmp_path / "logs")
    first, last = (reader.read("run", "weights/hidden", step) for step in (0, 10))
    expected = last.values[2] - first.values[2]  # type: ignore[union-attr]
    np.testing.assert_array_equal(arrays["values"], expected)
    assert arrays["axes"].tolist() == ["height", "width"]


def test_samples_stay_together_in_arrays(tmp_path: Path) -> None:
    with LogWriter(tmp_path / "logs" / "run") as writer:
        axes = ("sample", "channel", "height", "width")
        writer.tiles("activations/x", np.ones((3, 20, 2, 2)), axes=axes, step=0)
    export_tag(tmp_path / "logs", tmp_path / "x.npz", tag="activations/x")
    assert load(tmp_path / "x.npz")["values"].shape == (3, 20, 2, 2)


def test_histograms_of_several_steps_share_bins_that_hold_every_value(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    values = [random.normal(step, 1 + step, 1000) for step in range(3)]
    with LogWriter(tmp_path / "logs" / "run") as writer:
        for step, array in enumerate(values):
            writer.histogram("histograms/x", array, step=step)
    export_tag(tmp_path / "logs", tmp_path / "x.npz", tag="histograms/x", step="all")
    arrays = load(tmp_path / "x.npz")
    edges, counts = arrays["edges"], arrays["counts"]
    assert counts.shape == (3, len(edges) - 1)
    for row, array in zip(counts, values, strict=True):
        expected, _ = np.histogram(array, np.append(edges[:-1], np.nextafter(edges[-1], -np.inf)))
        np.testing.assert_array_equal(row, expected)
    np.testing.assert_allclose(arrays["statistics_mean"], [array.mean() for array in values])


def test_a_histogram_without_a_finite_value_has_no_bins(tmp_path: Path) -> None:
    with LogWriter(tmp_path / "logs" / "run") as writer:
        writer.histogram("histograms/x", [np.nan], step=0)
    export_tag(tmp_path / "logs", tmp_path / "x.npz", tag="histograms/x")
    arrays = load(tmp_path / "x.npz")
    assert (arrays["edges"].shape, arrays["counts"].shape) == ((0,), (0,))
    assert arrays["statistics_nan_count"].tolist() == [1]


def test_histograms_have_no_changes_and_no_positions(tmp_path: Path) -> None:
    with LogWriter(tmp_path / "logs" / "run") as writer:
        writer.histogram("histograms/x", [1.0], step=0)
    with pytest.raises(ValueError, match="have no axes"):
        export_tag(tmp_path / "logs", tmp_path / "x.npz", tag="histograms/x", where={"unit": 0})


@pytest.mark.parametrize(
    ("show", "references"),
    [("change-since-start", [0, 0, 0]), ("change-since-previous", [0, 0, 5])],
)
def test_changes_say_what_they_are_and_what_each_is_taken_from(
    tmp_path: Path, show: Literal["change-since-start", "change-since-previous"], references: Any
) -> None:
    write_units(tmp_path / "logs" / "run")
    options = PictureOptions(show=show)
    for step in ("all", 10):
        export_tag(
            tmp_path / "logs", tmp_path / "x.npz", tag="weights/hidden", step=step, options=options
        )
        arrays = load(tmp_path / "x.npz")
        assert str(arrays["show"]) == show
        wanted = references if step == "all" else references[-1:]
        assert arrays["reference_step"].tolist() == wanted
        assert arrays["reference_run"].tolist() == ["run"] * len(wanted)
    export_tag(tmp_path / "logs", tmp_path / "x.npz", tag="weights/hidden")
    arrays = load(tmp_path / "x.npz")
    assert str(arrays["show"]) == "value"
    assert not any(name.startswith("reference") for name in arrays)


def test_a_file_without_a_given_name_says_that_it_is_of_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_units(tmp_path / "logs" / "run")
    monkeypatch.chdir(tmp_path)
    exported = export_tag(
        "logs",
        tag="weights/hidden",
        step=5,
        file_format="npz",
        options=PictureOptions(show="change-since-start"),
    )
    assert exported.path == Path("run_weights_hidden_change_since_start_step_5.npz")
