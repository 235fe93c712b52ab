"""The view Confusion on a matrix of ten classes: numbers, samples with their pictures, cells that
are kept, changes, keys, and the way to other views."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.confusion_logs import CLASSES, IN_PANEL, RUNS, STEPS, write_confusion
from tests.end_to_end.confusion_tab import (
    VIEW,
    ConfusionTab,
    assert_is_picture,
    percent,
    read_confusion,
    read_pictures,
    signed,
)
from tests.end_to_end.tab import settings, state_hash
from tests.end_to_end.test_address import WRITTEN

pytestmark = pytest.mark.browser

LAST = STEPS[-1]
#: ``dog`` taken for ``elk``.
PAIR = (3, 4)


@pytest.fixture(scope="module")
def log(make_log: MakeLog) -> Path:
    return make_log(write_confusion)


@pytest.fixture
def tab(reopen_tab: OpenTab, serve: Serve, log: Path) -> ConfusionTab:
    tab = ConfusionTab(reopen_tab(serve(log), state=VIEW))
    tab.card()
    return tab


def test_cells_and_margins_are_those_that_were_logged(tab: ConfusionTab, log: Path) -> None:
    for run, step in (("first", 3), ("second", 2)):
        counts = read_confusion(log, run, step).counts
        wanted = [[str(count) if count else "·" for count in row] for row in counts.tolist()]
        assert tab.texts(run, len(CLASSES)) == wanted
        recalls = tab.run(run).locator("[data-testid='recall']").all_inner_texts()
        assert recalls == [percent(counts[i, i] / counts[i].sum()) for i in range(10)]
        precisions = tab.run(run).locator("[data-testid='precision']").all_inner_texts()
        assert precisions == [percent(counts[i, i] / counts[:, i].sum()) for i in range(10)]
        accuracy = percent(counts.trace() / counts.sum())
        expect(tab.run(run).locator("[data-testid='accuracy-corner']")).to_have_text(accuracy)
        expect(tab.run(run).locator("[data-testid='accuracy']")).to_have_text(
            f"accuracy {accuracy} %"
        )
    expect(tab.by_id("samples-fact")).to_have_text("600 of 6,000 samples, evenly chosen")
    # The note says the same, and is not told twice.
    expect(tab.card().locator("[data-testid='note']")).to_have_count(0)


def test_shares_are_of_the_true_class(tab: ConfusionTab, log: Path) -> None:
    tab.press("cells", "share")
    counts = read_confusion(log, "first", LAST).counts
    shares = counts / counts.sum(axis=1, keepdims=True)
    wanted = [[percent(share) if share else "·" for share in row] for row in shares.tolist()]
    assert tab.texts("first", len(CLASSES)) == wanted


def test_the_view_has_one_panel_and_the_pictures_none(tab: ConfusionTab) -> None:
    entry = tab.by_id("view").filter(has_text="Confusion")
    expect(entry.locator(".count")).to_have_text("1")
    expect(tab.by_id("panel")).to_have_count(1)


def test_a_run_without_the_step_says_which_one_it_shows(tab: ConfusionTab) -> None:
    caption = tab.run("second").locator("[data-testid='confusion-run']")
    name = tab.frame.locator("[data-testid='run-cell'][data-name='second']")
    for place in (caption, name):
        expect(place).to_contain_text("epoch 2 · nearest earlier")
    tab.go_to_step_index(1)
    expect(name).to_contain_text("epoch 1")
    for place in (caption, name):
        expect(place).not_to_contain_text("earlier")


def test_pointing_at_a_cell_shows_its_samples_in_every_run(tab: ConfusionTab, log: Path) -> None:
    tab.cell("first", *PAIR).hover()
    for run, step in (("first", 3), ("second", 2)):
        record = read_confusion(log, run, step)
        pictures = read_pictures(log, run)
        expect(tab.title(run)).to_have_text("dog → elk")
        samples = record.cell_samples[PAIR]
        assert tab.listed(run) == [sample.index for sample in samples]
        texts = (
            tab.detail(run).locator("[data-testid='cell-sample'] .caption-text").all_inner_texts()
        )
        assert texts == [f"{percent(sample.confidence)} %" for sample in samples]
        for sample in samples[:3]:
            canvas = tab.picture(tab.detail(run), sample.index)
            assert_is_picture(canvas, pictures[record.addresses[sample.index]])
    tab.page.mouse.move(5, 5)
    # Then it is the most frequent mistake again.
    counts = read_confusion(log, "first", LAST).counts.copy()
    for i in range(10):
        counts[i, i] = 0
    row, column = divmod(int(counts.argmax()), 10)
    expect(tab.title("first")).to_have_text(f"{CLASSES[row]} → {CLASSES[column]}")


def test_a_click_keeps_a_cell_and_a_link_opens_it_again(
    tab: ConfusionTab, log: Path, open_tab: OpenTab
) -> None:
    record = read_confusion(log, "first", LAST)
    samples = [sample.index for sample in record.cell_samples[2, 3]]
    tab.cell("first", 2, 3).click()
    tab.page.mouse.move(5, 5)
    expect(tab.title("second")).to_have_text("cat → dog")
    expect(tab.cell("second", 2, 3)).to_have_attribute("aria-selected", "true")
    tab.detail("first").locator(f"button[data-sample='{samples[1]}']").click()
    tab.press("cells", "share")
    tab.page.wait_for_timeout(WRITTEN)
    written = settings(tab.page)
    assert written.keys() == {"view", "cell", "cells"}
    # Of which classes it is a cell is written, too.
    assert re.fullmatch(f"confusion:2-3-{samples[1]}~[0-9a-f]{{8}}", written["cell"])
    assert (written["view"], written["cells"]) == ("confusion", "share")
    other = ConfusionTab(open_tab("about:blank"))
    other.page.goto(tab.page.url)
    other.card()
    expect(other.title("first")).to_have_text("cat → dog")
    assert other.listed("first") == samples
    chosen = other.detail("first").locator("[aria-pressed='true']")
    expect(chosen).to_have_attribute("data-sample", str(samples[1]))
    line = other.detail("first").locator("[data-testid='sample-line']")
    expect(line).to_contain_text(f"sample {samples[1]} · true cat · predicted dog")
    expect(other.cell("first", 2, 3)).to_have_text(
        percent(record.counts[2, 3] / record.counts[2].sum())
    )


def test_a_kept_cell_is_let_go_of_by_escape_a_click_and_its_button(tab: ConfusionTab) -> None:
    kept = tab.run("first").locator("[data-testid='unpin']")
    cell = tab.cell("first", *PAIR)
    cell.click()
    # While the pointer rests on the cell, and when it has left.
    expect(kept).to_be_visible()
    tab.page.mouse.move(5, 5)
    expect(kept).to_be_visible()
    tab.page.keyboard.press("Escape")
    expect(kept).to_have_count(0)
    cell.click()
    cell.click()
    tab.page.mouse.move(5, 5)
    expect(kept).to_have_count(0)
    cell.click()
    tab.page.mouse.move(5, 5)
    kept.click()
    expect(cell).not_to_have_attribute("aria-selected", "true")


def test_the_worst_mistakes_come_first_and_lead_to_their_cells(
    tab: ConfusionTab, log: Path
) -> None:
    record = read_confusion(log, "first", LAST)
    pictures = read_pictures(log, "first")
    shown = tab.listed("first", "mistake")
    assert shown == [mistake.index for mistake in record.mistakes][: len(shown)]
    assert len(shown) >= 8
    worst = record.mistakes[0]
    mistake = tab.run("first").locator(f"[data-testid='mistake'][data-sample='{worst.index}']")
    true, predicted = (CLASSES[place] for place in worst.cell)
    expect(mistake).to_have_attribute(
        "title",
        f"sample {worst.index} · true {true} · predicted {predicted} · "
        f"{percent(worst.confidence)} %",
    )
    canvas = tab.picture(mistake, worst.index)
    assert_is_picture(canvas, pictures[record.addresses[worst.index]])
    mistake.click()
    expect(tab.title("first")).to_have_text(f"{true} → {predicted}")
    expect(mistake).to_have_attribute("aria-pressed", "true")
    expect(tab.cell("first", *worst.cell)).to_have_attribute("aria-selected", "true")
    more = tab.run("first").locator("[data-testid='all-mistakes']")
    expect(more).to_have_text(f"show all {len(record.mistakes)} samples")
    # In the narrowest column, too, their order is said whole.
    tab.page.set_viewport_size({"width": 900, "height": 700})
    words = tab.run("first").locator("[data-testid='mistakes'] .facts")
    expect(words).to_have_text("most confident first")
    assert words.evaluate("words => words.scrollWidth <= words.clientWidth")
    more.click()
    assert tab.listed("first", "mistake") == [each.index for each in record.mistakes]


def test_the_most_confused_pairs_are_listed_and_lead_to_their_cells(
    tab: ConfusionTab, log: Path
) -> None:
    counts = read_confusion(log, "second", 2).counts.copy()
    for i in range(10):
        counts[i, i] = 0
    pairs = tab.run("second").locator("[data-testid='pair']")
    texts = [text.split("\n") for text in pairs.all_inner_texts()]
    more = tab.run("second").locator("[data-testid='pairs'] .link")
    expect(more).to_have_text(f"show 40 of {(counts != 0).sum()} pairs")
    most = sorted(counts.reshape(-1).tolist(), reverse=True)
    assert [int(text[1]) for text in texts] == most[: len(texts)]
    row, column = divmod(int(counts.argmax()), 10)
    assert texts[0][0] == f"{CLASSES[row]} → {CLASSES[column]}"
    pairs.first.click()
    expect(tab.cell("first", row, column)).to_have_attribute("aria-selected", "true")


def test_every_cell_shows_its_most_confident_sample(tab: ConfusionTab, log: Path) -> None:
    tab.press("cells", "samples")
    record = read_confusion(log, "first", LAST)
    pictures = read_pictures(log, "first")
    matrix = tab.run("first").locator("[data-testid='confusion-matrix']")
    expect(matrix.locator("canvas")).to_have_count(len(record.cell_samples))
    for cell in list(record.cell_samples)[::9]:
        sample = record.cell_samples[cell][0].index
        canvas = tab.picture(tab.cell("first", *cell), sample)
        assert_is_picture(canvas, pictures[record.addresses[sample]])


@pytest.mark.parametrize(
    ("show", "references"),
    [("change-since-start", (0, 0)), ("change-since-previous", (2, 1))],
)
def test_changes_are_differences_with_their_signs(
    show: str, references: tuple[int, int], tab: ConfusionTab, log: Path
) -> None:
    tab.by_id("show").select_option(show)
    expect(tab.by_id("change")).to_have_text(f"change since epoch {references[0]}")
    tab.card()
    for run, step, reference in zip(RUNS, (3, 2), references, strict=True):
        now, before = (read_confusion(log, run, at).counts for at in (step, reference))
        changes = (now - before).tolist()
        wanted = [[signed(c, str(abs(c))) if c else "·" for c in row] for row in changes]
        assert tab.texts(run, len(CLASSES)) == wanted
        recalls = [counts.diagonal() / counts.sum(axis=1).astype(float) for counts in (now, before)]
        points = [signed(c, f"{abs(c):.1f}") for c in (100 * (recalls[0] - recalls[1])).tolist()]
        assert tab.run(run).locator("[data-testid='recall']").all_inner_texts() == points
    # A sign of the number is a hue of the cell.
    colour = "cell => getComputedStyle(cell).backgroundColor.match(/\\d+/g).map(Number)"
    red, _, blue = tab.cell("first", 0, 0).evaluate(colour)[:3]
    assert red > blue, "the diagonal has won"


def test_classes_are_sorted_alike_in_every_run(tab: ConfusionTab, log: Path) -> None:
    tab.by_id("class-sort").select_option("recall")
    counts = read_confusion(log, "first", LAST).counts
    recalls = counts.diagonal() / counts.sum(axis=1)
    order = sorted(range(10), key=lambda index: recalls[index])
    for run in RUNS:
        names = tab.run(run).locator("[role='rowheader'].name").all_inner_texts()
        assert names == [CLASSES[index] for index in order]


def test_keys_move_from_cell_to_cell_and_keep_one(tab: ConfusionTab, log: Path) -> None:
    step = tab.by_id("step-number").input_value()
    tab.cell("first", 0, 0).focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft"):
        tab.page.keyboard.press(key)
    expect(tab.title("first")).to_have_text("cat → bee")
    expect(tab.cell("first", 2, 1)).to_be_focused()
    tab.page.keyboard.press("End")
    expect(tab.title("second")).to_have_text("cat → jay")
    tab.page.keyboard.press("Shift+Home")
    expect(tab.title("second")).to_have_text("cat → ant")
    # The next cell with samples below.
    counts = read_confusion(log, "first", LAST).counts
    row = next(row for row in range(3, 10) if counts[row, 0])
    tab.page.keyboard.press("Shift+ArrowDown")
    expect(tab.title("first")).to_have_text(f"{CLASSES[row]} → ant")
    tab.page.keyboard.press("Enter")
    expect(tab.cell("first", row, 0)).to_have_attribute("aria-selected", "true")
    # The timeline has stayed where it was: arrows are the matrix's own.
    assert tab.by_id("step-number").input_value() == step
    tab.page.keyboard.press("Escape")
    expect(tab.cell("first", row, 0)).not_to_have_attribute("aria-selected", "true")


def test_looking_around_moves_nothing(tab: ConfusionTab) -> None:
    places = """() => {
      const area = document.querySelector("nnviz-app").renderRoot.querySelector("nnviz-main-area");
      const card = area.renderRoot.querySelector("nnviz-deferred-panel")
        .renderRoot.querySelector("nnviz-confusion-card");
      return [...card.renderRoot.querySelectorAll(".mistakes, .pairs, .cells, .run")]
        .map((part) => part.getBoundingClientRect()).map(({ y, height }) => [y, height]);
    }"""
    before = tab.evaluate(places)
    assert len(before) == 8
    for cell in ((0, 0), (0, 1), (9, 1), PAIR):
        tab.cell("first", *cell).hover()
        expect(tab.title("first")).to_have_text(f"{CLASSES[cell[0]]} → {CLASSES[cell[1]]}")
        assert tab.evaluate(places) == before


def test_a_sample_of_the_panel_leads_to_its_activations_and_attributions(
    tab: ConfusionTab, log: Path
) -> None:
    record = read_confusion(log, "first", LAST)
    chosen, cell = next(
        (sample.index, cell)
        for cell, samples in record.cell_samples.items()
        for sample in samples
        if sample.index in IN_PANEL
    )
    place = IN_PANEL.index(chosen)
    link = state_hash(cell=f"confusion:{cell[0]}-{cell[1]}-{chosen}")
    url = tab.page.url.split("#")[0]
    tab.page.goto("about:blank")
    tab.page.goto(f"{url}#nnviz{VIEW}{link}")
    tab.card()
    links = tab.detail("first").locator("[data-testid='to-view']")
    expect(links).to_have_text(["activations", "attributions"])
    # The other run has none of these views.
    expect(tab.detail("second").locator("[data-testid='to-view']")).to_have_count(0)
    links.first.click()
    tab.wait_until_painted("first", "activations/conv2d", LAST)
    expect(tab.panel("samples").locator(".outline.pinned")).to_be_visible()
    tab.page.wait_for_timeout(WRITTEN)
    assert settings(tab.page)["sample"] == str(place)
    tab.open_state(view="confusion", cell=f"confusion:{cell[0]}-{cell[1]}-{chosen}")
    tab.card()
    tab.detail("first").locator("[data-testid='to-view'][data-view='attributions']").click()
    row = tab.frame.locator(f"[data-testid='attribution-row'][data-sample='{place}']")
    expect(row).to_be_in_viewport()


def test_a_sample_that_is_not_in_the_panel_says_what_would_explain_it(
    tab: ConfusionTab, log: Path
) -> None:
    record = read_confusion(log, "first", LAST)
    other = next(each.index for each in record.mistakes if each.index not in IN_PANEL)
    tab.run("first").locator(f"[data-testid='mistake'][data-sample='{other}']").hover()
    words = tab.detail("first").locator("[data-testid='not-in-panel']")
    expect(words).to_have_text('not in the panel: NNViz(samples="mistakes") explains mistakes')


def test_a_link_opens_with_the_lists_that_were_shown_in_full(tab: ConfusionTab, log: Path) -> None:
    count = len(read_confusion(log, "first", LAST).mistakes)
    lists = [tab.run(run).locator("[data-testid='all-mistakes']") for run in ("first", "second")]
    lists[0].click()
    tab.page.wait_for_url(re.compile("unfolded="))
    tab.page.reload()
    expect(lists[0]).to_have_attribute("aria-expanded", "true")
    expect(lists[1]).to_have_attribute("aria-expanded", "false")
    assert len(tab.listed("first", "mistake")) == count
