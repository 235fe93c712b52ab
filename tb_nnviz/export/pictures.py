"""Tiles of a tag as a picture, or as an animation over its steps.

Joins what is shown, its ranges and colours, and the plan of the picture. Reads every record
twice rather than hold them all: once for the ranges, once to paint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

import numpy as np
from PIL import Image, PngImagePlugin

from tb_nnviz.export import legend as legends
from tb_nnviz.export.animation import SharedPalette, representative_colours, write_gif
from tb_nnviz.export.arrangement import arrange
from tb_nnviz.export.colours import choose_colouring, load_colour_tables
from tb_nnviz.export.legend import Legend
from tb_nnviz.export.options import PictureOptions
from tb_nnviz.export.painting import PaintedTiles, mark_dead, paint_tiles
from tb_nnviz.export.picture import Caption, Frame, PicturePlan
from tb_nnviz.export.ranges import (
    Extremes,
    extremes_of,
    join_extremes,
    range_of,
    tile_limits,
)
from tb_nnviz.export.selection import SelectedTiles, select_tiles
from tb_nnviz.export.tag_records import LoggedTag, TilesOfTag
from tb_nnviz.export.words import describe_remarks, describe_shown, format_count

Progress = Callable[[Sequence[int], str], Iterable[int]]

_COUNTS = {
    legends.NAN: "nan_count",
    legends.POSINF: "posinf_count",
    legends.NEGINF: "neginf_count",
}
_NEW_SAMPLES = "only the samples that are new at this step"
_BLACK = (0, 0, 0)


@dataclass(frozen=True)
class _Looked:
    """What is known of a step once its record has been looked at."""

    step: int
    extremes: Extremes
    frame: Frame


class PicturesOfTag:
    """The pictures of some steps of a tag.

    Args:
        logged: a tag of kind tiles.
        steps: which; those that cannot be read are left out.
        options: how they are to look, ``scale`` among it.
        where: grid axis → index or label, of axes that stand at one.
        progress: goes through the steps of each pass over them; told what it is for.

    Attributes:
        steps: those that can be shown; of none, nothing can be drawn.

    Raises:
        ValueError: a record holds no tiles, or those of one step are not like those of another,
            or there is no such axis or position.
    """

    def __init__(
        self,
        logged: LoggedTag,
        steps: tuple[int, ...],
        options: PictureOptions,
        where: Mapping[str, int | str],
        progress: Progress,
    ) -> None:
        self._logged = logged
        self._options = options
        self._where = where
        self._progress = progress
        self._tables = load_colour_tables()
        self._tiles = TilesOfTag(logged, options.show)
        self._fact = _NEW_SAMPLES if logged.has_pictures_of_confusion else ""
        wanted = logged.steps if options.scale == "fixed" else steps
        self._looked = list(self._look(wanted))
        shown = [each for each in self._looked if each.step in steps]
        self.steps = tuple(each.step for each in shown)
        _check_alike(shown, logged.tag)
        specials = frozenset[str]().union(*(each.frame.legend.specials for each in shown))
        self._frames = {each.step: self._with_scale(each, specials) for each in shown}

    @property
    def problems(self) -> list[str]:
        """A sentence for each step that was left out."""
        return self._tiles.problems

    def plan(self, side: int) -> PicturePlan:
        """Where everything lies in each of the pictures; the grid of tiles about so large."""
        return PicturePlan(list(self._frames.values()), self._options, self._tables, side)

    def write_png(self, file: BinaryIO, plan: PicturePlan) -> None:
        """Writes the picture of the last of the steps, with its caption as text in the file."""
        step = self.steps[-1]
        caption = self._frames[step].caption
        texts = PngImagePlugin.PngInfo()
        for name, text in (("Title", caption.title), ("Description", caption.facts)):
            texts.add_itxt(name, text)
        for image in self._draw(plan, (step,)):
            image.save(file, format="PNG", pnginfo=texts)

    def write_gif(self, file: BinaryIO, plan: PicturePlan) -> None:
        """Writes the pictures of all the steps as an animation."""
        colouring = self._frames[self.steps[-1]].legend.colouring
        tables = self._tables
        if colouring.table is not None:
            data = tables.tables[colouring.table]
        else:
            painted = (tiles for _, tiles in self._paint(self.steps, "choosing colours"))
            data = representative_colours(tiles.colours.reshape(-1, 3) for tiles in painted)
        look = plan.theme
        grays = (tables.unresolved_of(colouring), tables.dead[self._options.theme])
        signs = (tables.nan, tables.posinf, tables.neginf, *grays, _BLACK)
        palette = SharedPalette(look.page, (look.ink, look.secondary), (look.outline, *signs), data)
        images = self._draw(plan, self.steps)
        write_gif(file, images, palette, self._options.frame_milliseconds)

    def _look(self, steps: tuple[int, ...]) -> Iterator[_Looked]:
        for step in self._progress(steps, "reading"):
            whole = self._tiles.read(step)
            if whole is None:
                continue
            selected = select_tiles(whole, self._where, is_picture=True)
            record = selected.shown.record
            if record.values.size == 0:
                shape = "×".join(str(length) for length in record.values.shape)
                raise ValueError(
                    f"Tag {self._logged.tag!r} holds no tiles at step {step} (its shape is "
                    f"{shape}), so there is nothing to draw. Export another tag."
                )
            # Tiles at other positions count in the scale, as on the screen: positions compare.
            yield _Looked(step, extremes_of(whole.record), self._frame(selected))

    def _frame(self, selected: SelectedTiles) -> Frame:
        """What a picture shows; its legend as yet without numbers."""
        shown, options = selected.shown, self._options
        record = shown.record
        specials = {
            word for word, name in _COUNTS.items() if np.any(record.statistics.get(name, 0))
        }
        if shown.is_unresolved is not None and shown.is_unresolved.any():
            specials.add(legends.UNRESOLVED)
        if shown.dead is not None and shown.dead.cells.any():
            specials.add(legends.DEAD)
        colouring = choose_colouring(
            options.colours,
            record.meaning,
            options.theme,
            has_color="color" in record.axes,
            is_change=options.show != "value",
        )
        height_axis = record.axes.index("height")
        height, width = record.values.shape[height_axis : height_axis + 2]
        dead = "" if shown.dead is None else shown.dead.text
        caption = Caption(
            f"{self._logged.run} · {self._logged.tag}",
            describe_shown(record, options.show, shown.since, selected.positions, dead, self._fact),
            describe_remarks(record),
        )
        legend = Legend(colouring, None, "", frozenset(specials))
        return Frame(caption, legend, arrange(record), (height, width))

    def _with_scale(self, looked: _Looked, specials: frozenset[str]) -> Frame:
        legend = replace(looked.frame.legend, specials=specials)
        is_symmetric = legend.colouring.is_symmetric
        if self._options.scale == "per-tile":
            return replace(looked.frame, legend=replace(legend, note="per tile"))
        if self._options.scale == "fixed":
            extremes = join_extremes(each.extremes for each in self._looked)
            read, of = len(self._looked), len(self._logged.steps)
            over = f"all {format_count(of, 'step')}" if read == of else f"{read} of {of} steps"
            note = f"scale over {over}"
        else:
            extremes, note = looked.extremes, ""
        common = range_of(extremes, is_symmetric=is_symmetric)
        return replace(looked.frame, legend=replace(legend, common=common, note=note))

    def _paint(self, steps: tuple[int, ...], doing: str) -> Iterator[tuple[Frame, PaintedTiles]]:
        for step in self._progress(steps, doing):
            whole = self._tiles.read(step)
            if whole is None:  # it could be read a moment ago
                raise OSError(f"The log changed while it was read: {self.problems[-1]}")
            shown = select_tiles(whole, self._where, is_picture=True).shown
            frame = self._frames[step]
            colouring = frame.legend.colouring
            limits = tile_limits(
                shown.record, frame.legend.common, is_symmetric=colouring.is_symmetric
            )
            painted = paint_tiles(
                shown.record, limits, colouring, self._tables, shown.is_unresolved
            )
            if shown.dead is not None:
                gray = self._tables.dead[self._options.theme]
                painted = mark_dead(painted, shown.dead.cells, gray)
            yield frame, painted

    def _draw(self, plan: PicturePlan, steps: tuple[int, ...]) -> Iterator[Image.Image]:
        for frame, painted in self._paint(steps, "drawing"):
            yield plan.draw(frame, painted)


def _check_alike(looked: Sequence[_Looked], tag: str) -> None:
    """Tiles that are not alike have no place in common to be seen at."""
    kinds = {
        (each.frame.tile_cells, each.frame.arrangement.row_length): each.step for each in looked
    }
    if len(kinds) > 1:
        shapes = ", ".join(
            f"{height}×{width} at step {step}" for ((height, width), _), step in kinds.items()
        )
        raise ValueError(
            f"The tiles of {tag!r} are not alike at all of its steps ({shapes}), so one animation "
            "cannot show them. Export steps one by one, with --step."
        )
