"""Confusions of other kinds and in other states: sampled logs, a thousand classes, labels, two
classes, weights; what is missing, what cannot be read; dark, and axe-core."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.confusion_logs import (
    LABELS,
    MANY,
    long_name,
    write_binary,
    write_confusion,
    write_labels,
    write_long_names,
    write_many_classes,
    write_other_classes,
    write_sparse,
    write_steady,
    write_twenty_classes,
    write_two_classes,
    write_unequal_notes,
)
from tests.end_to_end.confusion_tab import VIEW, ConfusionTab, percent, read_confusion
from tests.end_to_end.tab import settings, state_hash
from tests.end_to_end.test_accessibility import THEMES, serious_violations
from tests.end_to_end.test_address import WRITTEN

pytestmark = pytest.mark.browser

# All elements of the card, in every shadow root.
_ELEMENTS = """() => {
  const count = (root) => [...root.querySelectorAll("*")]
    .reduce((sum, each) => sum + 1 + (each.shadowRoot ? count(each.shadowRoot) : 0), 0);
  const area = document.querySelector("nnviz-app").renderRoot.querySelector("nnviz-main-area");
  return count(area.renderRoot);
}"""
# What ends to the right of the run it is in, by what it is and says.
_BEYOND = """(run) => [...run.querySelectorAll(".aside *, .caption *")]
  .filter((each) => !each.closest(".ellipsis, .unseen"))
  .filter((each) => each.getBoundingClientRect().right > run.getBoundingClientRect().right + 1)
  .map((each) => `${each.className} ${each.textContent.trim()}`)"""
# How long the next frame takes after the pointer has moved, at most of several, in milliseconds.
_FRAMES = """async (points) => {
  const area = document.querySelector("nnviz-app").renderRoot.querySelector("nnviz-main-area");
  const card = area.renderRoot.querySelector("nnviz-deferred-panel").renderRoot
    .querySelector("nnviz-confusion-card");
  const map = card.renderRoot.querySelector("nnviz-confusion-map").renderRoot
    .querySelector("[data-testid='confusion-map']");
  const { left, top, width, height } = map.getBoundingClientRect();
  const times = [];
  for (const [x, y] of points) {
    const from = performance.now();
    map.dispatchEvent(new PointerEvent("pointermove",
      { clientX: left + x * width, clientY: top + y * height, bubbles: true, composed: true }));
    await card.updateComplete;
    times.push(performance.now() - from);
    await new Promise(requestAnimationFrame);
  }
  return times.sort((a, b) => a - b);
}"""


def open_log(open_tab: OpenTab, url: str, state: str = "", **options: Any) -> ConfusionTab:
    tab = ConfusionTab(open_tab(url, state=VIEW + state, **options))
    tab.card()
    return tab


@pytest.mark.parametrize("loader", ["true", "false"])
def test_pictures_that_tensorboard_did_not_keep_are_told_and_have_placeholders(
    loader: str, reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(write_sparse), f"--load_fast={loader}", "--samples_per_plugin=nnviz=3")
    # Every sample of every cell is asked for, so that all records of pictures are read.
    tab = open_log(reopen_tab, url, state_hash(cells="samples"))
    chip = tab.by_id("missing-pictures")
    expect(chip).to_contain_text("pictures missing: TensorBoard kept 3 of")
    missing, named = (int(word) for word in chip.inner_text().split(" pictures")[0].split(" of "))
    assert 0 < missing < named
    placeholder = tab.by_id("missing-picture").first
    expect(placeholder).to_have_attribute(
        "title", re.compile("among the records that TensorBoard kept$")
    )
    expect(tab.by_id("pending-picture")).to_have_count(0)
    assert tab.by_id("sample-picture").count() > 0


def test_a_whole_log_lacks_no_picture(reopen_tab: OpenTab, serve: Serve, make_log: MakeLog) -> None:
    tab = open_log(reopen_tab, serve(make_log(write_sparse)), state_hash(cells="samples"))
    expect(tab.by_id("sample-picture").first).to_be_visible()
    expect(tab.by_id("pending-picture")).to_have_count(0)
    expect(tab.by_id("missing-picture")).to_have_count(0)
    expect(tab.by_id("missing-pictures")).to_have_count(0)


@pytest.fixture
def thousand(reopen_tab: OpenTab, serve: Serve, make_log: MakeLog) -> ConfusionTab:
    return open_log(reopen_tab, serve(make_log(write_many_classes)))


def test_a_thousand_classes_are_a_picture_of_few_elements(thousand: ConfusionTab) -> None:
    tab = thousand
    box = tab.by_id("confusion-map")
    expect(box).to_have_attribute("data-rows", str(MANY))
    expect(box.locator("canvas")).to_have_attribute("data-painted", "true")
    # Names as far as there is room, pairs and mistakes; no element a cell or class.
    assert tab.evaluate(_ELEMENTS) < 600
    points = [[0.1 + 0.02 * place, 0.2 + 0.015 * place] for place in range(40)]
    times = tab.evaluate(_FRAMES, points)
    # Pointing is answered within three frames of a screen, on a busy machine too.
    assert times[len(times) // 2] < 50


def test_the_pointer_and_the_keys_find_the_cells_of_a_thousand_classes(
    thousand: ConfusionTab, make_log: MakeLog
) -> None:
    tab = thousand
    record = read_confusion(make_log(write_many_classes), "thousand", 1)
    row, column = record.mistakes[0].cell
    box = tab.by_id("confusion-map")
    bounds = box.bounding_box()
    assert bounds is not None
    x, y = ((place + 0.5) / MANY for place in (column, row))
    tab.page.mouse.move(bounds["x"] + x * bounds["width"], bounds["y"] + y * bounds["height"])
    # A cell is thinner than a pixel: what is found has samples, and is a few cells away at most.
    expect(tab.title("thousand")).to_contain_text(" → ")
    found = [int(text.split(" ")[1]) for text in tab.title("thousand").inner_text().split(" → ")]
    assert record.counts[found[0], found[1]] > 0
    assert max(abs(found[0] - row), abs(found[1] - column)) <= 8
    tab.page.mouse.move(5, 5)
    box.focus()
    tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("ArrowRight")
    expect(tab.title("thousand")).to_have_text("class 1 → class 1")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_timeout(WRITTEN)
    assert settings(tab.page)["cell"].startswith("confusion:1-1~")


def test_a_part_of_a_thousand_classes_is_zoomed_into_and_left_again(
    thousand: ConfusionTab, open_tab: OpenTab
) -> None:
    tab = thousand
    box = tab.by_id("confusion-map")
    drag(tab.page, box, (0.40, 0.40), (0.44, 0.42))
    expect(tab.by_id("crumbs")).to_contain_text("all 1,000 classes")
    top, bottom, left, right = (
        int(number) for number in (box.get_attribute("data-zoom") or "").split("-")
    )
    assert (top, left) == pytest.approx((400, 400), abs=3)
    assert (bottom - top, right - left) == pytest.approx((20, 40), abs=4)
    tab.page.wait_for_timeout(WRITTEN)
    other = ConfusionTab(open_tab("about:blank"))
    other.page.goto(tab.page.url)
    other.card()
    expect(other.by_id("confusion-map")).to_have_attribute(
        "data-zoom", f"{top}-{bottom}-{left}-{right}"
    )
    tab.by_id("zoom-out").click()
    expect(box).not_to_have_attribute("data-zoom", f"{top}-{bottom}-{left}-{right}")
    tab.by_id("zoom-reset").click()
    expect(box).to_have_attribute("data-zoom", "0-1000-0-1000")
    expect(tab.by_id("crumbs")).to_have_count(0)
    # Few enough, and the cells are elements with numbers.
    tab.open_state(view="confusion", zoom="confusion:10-30-10-30")
    expect(tab.by_id("confusion-matrix").locator(".cell")).to_have_count(400)
    names = tab.by_id("confusion-matrix").locator("[role='rowheader'].name")
    assert names.first.inner_text() == "class 10"


def test_zooming_by_keys_keeps_the_focus_on_the_cell(thousand: ConfusionTab) -> None:
    tab = thousand
    tab.open_state(view="confusion", zoom="confusion:100-140-200-240")
    box = tab.by_id("confusion-map")
    expect(box).to_have_attribute("data-rows", "40")
    box.focus()
    for key in ("PageDown", "ArrowRight", "ArrowRight", "+"):
        tab.page.keyboard.press(key)
    # Few enough now, and the map has become a matrix of elements.
    cell = tab.by_id("confusion-matrix").locator(".cell[data-row='110'][data-column='202']")
    expect(cell).to_be_focused()
    expect(tab.title("thousand")).to_have_text("class 110 → class 202")
    tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("-")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("data-rows", "40")
    expect(tab.title("thousand")).to_have_text("class 111 → class 202")


def test_a_part_is_named_by_its_classes_and_told_of_by_a_cell_in_it(
    thousand: ConfusionTab,
) -> None:
    tab = thousand
    drag(tab.page, tab.by_id("confusion-map"), (0.40, 0.40), (0.44, 0.44))
    box = tab.by_id("confusion-map")
    expect(box).not_to_have_attribute("data-zoom", "0-1000-0-1000")
    top, bottom, left, right = map(int, (box.get_attribute("data-zoom") or "").split("-"))
    crumbs = tab.by_id("crumbs")
    expect(crumbs).to_contain_text(f"true class {top} … class {bottom - 1}")
    expect(crumbs).to_contain_text(f"predicted class {left} … class {right - 1}")
    tab.page.mouse.move(0, 0)
    expect(tab.detail("thousand").locator("[data-how='worst']")).to_be_visible()
    row, column = (
        int(name.removeprefix("class ")) for name in tab.title("thousand").inner_text().split(" → ")
    )
    assert top <= row < bottom
    assert left <= column < right


def drag(page: Page, box: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    bounds = box.bounding_box()
    assert bounds is not None
    places = [
        (bounds["x"] + x * bounds["width"], bounds["y"] + y * bounds["height"])
        for x, y in (start, end)
    ]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=5)
    page.mouse.up()


def test_only_classes_with_errors_are_shown_where_asked_for(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = open_log(reopen_tab, serve(make_log(write_twenty_classes)))
    names = tab.by_id("confusion-matrix").locator("[role='rowheader'].name")
    expect(names).to_have_count(20)
    tab.by_id("errors-only").check()
    expect(names).to_have_count(15)
    tab.by_id("class-sort").select_option("support")
    expect(names).to_have_count(15)


def test_weights_are_summed_where_asked_for(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    log = make_log(write_twenty_classes)
    tab = open_log(reopen_tab, serve(log))
    record = read_confusion(log, "weighted", 1)
    assert record.weighted_counts is not None
    cell = tab.cell("weighted", 0, 0)
    expect(cell).to_have_text(str(record.counts[0, 0]))
    tab.by_id("weighted").check()
    expect(cell).to_have_text(f"{record.weighted_counts[0, 0]:g}")
    weighted = np.trace(record.weighted_counts) / record.weighted_counts.sum()
    expect(tab.by_id("accuracy")).to_have_text(f"accuracy {percent(weighted)} %")


def test_labels_are_a_table_whose_counts_are_cells(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    log = make_log(write_labels)
    tab = open_log(reopen_tab, serve(log))
    counts = read_confusion(log, "labels", 1).counts
    rows = tab.by_id("labels").locator("tbody tr")
    for index, name in enumerate(LABELS):
        (tn, fp), (fn, tp) = counts[index].tolist()
        words = rows.nth(index).locator("th, td").all_inner_texts()
        assert [word.strip() for word in words] == [
            name,
            str(tp + fn),
            *(str(count) if count else "·" for count in (tp, fn, fp, tn)),
            percent(tp / (tp + fp)),
            percent(tp / (tp + fn)),
            percent(2 * tp / (2 * tp + fp + fn)),
        ]
    expect(tab.by_id("undecided")).to_have_text("1 undecided label")
    expect(tab.by_id("threshold")).to_have_text("predicted above 0.5")
    record = read_confusion(log, "labels", 1)
    cell = rows.nth(1).locator("[data-testid='label-cell'][data-column='1']")
    cell.hover()
    expect(tab.title("labels")).to_have_text("water: false positives")
    assert tab.listed("labels") == [sample.index for sample in record.cell_samples[1, 0, 1]]
    cell.click()
    tab.page.mouse.move(5, 5)
    expect(cell).to_have_attribute("aria-pressed", "true")


def test_labels_are_sorted_by_a_column(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    log = make_log(write_labels)
    tab = open_log(reopen_tab, serve(log))
    supports = read_confusion(log, "labels", 1).counts[:, 1].sum(axis=1)
    names = tab.by_id("labels").locator("tbody th")
    button = tab.by_id("labels").locator("[data-value='support']")
    button.click()
    order = [LABELS[index] for index in np.argsort(-supports, kind="stable")]
    expect(names).to_have_text(order)
    expect(tab.by_id("labels").locator("[aria-sort='descending']")).to_have_count(1)
    button.click()
    expect(names).to_have_text(order[::-1])
    button.click()
    expect(names).to_have_text(list(LABELS))


def test_two_classes_have_the_scores_of_the_second_and_their_threshold(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    log = make_log(write_binary)
    tab = open_log(reopen_tab, serve(log), state_hash(runs="!labels-only/nnviz"))
    (_, fp), (fn, tp) = read_confusion(log, "churn", 1).counts.tolist()
    for name, score in (
        ("precision", tp / (tp + fp)),
        ("recall", tp / (tp + fn)),
        ("F1", 2 * tp / (2 * tp + fp + fn)),
    ):
        chip = tab.card().locator(f".chip[data-testid='{name}']")
        expect(chip).to_have_text(f"{name} {percent(score)} %")
    expect(tab.by_id("threshold")).to_have_text("leaves above 0.3")


def test_two_classes_of_a_softmax_have_the_scores_of_the_second_and_no_threshold(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    log = make_log(write_two_classes)
    tab = open_log(reopen_tab, serve(log), "")
    (_, fp), (fn, tp) = read_confusion(log, "both", 0).counts.tolist()
    for name, score in (
        ("precision", tp / (tp + fp)),
        ("recall", tp / (tp + fn)),
        ("F1", 2 * tp / (2 * tp + fp + fn)),
    ):
        chip = tab.run("both").locator(f".chip[data-testid='{name}']")
        expect(chip).to_have_text(f"{name} {percent(score)} %")
        expect(chip).to_have_attribute("title", "Of leaves, the second of the two classes")
    expect(tab.by_id("threshold")).to_have_count(0)


def test_outputs_that_are_all_nan_are_no_proof_of_no_mistakes(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = open_log(reopen_tab, serve(make_log(write_two_classes)), "")
    expect(tab.run("undecided").locator("[data-testid='undecided']")).to_have_text("300 undecided")
    expect(tab.detail("undecided")).to_contain_text("no decided samples")
    expect(tab.detail("undecided")).not_to_contain_text("no mistakes")


@pytest.mark.parametrize("width", [1280, 1920])
def test_long_names_are_cut_in_the_middle_and_nothing_leaves_the_card(
    width: int, reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = open_log(reopen_tab, serve(make_log(write_long_names)), "")
    tab.page.set_viewport_size({"width": width, "height": 900})
    name = tab.run("first").locator("[role='rowheader'].name").nth(3)
    expect(name).to_have_text(re.compile(r"^a_class.*….*_3$"))
    expect(name).to_have_attribute("title", f"true {long_name(3)}")
    expect(tab.title("first")).to_have_text(re.compile("….* → .*…"))
    pairs = tab.run("first").locator("[data-testid='pair'] .ellipsis")
    expect(pairs.first).to_have_text(re.compile("….* → .*…"))
    tab.page.wait_for_timeout(300)
    for run in ("first", "second"):
        beyond = tab.run(run).evaluate(_BEYOND)
        assert beyond == []


def test_samples_without_confidences_and_pictures_are_numbers(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    log = make_log(write_binary)
    tab = open_log(reopen_tab, serve(log), state_hash(runs="!churn/nnviz"))
    tab.cell("labels-only", 0, 1).hover()
    samples = read_confusion(log, "labels-only", 1).cell_samples[0, 1]
    texts = tab.detail("labels-only").locator("[data-testid='cell-sample']").all_inner_texts()
    assert [text.strip() for text in texts] == [f"#{sample.index}" for sample in samples]
    expect(tab.detail("labels-only").locator("[data-testid='detail-count']")).not_to_contain_text(
        "confident"
    )


def test_other_classes_have_no_difference_and_no_linked_cells(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(write_other_classes))
    tab = open_log(reopen_tab, url, state_hash(show="change-since-start"))
    expect(tab.run("renamed").locator("[data-testid='refused']")).to_have_text(
        "No difference: Class 3 is “doe” now, and was “dog”."
    )
    expect(tab.run("fewer").locator("[data-testid='refused']")).to_have_count(0)
    expect(tab.run("renamed").locator("[data-testid='other-samples']")).to_be_visible()
    before = tab.title("renamed").inner_text()
    tab.cell("fewer", 2, 1).hover()
    expect(tab.title("fewer")).to_have_text("cat → bee")
    assert tab.title("renamed").inner_text() == before


def test_a_cell_of_other_classes_than_the_first_run_is_its_own(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = open_log(open_tab, serve(make_log(write_other_classes)))
    before = tab.title("fewer").inner_text()
    cell = tab.cell("renamed", 0, 2)
    cell.hover()
    expect(tab.title("renamed")).to_have_text("ant → cat")
    expect(tab.title("fewer")).to_have_text(before)
    cell.click()
    tab.page.mouse.move(5, 5)
    expect(cell).to_have_attribute("aria-selected", "true")
    expect(tab.cell("fewer", 0, 2)).not_to_have_attribute("aria-selected", "true")
    expect(tab.title("fewer")).to_have_text(before)
    tab.page.wait_for_timeout(WRITTEN)
    other = ConfusionTab(open_tab("about:blank"))
    other.page.goto(tab.page.url)
    other.card()
    expect(other.title("renamed")).to_have_text("ant → cat")
    expect(other.title("fewer")).to_have_text(before)
    # Of classes that are not on the screen it is kept, and shown by none.
    other.run_entry("renamed").locator("input[type='checkbox']").click()
    expect(other.run("renamed")).to_have_count(0)
    expect(other.title("fewer")).to_have_text(before)


def test_the_same_confusion_says_that_there_is_no_difference(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = open_log(
        reopen_tab, serve(make_log(write_steady)), state_hash(show="change-since-previous")
    )
    expect(tab.run("steady").locator("[data-testid='confusion-legend']")).to_have_text(
        "no difference"
    )
    assert {text for row in tab.texts("steady", 4) for text in row} == {"·"}
    expect(tab.detail("nothing")).to_contain_text("no samples")
    expect(tab.run("nothing").locator("[data-testid='accuracy-corner']")).to_have_text("–")


def test_records_that_cannot_be_read_are_told_and_asked_for_again(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    # The browser itself writes a line for every failed request.
    page = open_tab("about:blank", expected="503")

    def fail(route: Route) -> None:
        body = json.dumps({"error": {"code": 503, "message": "the disk has gone"}})
        route.fulfill(status=503, body=body, content_type="application/json")

    page.route("**/nnviz/records*", fail)
    page.goto(f"{serve(make_log(write_steady))}#nnviz{VIEW}")
    tab = ConfusionTab(page)
    error = tab.run("steady").locator("[data-testid='error']")
    expect(error).to_contain_text("the disk has gone")
    page.unroute("**/nnviz/records*")
    error.locator("button").click()
    expect(tab.cell("steady", 0, 0)).to_be_visible()


@pytest.mark.parametrize("loader", ["true", "false"])
def test_both_loaders_show_the_same(
    loader: str, reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    log = make_log(write_confusion)
    tab = open_log(reopen_tab, serve(log, f"--load_fast={loader}"))
    counts = read_confusion(log, "first", 3).counts
    expect(tab.cell("first", 5, 5)).to_have_text(str(counts[5, 5]))
    expect(tab.by_id("sample-picture").first).to_be_visible()


def kept(tab: ConfusionTab) -> None:
    tab.cell("first", 3, 4).click()
    expect(tab.by_id("sample-picture").first).to_be_visible()


def in_samples(tab: ConfusionTab) -> None:
    tab.press("cells", "samples")
    expect(tab.cell("first", 0, 0).locator("canvas")).to_be_visible()


def in_changes(tab: ConfusionTab) -> None:
    tab.by_id("show").select_option("change-since-start")
    tab.card()


def zoomed(tab: ConfusionTab) -> None:
    tab.open_state(view="confusion", zoom="confusion:10-30-10-30")
    expect(tab.by_id("confusion-matrix")).to_be_visible()


def as_it_is(tab: ConfusionTab) -> None:
    tab.card()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("write", "states"),
    [
        (write_confusion, (as_it_is, kept, in_samples, in_changes)),
        (write_many_classes, (as_it_is, zoomed)),
        (write_labels, (as_it_is, in_changes)),
        (write_binary, (as_it_is,)),
        (write_other_classes, (in_changes,)),
    ],
)
def test_confusions_have_no_serious_violation(
    write: Callable[[Path], None],
    states: Sequence[Callable[[ConfusionTab], None]],
    theme: str,
    reopen_tab: OpenTab,
    serve: Serve,
    make_log: MakeLog,
) -> None:
    tab = open_log(reopen_tab, serve(make_log(write)), query=THEMES[theme])
    expect(tab.frame.locator("nnviz-app")).to_have_attribute("data-theme", theme)
    for show in states:
        show(tab)
        assert serious_violations(tab) == [], show.__name__


def test_matrices_of_runs_begin_alike_however_much_is_said_above_them(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(write_unequal_notes))
    tab = ConfusionTab(reopen_tab(url, state=state_hash(view="confusion")))
    captions = tab.by_id("confusion-run")
    expect(captions).to_have_count(2)
    expect(tab.frame.locator("nnviz-confusion-matrix")).to_have_count(2)
    heights = captions.evaluate_all("all => all.map((each) => each.clientHeight)")
    assert heights[0] < heights[1]
    first, second = tab.frame.locator("nnviz-confusion-matrix").evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect().top)"
    )
    assert first == second
    below = captions.last.evaluate("caption => caption.getBoundingClientRect().bottom")
    assert below <= second


@pytest.mark.parametrize("show", ["value", "change-since-start"])
@pytest.mark.parametrize("cells", ["counts", "share"])
def test_no_number_in_a_cell_is_cut(
    cells: str, show: str, reopen_tab: OpenTab, serve: Serve, demo_log: Path
) -> None:
    state = state_hash(view="confusion", show=show, cells=cells)
    tab = ConfusionTab(reopen_tab(serve(demo_log), state=state))
    for width in (1300, 1440, 1900):
        tab.page.set_viewport_size({"width": width, "height": 900})
        shown = tab.frame.locator("nnviz-confusion-matrix .cell:not(.zero)")
        expect(shown.nth(99)).to_be_attached()
        found = shown.evaluate_all(
            """all => all.map((each) => {
              const text = document.createRange();
              text.selectNodeContents(each);
              const [inner, outer] = [text, each].map((one) => one.getBoundingClientRect().width);
              return [each.textContent.trim(), inner <= outer];
            })"""
        )
        assert [text for text, fits in found if not fits] == []
        assert any(len(text) > 2 for text, _ in found)
