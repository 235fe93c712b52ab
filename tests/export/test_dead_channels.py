"""Channels that do not respond."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tb_nnviz import LogWriter, TileArray
from tb_nnviz.export import PictureOptions, export_tag
from tb_nnviz.export.colours import load_colour_tables
from tb_nnviz.export.dead_channels import find_dead_channels
from tb_nnviz.records import build_tile_array
from tb_nnviz.records.tile_array import with_statistics

MAP_AXES = ("sample", "channel", "height", "width")


def feature_maps(channels: int = 4) -> np.ndarray:
    """Of 3 samples; channel 1 is dead, channel 2 for the first sample alone."""
    maps = np.random.default_rng(0).uniform(1, 2, (3, channels, 6, 6)).astype(np.float32)
    maps[:, 1] = 0
    maps[0, 2] = 0
    return maps


def make_record(values: object, axes: tuple[str, ...], **options: object) -> TileArray:
    record = build_tile_array(np.array(values, np.float32), axes, **options)  # type: ignore[arg-type]
    return with_statistics(record, None, None)


def test_a_channel_is_dead_that_is_zero_for_every_sample() -> None:
    dead = find_dead_channels(make_record(feature_maps(), MAP_AXES))
    assert dead is not None
    assert dead.text == "1 of 4 channels dead"
    by_tile = dead.cells.reshape(3, 4, 36)
    np.testing.assert_array_equal(by_tile.any(axis=2), [[False, True, False, False]] * 3)
    np.testing.assert_array_equal(by_tile.all(axis=2), by_tile.any(axis=2))


def test_a_unit_is_a_column_where_channels_have_no_tiles_of_their_own() -> None:
    values = np.ones((3, 1, 5))
    values[:, :, 2] = 0
    values[0, :, 3] = 0
    axes, represents = ("sample", "height", "width"), {"width": "unit"}
    dead = find_dead_channels(make_record(values, axes, represents=represents))
    assert dead is not None
    assert dead.text == "1 of 5 units dead"
    np.testing.assert_array_equal(dead.cells[:, 0], [[False, False, True, False, False]] * 3)


@pytest.mark.parametrize(
    ("values", "axes"),
    [
        (np.ones((3, 4, 6, 6)), MAP_AXES),
        # Without samples nothing can be said of them, and rows of pictures are no units.
        (np.zeros((4, 6, 6)), ("channel", "height", "width")),
        (np.zeros((4, 6, 6)), ("sample", "height", "width")),
        (np.zeros((0, 4, 6, 6)), MAP_AXES),
        (np.full((3, 4, 6, 6), np.nan), MAP_AXES),
    ],
)
def test_nothing_else_is_called_dead(values: object, axes: tuple[str, ...]) -> None:
    assert find_dead_channels(make_record(values, axes)) is None


def gray_share(path: Path) -> float:
    with Image.open(path) as image:
        gray = load_colour_tables().dead["light"]
        return float((np.asarray(image) == gray).all(axis=-1).mean())


def test_dead_channels_are_gray_among_activations_and_nowhere_else(tmp_path: Path) -> None:
    with LogWriter(tmp_path / "logs" / "run") as writer:
        for step in range(2):
            for tag in ("activations/x", "weights/x"):
                maps = feature_maps(20)
                writer.tiles(tag, maps, axes=MAP_AXES, step=step, meaning="non_negative")
    shares = {}
    for tag in ("activations/x", "weights/x"):
        export_tag(tmp_path / "logs", tmp_path / "x.png", tag=tag)
        shares[tag] = gray_share(tmp_path / "x.png")
    # One of 20 tiles, crossed out, and the swatch of the legend.
    assert 0.02 < shares["activations/x"] < 0.06
    assert shares["weights/x"] == 0
    changes = PictureOptions(show="change-since-start")
    export_tag(tmp_path / "logs", tmp_path / "x.png", tag="activations/x", options=changes)
    assert gray_share(tmp_path / "x.png") == 0
    exported = export_tag(tmp_path / "logs", tmp_path / "x.gif", tag="activations/x")
    assert len(exported.steps) == 2
