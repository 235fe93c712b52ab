"""The panel as records: what the model is given, as tiles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tb_nnviz.analysis.sample_tiles import plan_sample_tiles
from tb_nnviz.model.sample_panel import SamplePanel, compute_digest
from tb_nnviz.records import TileArray

GENERATOR = np.random.default_rng(0)


def panel_of(inputs: Any, labels: tuple[str, ...] | None = None) -> SamplePanel:
    return SamplePanel(inputs, labels, None, None, compute_digest(inputs), ("a note",))


def record_of(array: Any, **options: Any) -> TileArray:
    plan = plan_sample_tiles(panel_of(array), [""], **options)
    ((tag, record),) = plan.build_records()
    assert tag == "samples"
    assert plan.tags == ("samples",)
    return record


@pytest.mark.parametrize(
    ("shape", "axes", "tiles", "meaning"),
    [
        ((4, 28, 28), "sample height width", (4, 28, 28), "image"),
        ((4, 28, 28, 1), "sample height width", (4, 28, 28), "image"),
        ((4, 8, 9, 3), "sample height width color", (4, 8, 9, 3), "image"),
        ((4, 8, 9, 4), "sample channel height width", (4, 4, 8, 9), "image"),
        ((4, 8, 9, 6), "sample channel height width", (4, 6, 8, 9), "signed"),
        ((4, 5, 8, 9, 1), "sample depth height width", (4, 5, 8, 9), "image"),
        ((4, 5, 8, 9, 3), "sample depth height width color", (4, 5, 8, 9, 3), "image"),
        ((4, 5, 8, 9, 6), "sample channel depth height width", (4, 6, 5, 8, 9), "signed"),
        ((4, 7), "sample height width", (4, 1, 7), "signed"),
        ((4,), "sample height width", (4, 1, 1), "signed"),
    ],
)
def test_samples_are_laid_out_by_their_axes(
    shape: tuple[int, ...], axes: str, tiles: tuple[int, ...], meaning: str
) -> None:
    array = GENERATOR.random(shape, np.float32)
    record = record_of(array)
    assert record.axes == tuple(axes.split())
    assert record.values.shape == tiles
    assert record.meaning == meaning
    assert record.omitted == ()
    moved = np.moveaxis(array, -1, 1) if "channel" in axes else array.reshape(tiles)
    np.testing.assert_array_equal(record.values, moved)


def test_channels_that_come_first_are_put_where_they_belong() -> None:
    array = GENERATOR.random((4, 3, 8, 9), np.float32)
    record = record_of(array, channels_first=True)
    assert record.axes == ("sample", "height", "width", "color")
    np.testing.assert_array_equal(record.values, array.transpose(0, 2, 3, 1))


def test_a_sequence_is_a_matrix_and_no_picture() -> None:
    record = record_of(GENERATOR.random((4, 100, 9), np.float32), sequences=[True])
    assert record.represents == {"height": "step", "width": "channel"}
    assert record.meaning == "signed"
    assert record.values.shape == (4, 100, 9)


def test_tokens_are_exact_and_complete() -> None:
    tokens = GENERATOR.integers(0, 30_000, (4, 900))
    record = record_of(tokens)
    assert record.precision == "float32"
    assert record.represents == {"width": "input"}
    np.testing.assert_array_equal(record.values[:, 0], tokens)


@pytest.mark.parametrize("dtype", ["uint8", "int32", "float32", "bool"])
def test_pictures_keep_their_natural_range(dtype: str) -> None:
    array = (GENERATOR.random((4, 16, 16)) * 255).astype(dtype)
    record = record_of(array)
    assert record.dtype == dtype
    np.testing.assert_array_equal(record.values, array.astype(np.float32))


def test_what_is_known_of_samples_goes_with_them() -> None:
    panel = panel_of(np.zeros((2, 8, 8), np.float32), ("cat", "dog"))
    ((_, record),) = plan_sample_tiles(panel, [""]).build_records()
    assert record.labels == {"sample": ("cat", "dog")}
    assert record.notes == ("a note",)
    assert record.source.samples_digest == panel.digest
    assert record.source.role == "samples"
    assert record.source.layer_path is None


def test_each_of_several_inputs_has_a_tag() -> None:
    plan = plan_sample_tiles(panel_of({"a": np.zeros((2, 8, 8)), "b": np.zeros((2, 3))}), "ab")
    assert plan.tags == ("samples/a", "samples/b")
    assert [record.source.role for _, record in plan.build_records()] == ["a", "b"]


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.array(["a", "b"]), "The samples are not shown: they hold text"),
        (np.array([b"a", None], object), "text or objects"),
        (np.zeros((2, 1, 2, 3, 4, 5)), r"5 axes (1×2×3×4×5), more than a volume"),
    ],
)
def test_inputs_that_are_no_tiles_are_said(array: Any, words: str) -> None:
    plan = plan_sample_tiles(panel_of(array), [""])
    assert plan.tags == ()
    (notice,) = plan.notices
    assert notice.view == "samples"
    assert words in notice.message


@pytest.mark.parametrize("num_samples", [16, 64])
def test_large_pictures_are_averaged_until_they_are_affordable_which_is_said(
    num_samples: int,
) -> None:
    plan = plan_sample_tiles(panel_of(np.zeros((num_samples, 300, 300, 3), np.float32)), [""])
    ((_, record),) = plan.build_records()
    # 16 of 150x150x3 are 1.1 MB, 64 of them 4.3 MB: above the 4 MB that are affordable.
    side = {16: 150, 64: 100}[num_samples]
    assert record.values.shape == (num_samples, side, side, 3)
    assert any("300×300 shown at" in said for said in record.omitted)
    assert plan.estimate_bytes() <= 4_000_000


def test_complex_numbers_are_not_shown_and_a_notice_says_what_to_give() -> None:
    plan = plan_sample_tiles(panel_of(np.ones((2, 4), np.complex64)), [""])
    assert plan.tags == ()
    assert "complex numbers" in plan.notices[0].message
    assert "two channels" in plan.notices[0].message
