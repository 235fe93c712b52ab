"""The cards of the view Confusion as the tests see them, and what they ought to show of records
that `LogReader` has read. Computed with NumPy alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, expect

from tb_nnviz import Confusion, LogReader, TileArray
from tests.end_to_end.tab import Tab, canvas_image, state_hash

Values = NDArray[Any]

VIEW = state_hash(view="confusion")


class ConfusionTab(Tab):
    """The tab while it shows confusions."""

    def card(self, tag: str = "confusion") -> Locator:
        """The card of a tag, once everything of it is here."""
        card = self.panel(tag).locator("[data-testid='confusion-card']")
        expect(card).to_have_attribute("data-settled", "true")
        return card

    def run(self, run: str) -> Locator:
        """What a card shows of a run."""
        return self.frame.locator(f".run[data-run='{run}']")

    def cell(self, run: str, row: int, column: int) -> Locator:
        """A cell of the matrix of a run, by classes."""
        return self.run(run).locator(f".cell[data-row='{row}'][data-column='{column}']")

    def texts(self, run: str, classes: int) -> list[list[str]]:
        """What stands in the cells of a run."""
        return [
            [self.cell(run, row, column).inner_text().strip() for column in range(classes)]
            for row in range(classes)
        ]

    def detail(self, run: str) -> Locator:
        """The samples of the cell that is looked into."""
        return self.run(run).locator("[data-testid='detail']")

    def title(self, run: str) -> Locator:
        """Of the cell that is looked into: ``ant → bee``."""
        return self.detail(run).locator("[data-testid='detail-title']")

    def listed(self, run: str, test_id: str = "cell-sample") -> list[int]:
        """The samples that are shown, in their order."""
        found = self.run(run).locator(f"[data-testid='{test_id}']")
        return [int(each.get_attribute("data-sample") or -1) for each in found.all()]

    def picture(self, within: Locator, sample: int) -> Locator:
        """The canvas of a sample, once it is painted."""
        canvas = within.locator(f"canvas[data-testid='sample-picture'][data-sample='{sample}']")
        expect(canvas.first).to_be_visible()
        return canvas.first


def read_confusion(logdir: Path, run: str, step: int, tag: str = "confusion") -> Confusion:
    record = LogReader(logdir).read(run, tag, step)
    assert isinstance(record, Confusion)
    return record


def read_pictures(logdir: Path, run: str, tag: str = "confusion/samples") -> dict[str, Values]:
    """``(height, width)`` from 0 to 1 by address, of all steps."""
    reader = LogReader(logdir)
    found: dict[str, Values] = {}
    for step in reader.steps(run, tag):
        record = reader.read(run, tag, step)
        assert isinstance(record, TileArray)
        found |= dict(zip(record.addresses["sample"], record.values, strict=True))
    return found


def assert_is_picture(canvas: Locator, values: Values) -> None:
    """A canvas has the grays of values from 0 to 1, but for the neighbouring one."""
    shown = canvas_image(canvas)
    assert shown.shape[:2] == values.shape
    assert (shown[..., 3] == 255).all()
    assert (shown[..., 0] == shown[..., 1]).all()
    # Entry floor(256 t) of a table that goes from black to white.
    wanted = np.clip(np.floor(256 * values.astype(float)), 0, 255)
    assert np.abs(shown[..., 0].astype(float) - wanted).max() <= 1
    # And it is that of this sample: a mark in the corner is its own.
    assert np.ptp(wanted[-3:, -3:]) > 0


def percent(share: float) -> str:
    """A share as the screen writes it, of those that the logs hold."""
    return "100" if share == 1 else f"{100 * share:.1f}"


def signed(number: float, text: str) -> str:
    """A change as the screen writes it."""
    return "0" if number == 0 else f"{'−' if number < 0 else '+'}{text}"
