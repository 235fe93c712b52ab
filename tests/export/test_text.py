"""Texts in pictures."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from tb_nnviz.export.ranges import ValueRange
from tb_nnviz.export.signs import SIGNS
from tb_nnviz.export.text import NO_BREAK, load_face
from tb_nnviz.export.words import describe_moment, describe_remarks, describe_shown, format_ends
from tb_nnviz.records import Moment, Source, build_tile_array

FACE = load_face(16)


def draw(text: str) -> np.ndarray:
    image = Image.new("RGB", (200, 40), (255, 255, 255))
    FACE.draw(image, 10, 30, text, (0, 0, 0))
    return np.asarray(image.convert("L"))


@pytest.mark.parametrize("sign", sorted(SIGNS))
def test_signs_that_the_font_lacks_are_drawn_and_not_as_question_marks(sign: str) -> None:
    drawn = draw(sign)
    assert drawn.min() < 130
    assert not np.array_equal(drawn, draw("?"))
    assert FACE.lacks(sign) == ""
    ink = np.flatnonzero((drawn < 200).any(axis=0))
    # Within its own room, so that it touches no neighbour.
    assert ink[0] >= 10
    assert ink[-1] <= 10 + FACE.width(sign)


def test_letters_with_accents_lose_them_and_others_are_said_to_lack() -> None:
    assert np.array_equal(draw("één"), draw("een"))
    assert FACE.lacks("één 二 二 ‰?") == "二‰"


def test_lines_are_broken_at_spaces_and_never_wider_than_asked_for() -> None:
    text = "of the central position, cropped to its receptive field " + "x" * 60
    lines = FACE.wrap(text, 150)
    assert all(FACE.width(line) <= 150 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert FACE.wrap("", 150) == []
    assert FACE.wrap(f"one{NO_BREAK}two three", FACE.width("one two")) == [
        f"one{NO_BREAK}two",
        "three",
    ]


def test_a_label_without_room_ends_in_an_ellipsis() -> None:
    short = FACE.shorten("a long label", 50)
    assert short.endswith("…")
    assert FACE.width(short) <= 50
    assert FACE.shorten("a", 50) == "a"


@pytest.mark.parametrize(
    ("lowest", "highest", "expected"),
    # As the screen writes them: three digits, plus signs where there are minus signs.
    [
        (0.0, 1.0, ("0", "1")),
        (-0.2, 0.2, ("−0.2", "+0.2")),
        (-0.16043, 0.08321, ("−0.16", "+0.0832")),
        (1.25e-7, 12345678.0, ("1.25e−7", "1.23e7")),
        (-4e12, 0.0, ("−4e12", "0")),
        (2.125, 1234.0, ("2.13", "1230")),
    ],
)
def test_the_ends_of_a_scale_read_as_on_the_screen(
    lowest: float, highest: float, expected: tuple[str, str]
) -> None:
    assert format_ends(ValueRange(lowest, highest)) == expected


def test_a_moment_is_its_epoch_and_its_step_where_they_differ() -> None:
    assert describe_moment(Moment(8, epoch=8.0)) == "epoch 8"
    assert describe_moment(Moment(3, epoch=0.5)) == "epoch 0.5 · step 3"
    assert describe_moment(Moment(40)) == "step 40"
    assert describe_moment(None) == ""


def test_facts_say_what_is_shown_since_when_and_of_what() -> None:
    record = build_tile_array(
        np.zeros((40, 12)),
        ("height", "width"),
        represents={"height": "input", "width": "unit"},
        max_tiles=20,
        max_tile_side=16,
        source=Source(layer_type="Dense"),
        notes=["norms of all in_channels"],
    )
    facts = describe_shown(record, "change-since-start", Moment(0, epoch=0.0), "sample 2")
    assert facts.replace(NO_BREAK, " ") == (
        "change since epoch 0 · Dense · 20×12 · inputs ↓ units → · sample 2"
    )
    assert describe_remarks(record) == "40×12 shown at 20×12 · norms of all input channels"


def test_labels_of_rows_and_columns_within_a_tile_are_remarks() -> None:
    values = np.zeros((2, 3, 1), np.float32)
    names = {"height": ["ant", "bee", "fly"]}
    record = build_tile_array(values, ("unit", "height", "width"), labels=names, notes=["exact"])
    assert describe_remarks(record) == "rows from the top: ant, bee, fly · exact"
    many = {"width": [str(index) for index in range(30)]}
    record = build_tile_array(np.zeros((1, 30)), ("height", "width"), labels=many)
    assert describe_remarks(record).startswith("columns from the left: 0, 1, 2,")
    assert describe_remarks(record).endswith(", 19 and 10 more")
