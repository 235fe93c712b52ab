"""The ten questions of ``docs/questions.md``, answered by exactly the actions that the page names.

An action is what a hand does once: a key, a click, a choice, a number typed, a drag of the slider.
Each test opens the tab as it opens by default and counts its actions; none takes more than three.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.end_to_end import questions_log as log
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.confusion_logs import CLASSES, labels_of
from tests.end_to_end.offline_tab import open_file
from tests.end_to_end.tab import Tab, canvas_numbers, painted_order, painted_tiles, place_tile

pytestmark = pytest.mark.browser

PAGE = Path("docs/questions.md")
MOST_ACTIONS = 3
RUN_A, RUN_B = log.RUNS


@dataclass
class Hand:
    """Does one thing at a time to the tab, and counts.

    Attributes:
        tab: as it opens by default.
        did: what was done, in the words of the page.
    """

    tab: Tab
    did: list[str] = field(default_factory=list)

    def key(self, key: str) -> None:
        """Presses a key."""
        self.did.append(f"`{key}`")
        self.tab.page.keyboard.press(key)

    def view(self, name: str) -> None:
        """Clicks a view in the rail."""
        self.did.append(name)
        self.tab.frame.locator(f"[data-testid='view'][data-view='{name.lower()}']").click()

    def choose(self, test_id: str, value: str, words: str) -> None:
        """Chooses in a list of the rail."""
        self.did.append(words)
        self.tab.by_id(test_id).select_option(value)

    def type_epoch(self, epoch: int) -> None:
        """Types an epoch into the box beside the slider."""
        self.did.append(f"epoch {epoch}")
        self.tab.by_id("step-number").fill(str(epoch))
        self.tab.by_id("step-number").press("Enter")

    def drag(self, look: Callable[[int], None]) -> None:
        """Drags the slider from the last point to the first, looking at each."""
        self.did.append("the slider")
        for point in range(self.tab.last_step_index(), -1, -1):
            self.tab.go_to_step_index(point)
            look(point)

    def click_tile(self, unit: int, words: str, **options: Any) -> None:
        """Clicks a unit of the Dense layer of the first run."""
        self.did.append(words)
        canvas = self.tab.grid(RUN_A, log.KERNEL)
        canvas.scroll_into_view_if_needed()
        number = canvas_numbers(canvas)
        place = painted_order(canvas, log.UNITS).index(unit)
        top, left = place_tile(number, place)
        zoom = number["zoom"]
        canvas.click(position={"x": (left + 2.5) * zoom, "y": (top + 2.5) * zoom}, **options)


@pytest.fixture
def hand(reopen_tab: OpenTab, serve: Serve, make_log: MakeLog) -> Iterator[Hand]:
    """The tab on the log of the questions."""
    tab = Tab(reopen_tab(serve(make_log(log.write_questions))))
    tab.wait_until_painted(RUN_B, log.KERNEL, log.EPOCHS)
    hand = Hand(tab)
    yield hand
    assert 1 <= len(hand.did) <= MOST_ACTIONS
    # The page says the same, in the same order.
    written = [re.findall(r"`[^`]+`|\*\*[^*]+\*\*", line) for line in answers_of_the_page()]
    assert [f"**{each}**" if not each.startswith("`") else each for each in hand.did] in written


def answers_of_the_page() -> list[str]:
    """Of each question the line of what to do."""
    return re.findall(r"^Do: (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def first_units(tab: Tab, run: str, count: int) -> list[int]:
    return painted_order(tab.grid(run, log.KERNEL), log.UNITS)[:count]


def colours_of_tiles(canvas: Locator) -> list[int]:
    """How many colours each tile is painted in."""
    return [len(np.unique(tile.reshape(-1, 4), axis=0)) for tile in painted_tiles(canvas)]


def test_the_page_has_ten_questions_with_at_most_three_actions_each() -> None:
    text = PAGE.read_text(encoding="utf-8")
    questions = re.findall(r"^## \d+\. .*\?$", text, re.MULTILINE)
    answers = [re.findall(r"`[^`]+`|\*\*[^*]+\*\*", line) for line in answers_of_the_page()]
    assert len(questions) == len(answers) == 10
    assert all(1 <= len(actions) <= MOST_ACTIONS for actions in answers)


def test_which_units_changed_most_between_epoch_3_and_4(hand: Hand) -> None:
    hand.type_epoch(log.MOVED_AT)
    hand.choose("sort", "previous", "Sort tiles: last change")
    canvas = hand.tab.wait_until_painted(RUN_A, log.KERNEL, log.MOVED_AT)
    expect(canvas).not_to_have_attribute("data-order", "index")
    assert first_units(hand.tab, RUN_A, 3) == list(log.MOVED)
    # The other run stands in the same order, tile beside tile.
    assert first_units(hand.tab, RUN_B, 3) == list(log.MOVED)


def test_whether_these_two_seeds_learn_the_same_filters(hand: Hand) -> None:
    hand.key("d")
    canvas = hand.tab.grid(RUN_B, log.FILTER_KERNEL)
    expect(canvas).to_have_attribute("data-show", "difference")
    expect(canvas).to_have_attribute("data-painted", "true")
    colours = colours_of_tiles(canvas)
    # What is alike has no colour but that of zero, and of changes below the precision.
    differing = [index for index, count in enumerate(colours) if count > 2]
    assert differing == list(log.OTHER_FILTERS)


def test_which_layer_died_first(hand: Hand) -> None:
    tab = hand.tab
    died: dict[str, int] = {}

    def look(epoch: int) -> None:
        for layer in ("dense_1", "dense_2", "dense_3"):
            tag = f"activations/{layer}"
            tab.wait_until_painted(RUN_B, tag, epoch)
            if tab.panel(tag).get_by_text("24 of 24 dead").count() > 0:
                died[layer] = epoch

    hand.view("Activations")
    tab.wait_until_painted(RUN_B, "activations/dense_1", log.EPOCHS)
    hand.drag(look)
    assert died == log.DEAD_FROM
    assert min(died, key=lambda layer: died[layer]) == "dense_2"


def test_what_run_b_unlearned(hand: Hand) -> None:
    hand.view("Confusion")
    hand.key("d")
    detail = hand.tab.frame.locator(f"[data-testid='detail'][data-run='{RUN_B}']")
    expect(detail).to_contain_text("most errors gained")
    title = detail.locator("[data-testid='detail-title']")
    expect(title).to_have_text(f"{log.UNLEARNED} → {log.TAKEN_FOR}")
    truth = labels_of(log.SAMPLES, len(CLASSES)) == CLASSES.index(log.UNLEARNED)
    taken = [
        int((log.outputs_of(run, log.EPOCHS)[truth].argmax(axis=1) == other).sum())
        for run in log.RUNS
        for other in [CLASSES.index(log.TAKEN_FOR)]
    ]
    expect(detail.locator("[data-testid='detail-count']")).to_contain_text(
        f"+{taken[1] - taken[0]}"
    )


def test_what_training_has_added_to_the_noise_it_began_with(hand: Hand) -> None:
    hand.key("s")
    canvas = hand.tab.grid(RUN_A, log.KERNEL)
    expect(canvas).to_have_attribute("data-show", "change-since-start")
    expect(canvas).to_have_attribute("data-painted", "true")
    shown = float(json.loads(canvas.get_attribute("data-range") or "")[1])
    ends = ([log.weights_of(run, epoch)["dense"] for epoch in (0, log.EPOCHS)] for run in log.RUNS)
    largest = max(float(np.abs(end - start).max()) for start, end in ends)
    assert shown == pytest.approx(largest, rel=1e-3)


def test_when_a_unit_made_its_jump(hand: Hand) -> None:
    unit = log.MOVED[0]
    hand.click_tile(unit, "the tile")
    curve = hand.tab.frame.locator("[data-testid='tile-curve'][data-number='change_since_start']")
    line = curve.locator(f"[data-testid='tile-curve-line'][data-run='{RUN_A}']")
    expect(line).to_have_attribute(
        "data-steps", json.dumps([*range(log.EPOCHS + 1)], separators=(",", ":"))
    )
    values = np.array(json.loads(line.get_attribute("data-values") or ""))
    assert int(np.diff(values).argmax()) + 1 == log.MOVED_AT
    kernels = [log.weights_of(RUN_A, epoch)["dense"][unit] for epoch in range(log.EPOCHS + 1)]
    wanted = [float(np.linalg.norm(kernel - kernels[0])) for kernel in kernels]
    assert values == pytest.approx(wanted, abs=1e-2)


def test_which_samples_excite_a_unit_most(hand: Hand) -> None:
    hand.click_tile(log.CHOSEN, "the tile")
    related = hand.tab.frame.locator(f"[data-testid='related'][data-tag='{log.TOP}']")
    expect(related).to_be_visible()
    expect(related.locator("canvas").first).to_be_visible()


def test_which_unit_is_most_like_this_one(hand: Hand) -> None:
    hand.click_tile(log.CHOSEN, "Shift and the tile", modifiers=["Shift"])
    hand.choose("sort", "similar", "Sort tiles: similarity")
    canvas = hand.tab.grid(RUN_A, log.KERNEL)
    expect(canvas).to_have_attribute("data-order", re.compile(rf"^\[{log.CHOSEN},"))
    assert first_units(hand.tab, RUN_A, 2) == [log.CHOSEN, log.TWIN]


def test_how_many_units_are_dead_and_what_the_others_look_like(hand: Hand) -> None:
    hand.key("z")
    canvas = hand.tab.grid(RUN_A, log.KERNEL)
    expect(canvas).to_have_attribute("data-tiles", str(log.UNITS - len(log.DEAD_UNITS)))
    expect(hand.tab.panel(log.KERNEL)).to_contain_text(f"{len(log.DEAD_UNITS)} dead hidden")
    assert not set(log.DEAD_UNITS) & set(painted_order(canvas, log.UNITS))


def test_how_to_show_it_to_somebody_without_tensorboard(
    hand: Hand, browser: Browser, tmp_path: Path
) -> None:
    tab = hand.tab
    tags = tab.by_id("panel").evaluate_all("panels => panels.map(panel => panel.dataset.tag)")
    assert len(tags) > 1
    hand.key("e")
    hand.did.append("HTML")
    tab.press("export-format", "html")
    # What it does not hold is said before.
    expect(tab.by_id("export-about")).to_contain_text(re.compile(r"It holds 1 of \d+ views$"))
    hand.did.append("Export")
    file = tmp_path / "file.html"
    with tab.page.expect_download() as download:
        tab.by_id("export-start").click()
    download.value.save_as(file)

    offline, problems = open_file(browser, file)
    expect(offline.by_id("offline-holds")).to_have_text(re.compile(r"^holds 1 of \d+ views"))
    expect(offline.by_id("panel")).to_have_count(len(tags))
    assert offline.last_step_index() == log.EPOCHS
    for epoch in (log.EPOCHS, 2, 0):
        offline.go_to_step_index(epoch)
        for run in log.RUNS:
            for tag in (log.KERNEL, log.FILTER_KERNEL):
                offline.panel(tag).scroll_into_view_if_needed()
                offline.wait_until_painted(run, tag, epoch)
    assert problems == []
    offline.page.context.close()
