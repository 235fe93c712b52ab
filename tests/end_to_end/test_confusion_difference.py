"""Confusions as differences to a pinned run or point: numbers, what was gained and lost, and the
samples of both sides, against what `LogReader` reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import expect

from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.confusion_logs import CLASSES, RUNS, write_confusion, write_other_classes
from tests.end_to_end.confusion_tab import (
    VIEW,
    ConfusionTab,
    assert_is_picture,
    percent,
    read_confusion,
    read_pictures,
    signed,
)
from tests.end_to_end.tab import state_hash
from tests.end_to_end.test_accessibility import THEMES, serious_violations
from tests.end_to_end.test_address import WRITTEN

pytestmark = pytest.mark.browser

#: What each run shows at the last point; the second lacks it.
SHOWN = {"first": 3, "second": 2}
#: The link, what is said of it, and the run and step that each run is compared with.
PINNED = {
    "run": (
        {"pinned_run": "first/nnviz"},
        "difference to first",
        {"first": ("first", 3), "second": ("first", 3)},
    ),
    "point": (
        {"pinned_point": "1;1"},
        "difference to epoch 1",
        {"first": ("first", 1), "second": ("second", 1)},
    ),
    "both": (
        {"pinned_run": "second/nnviz", "pinned_point": "1;1"},
        "difference to second at epoch 1",
        {"first": ("second", 1), "second": ("second", 1)},
    ),
}


@pytest.fixture(scope="module")
def log(make_log: MakeLog) -> Path:
    return make_log(write_confusion)


def open_difference(open_tab: OpenTab, url: str, **keys: str) -> ConfusionTab:
    tab = ConfusionTab(open_tab(url, state=VIEW + state_hash(show="difference", **keys)))
    tab.card()
    return tab


def changes_of(tab: ConfusionTab, run: str, part: str) -> list[tuple[str, str]]:
    """The rows of a list of changed pairs: which pair, and by how many."""
    rows = tab.run(run).locator(f"[data-testid='{part}'] [data-testid='pair']").all_inner_texts()
    return [(text.split("\n")[0], text.split("\n")[1]) for text in rows]


def wanted_changes(change: NDArray[np.int64], sign: int) -> list[int]:
    """Changes of mistakes of one sign, the largest first."""
    mistakes = change.copy()
    np.fill_diagonal(mistakes, 0)
    return sorted((c for c in mistakes.reshape(-1).tolist() if sign * c > 0), key=lambda c: -abs(c))


@pytest.mark.parametrize("loader", ["true", "false"])
@pytest.mark.parametrize("pinned", PINNED)
def test_numbers_are_differences_to_what_is_pinned(
    pinned: str, loader: str, reopen_tab: OpenTab, serve: Serve, log: Path
) -> None:
    keys, said, references = PINNED[pinned]
    tab = open_difference(reopen_tab, serve(log, f"--load_fast={loader}"), **keys)
    expect(tab.by_id("change")).to_have_text(said)
    for run in RUNS:
        now = read_confusion(log, run, SHOWN[run]).counts
        then = read_confusion(log, *references[run]).counts
        change = now - then
        wanted = [[signed(c, str(abs(c))) if c else "·" for c in row] for row in change.tolist()]
        assert tab.texts(run, len(CLASSES)) == wanted
        for margin, axis in (("recall", 1), ("precision", 0)):
            shares = [each.diagonal() / each.sum(axis=axis) for each in (now, then)]
            points = (100 * (shares[0] - shares[1])).tolist()
            found = tab.run(run).locator(f"[data-testid='{margin}']").all_inner_texts()
            assert found == [signed(c, f"{abs(c):.1f}") for c in points]
        accuracies = [each.trace() / each.sum() for each in (now, then)]
        points = 100 * (accuracies[0] - accuracies[1])
        text = f"accuracy {percent(accuracies[0])} % ({signed(points, f'{abs(points):.1f}')})"
        expect(tab.run(run).locator("[data-testid='accuracy']")).to_have_text(text)
        for part, sign in (("gained", 1), ("lost", -1)):
            listed = changes_of(tab, run, part)
            sizes = wanted_changes(change, sign)
            assert [text for _, text in listed] == [
                signed(c, str(abs(c))) for c in sizes[: len(listed)]
            ]
            assert len(listed) == min(6, len(sizes))
            for pair, text in listed:
                row, column = (CLASSES.index(name) for name in pair.split(" → "))
                assert signed(change[row, column], str(abs(change[row, column]))) == text
        own = tab.run(run).locator("[data-testid='own-reference']")
        expect(own).to_have_count(1 if references[run] == (run, SHOWN[run]) else 0)


def test_what_is_pinned_itself_has_no_difference(
    reopen_tab: OpenTab, serve: Serve, log: Path
) -> None:
    tab = open_difference(reopen_tab, serve(log), pinned_run="first/nnviz")
    expect(tab.run("first").locator("[data-testid='confusion-legend']")).to_have_text(
        "no difference"
    )
    expect(tab.run("first").locator("[data-testid='own-reference']")).to_have_text("pinned")
    expect(tab.run("first").locator("[data-testid='reference-samples']")).to_have_count(0)


def test_the_samples_of_both_sides_stand_one_below_the_other(
    reopen_tab: OpenTab, serve: Serve, log: Path
) -> None:
    tab = open_difference(reopen_tab, serve(log), pinned_run="first/nnviz")
    cell = (2, 3)
    tab.cell("second", *cell).click()
    tab.page.mouse.move(5, 5)
    here = read_confusion(log, "second", 2)
    there = read_confusion(log, "first", 3)
    side = tab.detail("second").locator("[data-testid='reference-samples']")
    expect(side.locator("h4")).to_contain_text("first, epoch 3")
    expect(side.locator("h4")).to_contain_text(f"{there.counts[cell]} samples")
    listed = side.locator("[data-testid='cell-sample']")
    expect(listed).to_have_count(len(there.cell_samples[cell]))
    found = [int(each.get_attribute("data-sample") or -1) for each in listed.all()]
    assert found == [sample.index for sample in there.cell_samples[cell]]
    both = [sample.index for sample in here.cell_samples[cell]] + found
    assert tab.listed("second") == both
    pictures = read_pictures(log, "first")
    canvas = tab.picture(side, found[0])
    assert_is_picture(canvas, pictures[there.addresses[found[0]]])


def test_what_a_run_has_unlearned_takes_a_pin_and_a_choice(
    open_tab: OpenTab, serve: Serve, log: Path
) -> None:
    tab = ConfusionTab(open_tab(serve(log), state=VIEW))
    tab.card()
    entry = tab.run_entry("first")
    entry.hover()
    entry.locator("[data-testid='pin-run']").click()
    tab.by_id("show").select_option("difference")
    expect(tab.by_id("change")).to_have_text("difference to first")
    tab.card()
    change = read_confusion(log, "second", 2).counts - read_confusion(log, "first", 3).counts
    sizes = wanted_changes(change, 1)
    assert [text for _, text in changes_of(tab, "second", "gained")] == [
        f"+{size}" for size in sizes[:6]
    ]
    pair, _ = changes_of(tab, "second", "gained")[0]
    expect(tab.title("second")).to_have_text(pair)
    tab.by_id("class-sort").select_option("recall")
    losses = change.diagonal()
    names = tab.run("second").locator("[role='rowheader'].name").all_inner_texts()
    assert [losses[CLASSES.index(name)] for name in names] == sorted(losses.tolist())
    tab.page.wait_for_timeout(WRITTEN)
    other = ConfusionTab(open_tab("about:blank"))
    other.page.goto(tab.page.url)
    other.card()
    expect(other.by_id("change")).to_have_text("difference to first")
    assert changes_of(other, "second", "gained") == changes_of(tab, "second", "gained")


def test_of_other_classes_it_is_said_why_there_is_no_difference(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(write_other_classes))
    tab = open_difference(reopen_tab, url, pinned_run="fewer/nnviz")
    expect(tab.run("renamed").locator("[data-testid='refused']")).to_have_text(
        "No difference: The number of classes is 4 here, and 3 in fewer."
    )
    expect(tab.run("renamed").locator("[data-testid='gained']")).to_have_count(0)


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_serious_in_a_difference(
    theme: str, reopen_tab: OpenTab, serve: Serve, log: Path
) -> None:
    keys = {"show": "difference", "pinned_run": "first/nnviz"}
    page = reopen_tab(serve(log), query=THEMES[theme], state=VIEW + state_hash(**keys))
    tab = ConfusionTab(page)
    tab.card()
    assert serious_violations(tab) == []
