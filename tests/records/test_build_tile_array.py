from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tb_nnviz.records import Source, build_tile_array
from tb_nnviz.records.tile_array import TileArray

AXES = ("unit", "height", "width")


def build(shape: tuple[int, ...], axes: Any, **options: Any) -> TileArray:
    return build_tile_array(np.zeros(shape, np.float32), axes, **options)


@pytest.mark.parametrize(
    ("shape", "axes"),
    [
        ((2, 3), ("unit", "height")),
        ((2, 3), ("width", "height")),
        ((2, 3, 4), ("height", "width", "unit")),
        ((2, 3, 4), ("height", "unit", "width")),
        ((2, 3, 4), ("height", "height", "width")),
        ((2, 2, 3, 4), ("unit", "unit", "height", "width")),
        ((2, 3, 3), ("unit", "height", "color")),
        ((), ()),
    ],
)
def test_axes_that_do_not_end_in_a_tile_are_refused(shape: tuple[int, ...], axes: Any) -> None:
    with pytest.raises(ValueError, match=r"`axes` argument must hold distinct names .* got"):
        build(shape, axes)


def test_axes_must_be_as_many_as_the_array_has() -> None:
    with pytest.raises(ValueError, match=r"got 3 names .* array of shape \(2, 3\)"):
        build((2, 3), AXES)


@pytest.mark.parametrize("axes", ["height", (3, "height", "width"), ("", "height", "width")])
def test_axes_must_be_names(axes: Any) -> None:
    with pytest.raises(TypeError, match="`axes` argument must be a sequence of names"):
        build((2, 3, 4), axes)


def test_a_color_axis_has_three_channels() -> None:
    with pytest.raises(ValueError, match=r"'color' axis must have 3 channels; .* \(8, 8, 4\)"):
        build((8, 8, 4), ("height", "width", "color"))


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((2, 2), complex),
        np.array([["a", "b"]]),
        np.array([[None, object()]]),
        np.zeros((2, 2), "datetime64[s]"),
    ],
)
def test_only_real_numbers_are_accepted(array: Any) -> None:
    with pytest.raises(TypeError, match=r"must hold real numbers; got dtype"):
        build_tile_array(array, ("height", "width"))


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint64, np.float16, np.float64])
def test_every_real_dtype_is_stored_as_float32_and_named(dtype: Any) -> None:
    record = build_tile_array(np.ones((2, 2), dtype), ("height", "width"))
    assert record.values.dtype == np.float32
    assert record.dtype == np.dtype(dtype).name
    np.testing.assert_array_equal(record.values, np.ones((2, 2)))


def test_labels_must_name_an_axis_and_fit_its_length() -> None:
    with pytest.raises(ValueError, match=r"names axis 'class'; the axes are"):
        build((2, 3, 4), AXES, labels={"class": ["a", "b"]})
    with pytest.raises(ValueError, match=r"each index of axis 'unit'; got 1 for 2"):
        build((2, 3, 4), AXES, labels={"unit": ["a"]})


def test_represents_must_name_an_axis() -> None:
    with pytest.raises(ValueError, match="represents"):
        build((2, 3, 4), AXES, represents={"heigth": "input"})


@pytest.mark.parametrize("option", ["meaning", "precision"])
def test_options_are_one_of_the_accepted(option: str) -> None:
    with pytest.raises(ValueError, match=rf"`{option}` argument must be one of '.*'; got 'bad'"):
        build((2, 3, 4), AXES, **{option: "bad"})


@pytest.mark.parametrize("limit", ["max_tiles", "max_tile_side"])
@pytest.mark.parametrize("value", [0, -1])
def test_limits_must_be_at_least_one(limit: str, value: int) -> None:
    with pytest.raises(ValueError, match=limit):
        build((2, 3, 4), AXES, **{limit: value})


@pytest.mark.parametrize(
    ("shape", "axes", "options", "omitted"),
    [
        ((4, 8, 8), AXES, {}, ()),
        ((128, 8, 8), AXES, {"max_tiles": 64}, ("64 of 128 units",)),
        (
            (128, 16, 8, 8),
            ("filter", "in_channel", "height", "width"),
            {"max_tiles": 64},
            ("64 of 128 filters", "1 of 16 in_channels"),
        ),
        ((20, 8, 8), ("class", "height", "width"), {"max_tiles": 10}, ("10 of 20 classes",)),
        ((20, 8, 8), ("depth", "height", "width"), {"max_tiles": 10}, ("10 of 20 depth slices",)),
        ((2, 224, 224), AXES, {}, ("224×224 shown at 56×56",)),
        # 600 rows of a matrix are averaged by 2 beyond 512; 10 columns stay.
        (
            (600, 10),
            ("height", "width"),
            {"represents": {"height": "input", "width": "unit"}},
            ("600×10 shown at 300×10",),
        ),
        (
            (3, 100, 50),
            AXES,
            {"max_tiles": 2, "max_tile_side": 50},
            ("2 of 3 units", "100×50 shown at 50×25"),
        ),
    ],
)
def test_what_is_left_out_is_said(
    shape: tuple[int, ...], axes: Any, options: dict[str, Any], omitted: tuple[str, ...]
) -> None:
    record = build(shape, axes, **options)
    assert record.omitted == omitted
    assert record.full_shape == shape


