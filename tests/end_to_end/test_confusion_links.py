"""From a sample of a confusion to the same sample in other views, where runs have panels of other
samples."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Request, expect

from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.confusion_logs import IN_OTHER_PANEL, IN_PANEL, write_other_panels
from tests.end_to_end.confusion_tab import VIEW, ConfusionTab, read_confusion
from tests.end_to_end.test_address import WRITTEN

pytestmark = pytest.mark.browser

MAPS = "attributions/integrated_gradients"
#: By run: the places in the data of the samples in its panel, and the card of its attributions.
PANELS = {
    "first": (IN_PANEL, MAPS),
    "second": (IN_OTHER_PANEL, f"{MAPS}#samples other panel"),
}


@pytest.fixture(scope="module")
def log(make_log: MakeLog) -> Path:
    return make_log(write_other_panels)


def open_at_sample(tab: ConfusionTab, log: Path, run: str) -> int:
    """Shows a late sample of a run's panel, and says where it stands there."""
    places, _ = PANELS[run]
    listed = [
        (sample.index, cell)
        for cell, samples in read_confusion(log, run, 0).cell_samples.items()
        for sample in samples
        if sample.index in places
    ]
    chosen, cell = max(listed)
    tab.open_state(view="confusion", cell=f"confusion:{cell[0]}-{cell[1]}-{chosen}")
    tab.card()
    return places.index(chosen)


@pytest.mark.parametrize("run", PANELS)
def test_a_sample_leads_to_the_attributions_of_its_own_run(
    run: str, open_tab: OpenTab, serve: Serve, log: Path
) -> None:
    tab = ConfusionTab(open_tab(serve(log), state=VIEW))
    sample = open_at_sample(tab, log, run)
    assert sample > 0
    tab.detail(run).locator("[data-testid='to-view'][data-view='attributions']").click()
    row = f"[data-testid='attribution-row'][data-sample='{sample}']"
    expect(tab.panel(PANELS[run][1]).locator(row)).to_be_in_viewport(ratio=0.9)
    expect(tab.frame.locator(".row.sought")).to_have_count(1)
    # Once all panels are there, too.
    tab.page.wait_for_timeout(1500)
    expect(tab.panel(PANELS[run][1]).locator(row)).to_be_in_viewport(ratio=0.9)


def test_looking_around_asks_for_no_record_twice(
    open_tab: OpenTab, serve: Serve, log: Path
) -> None:
    page = open_tab("about:blank")
    asked: list[tuple[str, str]] = []

    def note(request: Request) -> None:
        query = parse_qs(urlsplit(request.url).query)
        asked.extend((part, item) for part in query.get("parts", []) for item in query["item"])

    page.on("request", note)
    page.goto(f"{serve(log)}#nnviz{VIEW}")
    tab = ConfusionTab(page)
    tab.card()
    cells = list(read_confusion(log, "first", 0).cell_samples)
    for _ in range(2):
        for cell in cells[:12]:
            tab.cell("first", *cell).hover()
        for run in PANELS:
            for sample in tab.detail(run).locator("[data-testid='cell-sample']").all()[:3]:
                sample.hover()
                expect(tab.detail(run).locator("[data-testid='sample-line']")).to_be_visible()
            page.mouse.move(5, 5)
    open_at_sample(tab, log, "first")
    tab.detail("first").locator("[data-testid='to-view'][data-view='activations']").click()
    tab.wait_until_painted("first", "samples", 0)
    tab.by_id("view").filter(has_text="Confusion").click()
    tab.card()
    tab.cell("second", *cells[0]).hover()
    samples = [item for part, item in asked if part == "paint" and '"samples"' in item]
    assert len(samples) == len(PANELS)
    assert sorted(asked) == sorted(set(asked))


@pytest.mark.parametrize("run", PANELS)
def test_a_sample_is_outlined_among_the_samples_of_its_own_run_alone(
    run: str, open_tab: OpenTab, serve: Serve, log: Path
) -> None:
    tab = ConfusionTab(open_tab(serve(log), state=VIEW))
    open_at_sample(tab, log, run)
    tab.detail(run).locator("[data-testid='to-view'][data-view='activations']").click()
    for each in PANELS:
        tab.wait_until_painted(each, "samples", 0)
    outlined = tab.panel("samples").locator(".outline.pinned")
    expect(outlined).to_have_count(1)
    canvas = outlined.locator("xpath=preceding-sibling::canvas[@data-testid='grid']")
    expect(canvas).to_have_attribute("data-run", run)
    tab.page.wait_for_timeout(WRITTEN)
    tab.page.reload()
    for each in PANELS:
        tab.wait_until_painted(each, "samples", 0)
    expect(outlined).to_have_count(1)
    expect(canvas).to_have_attribute("data-run", run)
