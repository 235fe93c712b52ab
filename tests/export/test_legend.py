"""The scale of a picture."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tb_nnviz.export.colours import Colouring, load_colour_tables
from tb_nnviz.export.legend import (
    BAR_WIDTH,
    DEAD,
    HEIGHT,
    NAN,
    NEGINF,
    POSINF,
    UNRESOLVED,
    Legend,
    LegendColours,
    draw_legend,
    legend_width,
)
from tb_nnviz.export.ranges import ValueRange
from tb_nnviz.export.text import load_face

TABLES = load_colour_tables()
FACE = load_face(16)
LOOK = LegendColours((95, 102, 114), (196, 201, 209), (214, 218, 225))
RED_BLUE = Colouring("red_blue_light", is_symmetric=True)
GRAY = Colouring("gray", is_symmetric=False)
MIDDLE = 12


def draw(legend: Legend) -> NDArray[np.uint8]:
    size = (legend_width(legend, FACE, TABLES, LOOK), HEIGHT)
    image = Image.new("RGB", size, (255, 255, 255))
    draw_legend(image, (0, 0), legend, FACE, TABLES, LOOK)
    return np.asarray(image)


def bar_of(pixels: NDArray[np.uint8], colouring: Colouring) -> int:
    """The column in which the bar of a legend begins."""
    table = TABLES.tables[str(colouring.table)]
    starts = [
        left
        for left in range(pixels.shape[1] - BAR_WIDTH)
        if (pixels[MIDDLE, left] == table[0]).all()
        and (pixels[MIDDLE, left + BAR_WIDTH - 1] == table[254]).all()
    ]
    assert len(starts) == 1
    return starts[0]


def test_the_bar_has_the_colours_of_the_table_from_end_to_end() -> None:
    pixels = draw(Legend(GRAY, ValueRange(0.0, 1.0)))
    left = bar_of(pixels, GRAY)
    bar = pixels[MIDDLE, left : left + BAR_WIDTH, 0]
    np.testing.assert_array_equal(bar, np.arange(BAR_WIDTH) * 256 // BAR_WIDTH)


@pytest.mark.parametrize(("values", "share"), [((-1.0, 1.0), 0.5), ((-1.0, 3.0), 0.25)])
def test_zero_is_marked_where_it_is(values: tuple[float, float], share: float) -> None:
    pixels = draw(Legend(RED_BLUE, ValueRange(*values)))
    # The mark reaches out of the bar, above and below.
    marked = np.flatnonzero((pixels[MIDDLE - 10] == LOOK.word).all(axis=-1))
    left = bar_of(draw(Legend(GRAY, ValueRange(*values))), GRAY)
    assert marked.tolist() == [left + round(share * (BAR_WIDTH - 1))]


def test_a_scale_without_zero_inside_has_no_mark() -> None:
    pixels = draw(Legend(GRAY, ValueRange(0.0, 1.0)))
    assert (pixels[MIDDLE - 10] == 255).all()


@pytest.mark.parametrize(
    ("word", "colour"),
    [
        (NAN, TABLES.nan),
        (POSINF, TABLES.posinf),
        (NEGINF, TABLES.neginf),
        (UNRESOLVED, TABLES.unresolved["light"]),
        (DEAD, LOOK.dead),
    ],
)
def test_special_cells_are_explained_where_they_occur_and_only_there(
    word: str, colour: tuple[int, int, int]
) -> None:
    for specials in (frozenset({word}), frozenset({NAN, DEAD} - {word})):
        pixels = draw(Legend(RED_BLUE, ValueRange(-1.0, 1.0), specials=specials))
        has_swatch = (pixels == colour).all(axis=-1).sum() > 100
        assert has_swatch == (word in specials)


def test_colour_pictures_have_a_scale_for_each_channel() -> None:
    pixels = draw(Legend(Colouring(None, is_symmetric=False), ValueRange(0.0, 1.0)))
    for channel in range(3):
        others = [other for other in range(3) if other != channel]
        pure = (pixels[..., channel] == 254) & (pixels[..., others] == 0).all(axis=-1)
        assert pure.any()


def test_a_number_takes_no_more_room_than_all_frames_keep_for_it() -> None:
    narrow = Legend(RED_BLUE, ValueRange(-1.0, 1.0), room=90)
    wide = Legend(RED_BLUE, ValueRange(-0.0123, 0.0123), room=90)
    widths = {legend_width(legend, FACE, TABLES, LOOK) for legend in (narrow, wide)}
    assert len(widths) == 1
    assert FACE.width("−0.0123") <= 90