def test_kept_tiles_are_the_first_and_averaged_over_whole_cells() -> None:
    values = np.arange(3 * 4 * 6, dtype=np.float32).reshape(3, 4, 6)
    record = build_tile_array(values, AXES, max_tiles=2, max_tile_side=3)
    # 4x6 with sides of 3 at most: a factor of 2 on both.
    expected = values[:2].reshape(2, 2, 2, 3, 2).mean(axis=(2, 4))
    np.testing.assert_array_equal(record.values, expected)


def test_labels_of_kept_tiles_stay_with_them() -> None:
    record = build((3, 8, 8), AXES, labels={"unit": ["a", "b", "c"]}, max_tiles=2)
    assert record.labels == {"unit": ("a", "b")}


def test_rows_that_were_averaged_do_not_keep_the_labels_of_single_rows() -> None:
    # Row 1 of the record is the mean of rows 2 and 3; "one" belongs to neither.
    record = build(
        (4, 2),
        ("height", "width"),
        labels={"height": ["zero", "one", "two", "three"]},
        represents={"height": "input", "width": "unit"},
        max_tiles=2,
        max_tile_side=2,
    )
    assert record.values.shape == (2, 2)
    texts = record.labels.get("height", ())
    assert not texts or "one" not in texts[1]


def test_a_finite_float64_beyond_float32_gives_no_warning() -> None:
    record = build_tile_array(np.array([[1e300, -1e300]]), ("height", "width"))
    np.testing.assert_array_equal(record.values, [[np.inf, -np.inf]])


def test_values_made_infinite_are_said_and_others_are_not() -> None:
    note = "values beyond the range of float32 are shown as infinite"
    beyond = build_tile_array(np.array([[1e300, 1.0]]), ("height", "width"), notes=["mine"])
    assert beyond.notes == ("mine", note)
    within = build_tile_array(np.array([[np.inf, np.nan, 3.4e38]]), ("height", "width"))
    assert within.notes == ()


def test_a_value_beyond_float32_that_is_not_kept_is_not_said() -> None:
    values = np.array([1.0, 1e300]).reshape(2, 1, 1)
    assert build_tile_array(values, AXES, max_tiles=1).notes == ()


@pytest.mark.parametrize(
    ("factor", "texts"),
    [(2, ("a–b", "c–d", "e")), (3, ("a–c", "d–e")), (5, ("a–e",))],
)
def test_an_averaged_row_is_labelled_with_the_first_and_last_of_its_rows(
    factor: int, texts: tuple[str, ...]
) -> None:
    side = -(-5 // factor)
    record = build((5, 1), ("height", "width"), labels={"height": "abcde"}, max_tile_side=side)
    assert record.values.shape[0] == len(texts)
    assert record.labels == {"height": texts}


@pytest.mark.parametrize(
    "options",
    [
        {"labels": {"unit": ["a", "\ud800"]}},
        {"notes": ["\udfff"]},
        {"represents": {"height": "\ud800"}},
        {"source": Source(layer_path="\ud800")},
    ],
)
def test_a_text_that_utf8_cannot_hold_is_refused(options: dict[str, Any]) -> None:
    (name,) = options
    with pytest.raises(ValueError, match=rf"`{name}` argument must be text that UTF-8 can hold"):
        build((2, 3, 4), AXES, **options)


def test_an_axis_name_that_utf8_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="`axes` argument must be text that UTF-8 can hold"):
        build((2, 3, 4), ("\ud800", "height", "width"))


def test_notes_are_sentences_and_not_letters() -> None:
    with pytest.raises(TypeError, match="`notes` argument must be a sequence of sentences"):
        build((2, 3, 4), AXES, notes="one sentence")


@pytest.mark.parametrize("value", [3, "", None])
def test_represents_must_say_what_an_axis_is(value: Any) -> None:
    with pytest.raises(TypeError, match="`represents` argument must say in a word"):
        build((2, 3, 4), AXES, represents={"height": value})


@pytest.mark.parametrize("value", [1.5, True, "8"])
def test_limits_must_be_integers(value: Any) -> None:
    with pytest.raises(TypeError, match="`max_tiles` argument must be an integer"):
        build((2, 3, 4), AXES, max_tiles=value)


def test_whole_numbers_that_float32_rounds_are_said_to_be() -> None:
    # 2^24 + 1 is the first whole number that float32 cannot hold.
    axes = ("height", "width")
    for exact in (2**24, -(2**24)):
        assert build_tile_array(np.full((2, 2), exact), axes).notes == ()
    for rounded in (2**24 + 1, -(2**24) - 1):
        (note,) = build_tile_array(np.full((2, 2), rounded), axes).notes
        assert "rounded to float32" in note
    assert build_tile_array(np.zeros((0, 2), np.int64), axes).notes == ()
