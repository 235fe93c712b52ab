"""Pictures and animations, as files that are read back."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tb_nnviz import LogReader, LogWriter, TileArray
from tb_nnviz.export import PictureOptions, export_tag
from tb_nnviz.export.colours import load_colour_tables
from tb_nnviz.export.options import Theme
from tb_nnviz.export.pictures import PicturesOfTag
from tb_nnviz.export.tag_records import find_tag
from tests.export.logs import TILE_AXES, write_units

TABLES = load_colour_tables()


def read_png(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        assert image.mode == "RGB"
        return np.asarray(image)


def cells_of(
    path: Path, logdir: Path, options: PictureOptions, step: int, tag: str = "weights/hidden"
) -> NDArray[np.uint8]:
    """The colour in the middle of every cell, ``(tiles, height, width, 3)``."""
    logged = find_tag(logdir, None, tag)
    pictures = PicturesOfTag(logged, (step,), options, {}, lambda steps, _: steps)
    plan = pictures.plan(1000)
    layout, (left, top) = plan.layout, plan.grid_origin()
    pixels = read_png(path)
    rows, columns = layout.tile_cells
    half = layout.cell // 2
    tiles = []
    for tile in range(layout.tiles):
        x, y = layout.place(tile)
        block = pixels[top + y + half :: layout.cell, left + x + half :: layout.cell]
        tiles.append(block[:rows, :columns])
    return np.stack(tiles)


def nearest_entries(colours: NDArray[np.uint8], table: str) -> NDArray[np.int64]:
    entries = TABLES.tables[table].astype(np.int64)
    distances = ((colours[..., None, :].astype(np.int64) - entries) ** 2).sum(axis=-1)
    assert distances.min(axis=-1).max() == 0
    return np.asarray(distances.argmin(axis=-1))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_cell_of_a_picture_has_the_colour_of_its_value(tmp_path: Path, theme: Theme) -> None:
    write_units(tmp_path / "logs" / "run")
    options = PictureOptions(theme=theme)
    output = tmp_path / "units.png"
    exported = export_tag(tmp_path / "logs", output, tag="weights/hidden", options=options)
    assert (exported.path, exported.steps, exported.problems) == (output, (10,), ())
    cells = cells_of(output, tmp_path / "logs", PictureOptions(theme=theme, scale="per-run"), 10)
    record = LogReader(tmp_path / "logs").read("run", "weights/hidden", 10)
    assert isinstance(record, TileArray)
    largest = np.abs(record.values).max()
    expected = 256 * (record.values / largest + 1) / 2
    found = nearest_entries(cells, f"red_blue_{theme}")
    # The screen paints from the high byte, which is 1 of 254 parts of a tile's range.
    assert np.abs(found - np.clip(expected - 0.5, 0, 255)).max() < 1.1


def test_a_picture_has_the_page_of_its_theme_and_a_size_that_was_announced(tmp_path: Path) -> None:
    write_units(tmp_path / "logs" / "run")
    for theme, page in (("light", (255, 255, 255)), ("dark", (42, 44, 48))):
        options = PictureOptions(theme=theme)  # type: ignore[arg-type]
        output = tmp_path / f"{theme}.png"
        exported = export_tag(tmp_path / "logs", output, tag="weights/hidden", options=options)
        pixels = read_png(output)
        assert exported.size == (pixels.shape[1], pixels.shape[0])
        edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
        assert (edge == page).all()


def test_a_per_tile_scale_gives_every_tile_the_whole_table(tmp_path: Path) -> None:
    values = write_units(tmp_path / "logs" / "run")
    values[2, 0] /= 100
    options = PictureOptions(scale="per-tile", colours="gray")
    output = tmp_path / "units.png"
    export_tag(tmp_path / "logs", output, tag="weights/hidden", options=options)
    cells = cells_of(output, tmp_path / "logs", options, 10)
    assert cells.min(axis=(1, 2, 3)).tolist() == [0] * 4
    assert cells.max(axis=(1, 2, 3)).tolist() == [255] * 4


def test_a_fixed_scale_spans_all_steps_and_not_the_shown_one_alone(tmp_path: Path) -> None:
    # Values grow threefold: on the scale of the last step those of the first stay in the middle.
    write_units(tmp_path / "logs" / "run")
    for scale, most in (("fixed", 0.55), ("per-run", 1.0)):
        options = PictureOptions(scale=scale)  # type: ignore[arg-type]
        output = tmp_path / f"{scale}.png"
        export_tag(tmp_path / "logs", output, tag="weights/hidden", step="first", options=options)
        entries = nearest_entries(cells_of(output, tmp_path / "logs", options, 0), "red_blue_light")
        reach = np.abs(entries - 127.5).max() / 127.5
        assert reach == pytest.approx(1.0) if most == 1.0 else reach < most


def test_the_change_since_the_start_is_nothing_at_the_start(tmp_path: Path) -> None:
    write_units(tmp_path / "logs" / "run")
    options = PictureOptions(show="change-since-start", scale="fixed")
    output = tmp_path / "units.png"
    export_tag(tmp_path / "logs", output, tag="weights/hidden", step=0, options=options)
    cells = cells_of(output, tmp_path / "logs", options, 0)
    assert (nearest_entries(cells, "red_blue_light") == 128).all()


def test_a_change_since_the_previous_step_is_that_of_the_logged_values(tmp_path: Path) -> None:
    values = write_units(tmp_path / "logs" / "run").astype(np.float64)
    options = PictureOptions(show="change-since-previous", scale="per-run")
    output = tmp_path / "units.png"
    export_tag(tmp_path / "logs", output, tag="weights/hidden", step=10, options=options)
    cells = cells_of(output, tmp_path / "logs", options, 10)
    change = values[2] - values[1]
    expected = 256 * (change / np.abs(change).max() + 1) / 2
    is_resolved = ~(cells == TABLES.unresolved["light"]).all(axis=-1)
    found = nearest_entries(cells[is_resolved], "red_blue_light")
    assert is_resolved.mean() > 0.99
    assert np.abs(found - np.clip(expected - 0.5, 0, 255)[is_resolved]).max() < 1


def test_positions_that_are_not_shown_count_in_the_scale_so_that_positions_compare(
    tmp_path: Path,
) -> None:
    values = np.ones((2, 2, 4, 4))
    values[1] = 4.0
    with LogWriter(tmp_path / "logs" / "run") as writer:
        axes = ("sample", "channel", "height", "width")
        writer.tiles("weights/x", values, axes=axes, step=0)
    output = tmp_path / "x.png"
    export_tag(tmp_path / "logs", output, tag="weights/x", where={"sample": 0})
    # 1 in [-4, 4] is 5/8 of the way: entry 160, and of its own range it would be the last.
    colour = TABLES.tables["red_blue_light"][160]
    assert (read_png(output) == colour).all(axis=-1).sum() > 1000


def test_cells_that_are_not_finite_bear_a_sign_where_there_is_room(tmp_path: Path) -> None:
    values = np.zeros((2, 9, 8), np.float32)
    values[0, 0, 0], values[1, 1, 1] = np.nan, 1.0
    with LogWriter(tmp_path / "logs" / "run") as writer:
        writer.tiles("weights/x", values, axes=TILE_AXES, step=0)
    for cell, signed in ((10, True), (4, False)):
        output = tmp_path / f"{cell}.png"
        options = PictureOptions(cell_size=cell)
        export_tag(tmp_path / "logs", output, tag="weights/x", options=options)
        pixels = read_png(output)
        is_nan = (pixels == TABLES.nan).all(axis=-1)
        # The legend's swatch is in the upper part, the cell below it.
        rows = np.flatnonzero(is_nan.any(axis=1))
        assert rows[-1] - rows[0] > 40
        lower = is_nan[rows[-1] - cell + 1 : rows[-1] + 1]
        assert (lower.sum() < cell * cell) == signed


def test_tiles_are_outlined(tmp_path: Path) -> None:
    write_units(tmp_path / "logs" / "run", units=64)
    output = tmp_path / "units.png"
    export_tag(tmp_path / "logs", output, tag="weights/hidden")
    pixels = read_png(output)
    is_line = (pixels == (196, 201, 209)).all(axis=-1)
    # 8 rows and 8 columns of tiles, each with a line on either side.
    long_rows = np.flatnonzero(is_line.sum(axis=1) > 0.8 * 900)
    long_columns = np.flatnonzero(is_line.sum(axis=0) > 0.8 * 800)
    assert (len(long_rows), len(long_columns)) == (16, 16)


def read_gif(path: Path) -> tuple[list[NDArray[np.uint8]], list[int], int]:
    """Frames in RGB, how long each is shown, and how often all of it is repeated."""
    frames, durations = [], []
    with Image.open(path) as image:
        loop = image.info["loop"]
        for number in range(image.n_frames):  # type: ignore[attr-defined]
            image.seek(number)
            durations.append(image.info["duration"])
            frames.append(np.asarray(image.convert("RGB")))
    return frames, durations, loop


def test_an_animation_has_a_frame_a_step_loops_for_ever_and_holds_the_last(tmp_path: Path) -> None:
    write_units(tmp_path / "logs" / "run", steps=5)
    output = tmp_path / "units.gif"
    options = PictureOptions(frame_milliseconds=120)
    exported = export_tag(tmp_path / "logs", output, tag="weights/hidden", options=options)
    frames, durations, loop = read_gif(output)
    assert exported.steps == (0, 5, 10, 15, 20)
    assert durations == [120, 120, 120, 120, 600]
    assert loop == 0
    assert exported.size == (frames[0].shape[1], frames[0].shape[0])
    for frame, following in itertools.pairwise(frames):
        assert (frame != following).any(axis=-1).mean() > 0.1


def test_frames_share_a_palette_so_that_what_stays_keeps_its_colour(tmp_path: Path) -> None:
    values = np.linspace(-1, 1, 256, dtype=np.float32).reshape(1, 16, 16).repeat(2, axis=0)
    with LogWriter(tmp_path / "logs" / "run") as writer:
        for step in range(3):
            values[1] = np.roll(values[1], step, axis=0)
            writer.tiles("weights/x", values, axes=TILE_AXES, step=step)
    output = tmp_path / "x.gif"
    export_tag(tmp_path / "logs", output, tag="weights/x")
    frames, _, _ = read_gif(output)
    logged = find_tag(tmp_path / "logs", None, "weights/x")
    options = PictureOptions(scale="fixed")
    plan = PicturesOfTag(logged, logged.steps, options, {}, lambda steps, _: steps).plan(800)
    left, top = plan.grid_origin()
    tile = [
        frame[top : top + plan.layout.tile_height, left : left + plan.layout.tile_width]
        for frame in frames
    ]
    assert all(np.array_equal(tile[0], other) for other in tile[1:])
    # Within one step of the table of what the PNG has, to which it is all but the same picture.
    export_tag(
        tmp_path / "logs", tmp_path / "x.png", tag="weights/x", step="first", options=options
    )
    png = read_png(tmp_path / "x.png")
    assert png.shape == frames[0].shape
    assert np.abs(png.astype(int) - frames[0]).max() < 24
    assert np.abs(png.astype(int) - frames[0]).mean() < 0.3


def test_colour_pictures_are_animated_in_nearly_their_colours(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    pictures = np.cumsum(random.random((2, 12, 12, 3)), axis=2)
    with LogWriter(tmp_path / "logs" / "run") as writer:
        for step in range(2):
            axes = ("sample", "height", "width", "color")
            writer.tiles("samples", pictures, axes=axes, step=step, meaning="image")
    export_tag(tmp_path / "logs", tmp_path / "samples.gif", tag="samples")
    export_tag(tmp_path / "logs", tmp_path / "samples.png", tag="samples", step="first")
    frames, _, _ = read_gif(tmp_path / "samples.gif")
    png = read_png(tmp_path / "samples.png")
    # The legend says in one of them what its scale spans; the pictures begin below it.
    difference = np.abs(png[-320:].astype(int) - frames[0][-320:])
    assert png[-320:].std() > 40
    assert difference.mean() < 1


def test_what_a_font_lacks_is_said(tmp_path: Path) -> None:
    with LogWriter(tmp_path / "logs" / "run") as writer:
        values = np.random.default_rng(0).normal(0, 1, (2, 28, 28))
        labels = {"class": ["貓", "dog"]}
        axes = ("class", "height", "width")
        writer.tiles("templates/x", values, axes=axes, step=0, labels=labels)
    exported = export_tag(tmp_path / "logs", tmp_path / "x.png", tag="templates/x")
    assert exported.remarks == ("The font lacks 貓, drawn as ?: pass one that has them.",)


def test_labels_stand_below_tiles_and_change_the_picture_only_there(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(0, 1, (10, 28, 28))
    axes = ("class", "height", "width")
    for name, labels in (("plain", {}), ("named", {"class": [f"digit {n}" for n in range(10)]})):
        with LogWriter(tmp_path / name / "run") as writer:
            writer.tiles("templates/x", values, axes=axes, step=0, labels=labels)
        export_tag(tmp_path / name, tmp_path / f"{name}.png", tag="templates/x")
    plain, named = (read_png(tmp_path / f"{name}.png") for name in ("plain", "named"))
    # Two rows of tiles, each with a line of labels of its own.
    assert 20 < len(named) - len(plain) < 60
    assert (named != plain[0, 0]).any(axis=-1).sum() > (plain != plain[0, 0]).any(axis=-1).sum()


def test_labels_of_tiles_in_a_column_stand_beside_them(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(0, 1, (8, 1, 60))
    axes = ("sample", "height", "width")
    sizes = {}
    for name, label in (("plain", None), ("short", "a"), ("long", "a longer label")):
        labels = {} if label is None else {"sample": [label] * 8}
        with LogWriter(tmp_path / name / "run") as writer:
            writer.tiles("activations/x", values, axes=axes, step=0, labels=labels)
        options = PictureOptions(cell_size=15, columns=1)
        exported = export_tag(
            tmp_path / name, tmp_path / f"{name}.png", tag="activations/x", options=options
        )
        sizes[name] = exported.size
    widths = [size[0] for size in sizes.values() if size is not None]
    assert widths[0] < widths[1] < widths[2]
    assert len({size[1] for size in sizes.values() if size is not None}) == 1


def test_pictures_of_a_confusion_say_that_they_are_the_new_ones_alone(tmp_path: Path) -> None:
    samples = np.zeros((2, 8, 8), np.float32)
    with LogWriter(tmp_path / "run") as writer:
        writer.confusion("confusion", [0, 1], [0.9, 0.1], step=0, samples=samples)
        writer.tiles("samples", samples, axes=("sample", "height", "width"), step=0)

    def facts_of(tag: str) -> str:
        output = tmp_path / "x.png"
        export_tag(tmp_path, output, tag=tag, run="run")
        with Image.open(output) as image:
            return str(image.info["Description"]).replace("\u00a0", " ")

    assert "only the samples that are new at this step" in facts_of("confusion/samples")
    assert "new at this step" not in facts_of("samples")
