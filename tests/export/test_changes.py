"""Changes between records."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tb_nnviz.export.changes import compute_change
from tb_nnviz.records import Moment, TileArray, build_tile_array, decode_record, encode_record

AXES = ("unit", "height", "width")


def stored(values: object, axes: tuple[str, ...] = AXES, precision: str = "uint16") -> TileArray:
    """A record as it comes back from a log."""
    record = build_tile_array(np.array(values, np.float32), axes, precision=precision)  # type: ignore[arg-type]
    decoded = decode_record(encode_record(record, Moment(0), 1))
    assert isinstance(decoded, TileArray)
    return decoded


def test_a_change_is_the_difference_of_the_stored_values() -> None:
    random = np.random.default_rng(0)
    shown, reference = (stored(random.normal(0, 1, (3, 9, 9))) for _ in range(2))
    change, _ = compute_change(shown, reference)
    np.testing.assert_array_equal(change.values, shown.values - reference.values)
    np.testing.assert_array_equal(change.statistics["max"], change.values.max(axis=(1, 2)))
    assert (change.meaning, change.precision) == ("signed", "float32")


def test_changes_within_the_precision_of_the_records_are_unresolved() -> None:
    values = np.linspace(-1, 1, 81).reshape(1, 9, 9)
    moved = values.copy()
    moved[0, 4, 4] += 0.01
    _, is_unresolved = compute_change(stored(moved), stored(values))
    assert is_unresolved is not None
    assert not is_unresolved[0, 4, 4]
    assert is_unresolved.sum() == 80


def test_the_rounding_to_float32_is_part_of_the_precision() -> None:
    # Around 1,000 a float32 is exact to 2^-24 · 1000 = 6e-5, a code of this range to 8e-8.
    values = 1000 + np.linspace(0, 0.01, 81).reshape(1, 9, 9)
    _, is_unresolved = compute_change(stored(values + 6.1e-5), stored(values))
    assert is_unresolved is not None
    assert is_unresolved.mean() > 0.9


def test_exact_records_have_no_unresolved_changes() -> None:
    values = np.ones((2, 3, 3))
    _, is_unresolved = compute_change(stored(values), stored(values))
    assert is_unresolved is None


def test_a_record_has_not_changed_since_itself() -> None:
    record = stored(np.random.default_rng(0).normal(0, 1, (2, 9, 9)))
    change, is_unresolved = compute_change(record, record)
    assert not change.values.any()
    assert is_unresolved is None


def test_what_is_not_finite_has_no_change() -> None:
    change, _ = compute_change(stored([[[np.inf, np.nan, 1]]]), stored([[[np.inf, 0, np.inf]]]))
    assert np.isnan(change.values).all()
    assert change.statistics["nan_count"].tolist() == [3]


def test_of_more_tiles_than_before_those_that_both_have_are_compared_and_a_note_says_so() -> None:
    shown = replace(stored(np.ones((5, 2, 2))), labels={"unit": tuple("abcde")})
    change, _ = compute_change(shown, stored(np.zeros((3, 2, 2))))
    assert change.values.shape == (3, 2, 2)
    assert change.labels == {"unit": ("a", "b", "c")}
    assert change.notes == ("changes of 3 tiles: the record compared with lacks 2",)


def test_tiles_of_other_shapes_are_not_compared() -> None:
    with pytest.raises(ValueError, match="shapes differ, 1×2×2 now and 1×3×3"):
        compute_change(stored(np.zeros((1, 2, 2))), stored(np.zeros((1, 3, 3))))


@pytest.mark.parametrize("is_ranked", [True, False])
def test_tiles_of_other_samples_are_not_compared(is_ranked: bool) -> None:
    shown, reference = stored(np.zeros((1, 2, 2))), stored(np.zeros((1, 2, 2)))
    if is_ranked:
        shown, reference = (
            replace(one, statistics={**one.statistics, "sample_index": np.zeros(1)})
            for one in (shown, reference)
        )
    else:
        shown = replace(shown, addresses={"unit": ("0123456789abcdef",)})
    with pytest.raises(ValueError, match="each step has samples of its own"):
        compute_change(shown, reference)
    if not is_ranked:
        assert not compute_change(shown, replace(shown))[0].values.any()
