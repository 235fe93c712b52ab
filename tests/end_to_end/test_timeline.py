"""The timeline: its axis, number box, loop, speed, playing, and following the latest step."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Route, expect

from tb_nnviz.records import Phase, build_tile_array
from tests.end_to_end import logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.expected import read_tiles
from tests.end_to_end.run_writer import UNIT, written_run
from tests.end_to_end.tab import Tab, assert_painted_as_read, shown_range

pytestmark = pytest.mark.browser

KERNEL = "weights/dense/kernel"
LOADERS = ("--load_fast=true", "--load_fast=false")
HIDDEN = "weights/hidden/kernel"


@pytest.fixture(scope="module")
def moments_log(make_log: MakeLog) -> Path:
    return make_log(logs.write_moments)


@pytest.fixture(scope="module")
def shared_tab(open_shared_tab: OpenTab, serve: Serve, moments_log: Path) -> Tab:
    return Tab(open_shared_tab(serve(moments_log)))


@pytest.fixture
def tab(shared_tab: Tab) -> Tab:
    """Runs ``by-epoch``, steps 0 to 4, and ``by-batch``, steps 0, 4, … 40, ten batches an epoch."""
    shared_tab.open_state()
    shared_tab.wait_until_painted("by-epoch", KERNEL, 4)
    shared_tab.wait_until_painted("by-batch", KERNEL, 40)
    return shared_tab


@pytest.mark.parametrize(
    ("axis", "count", "number", "steps", "lacks"),
    [
        # Epochs 0, 0.4, 0.8, 1, 1.2, … 4: at 1, the run by batch shows 0.8.
        ("epoch", 13, "1", {"by-epoch": 1, "by-batch": 8}, "by-batch"),
        # 2.4 epochs: the run by epoch has finished two.
        ("epoch", 13, "2.4", {"by-epoch": 2, "by-batch": 24}, "by-epoch"),
        # Batches 0, 4, 8, 10, 12, … 40.
        ("batch", 13, "24", {"by-epoch": 2, "by-batch": 24}, "by-epoch"),
        ("batch", 13, "20", {"by-epoch": 2, "by-batch": 20}, None),
        # By steps, the run by epoch ends at 4.
        ("step", 14, "4", {"by-epoch": 4, "by-batch": 4}, None),
        ("step", 14, "20", {"by-epoch": 4, "by-batch": 20}, "by-epoch"),
    ],
)
def test_runs_logged_by_epoch_and_by_batch_are_lined_up_on_the_chosen_axis(
    axis: str,
    count: int,
    number: str,
    steps: dict[str, int],
    lacks: str | None,
    tab: Tab,
    moments_log: Path,
    colour_tables: dict[str, Any],
) -> None:
    tab.by_id("time-axis").select_option(axis)
    expect(tab.by_id("step-slider")).to_have_attribute("max", str(count - 1))
    box = tab.by_id("step-number")
    box.fill(number)
    box.press("Enter")
    expect(box).to_have_value(number)
    for run, step in steps.items():
        canvas = tab.wait_until_painted(run, KERNEL, step)
        record = read_tiles(moments_log, run, KERNEL, step)
        assert_painted_as_read(canvas, record, colour_tables, shown_range(canvas))
    marked = tab.panel(KERNEL).locator(".caption", has_text="nearest earlier")
    expect(marked).to_have_count(0 if lacks is None else 1)
    if lacks is not None:
        expect(marked).to_contain_text(lacks)


def test_another_axis_keeps_the_record_that_is_shown(tab: Tab) -> None:
    tab.by_id("step-number").fill("3")
    tab.by_id("step-number").press("Enter")
    tab.wait_until_painted("by-epoch", KERNEL, 3)
    for axis in ("batch", "epoch"):
        tab.by_id("time-axis").select_option(axis)
        expect(tab.by_id("step-number")).to_have_value({"batch": "30", "epoch": "3"}[axis])
        tab.wait_until_painted("by-epoch", KERNEL, 3)


@pytest.mark.parametrize(
    ("typed", "value"), [("2.5", "2.4"), ("99", "4"), ("-1", "0"), ("", "4"), ("x", "4")]
)
def test_a_number_that_is_not_logged_goes_to_the_nearest_earlier_one(
    typed: str, value: str, tab: Tab
) -> None:
    box = tab.by_id("step-number")
    box.fill(typed)
    box.press("Enter")
    expect(box).to_have_value(value)


def test_playing_goes_through_every_point_and_stops_at_the_last(tab: Tab) -> None:
    tab.by_id("speed").select_option("8")
    assert passed_values(tab, presses=1, until="Play") == [str(index) for index in range(13)]


def test_looping_starts_over_until_it_is_paused(tab: Tab) -> None:
    # A point a second, so that a busy machine sees each of them.
    tab.by_id("speed").select_option("0.25")
    loop = tab.by_id("loop")
    loop.click()
    expect(loop).to_have_attribute("aria-pressed", "true")
    tab.go_to_step_index(11)
    tab.by_id("play").click()
    slider = tab.by_id("step-slider")
    for value in ("12", "0", "1"):
        expect(slider).to_have_js_property("value", value)
    tab.by_id("play").click()
    expect(tab.by_id("play")).to_have_attribute("aria-label", "Play")


def hover_point(tab: Tab, index: int) -> Locator:
    """Moves the pointer to a point of the slider; the slider, whose title tells of it."""
    slider = tab.by_id("step-slider")
    box = slider.bounding_box()
    assert box is not None
    # The ends are half a thumb within.
    share = index / int(slider.get_attribute("max") or 1)
    tab.page.mouse.move(box["x"] + 9 + share * (box["width"] - 18), box["y"] + box["height"] / 2)
    return slider


def test_the_point_under_the_pointer_tells_which_runs_have_it(tab: Tab) -> None:
    tab.by_id("time-axis").select_option("epoch")
    earlier = "whose nearest earlier record is shown"
    for index, said in (
        (0, "epoch 0 · in both runs"),
        (1, f"epoch 0.4 · in by-batch; not in by-epoch, {earlier}"),
        (3, f"epoch 1 · in by-epoch; not in by-batch, {earlier}"),
        (12, "epoch 4 · in both runs"),
    ):
        expect(hover_point(tab, index)).to_have_attribute("title", said)
    ticks = tab.frame.locator("nnviz-timeline .ticks i")
    low = ticks.evaluate_all("ticks => ticks.map(tick => tick.classList.contains('low'))")
    # Epochs 0, 2 and 4 are of both; 1 and 3 and what is between of one.
    assert [index for index, is_low in enumerate(low) if not is_low] == [0, 6, 12]
    tab.go_to_step_index(1)
    slider = tab.by_id("step-slider")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("not in by-epoch"))


def test_a_higher_speed_takes_less_time(tab: Tab) -> None:
    seconds = {}
    for speed in ("2", "8"):
        tab.by_id("speed").select_option(speed)
        began = tab.page.evaluate("performance.now()")
        passed_values(tab, presses=1, until="Play")
        seconds[speed] = (tab.page.evaluate("performance.now()") - began) / 1000
    # 12 moves at 8 and at 32 a second: 1.5 s and 0.4 s, and as long again for a busy machine.
    assert seconds["2"] >= 1.5
    assert seconds["8"] < seconds["2"]


def passed_values(tab: Tab, *, presses: int, until: str) -> list[str]:
    """Presses play and lists the slider's values until the button says ``until`` again."""
    slider = tab.by_id("step-slider").element_handle()
    assert slider is not None
    slider.evaluate(
        """slider => {
          const values = window.passedValues = [];
          const look = () => {
            if (values.at(-1) !== slider.value) values.push(slider.value);
            if (window.passedValues === values) setTimeout(look, 4);
          };
          look();
        }"""
    )
    for _ in range(presses):
        tab.by_id("play").click()
    play = tab.by_id("play")
    expect(play).to_have_attribute("aria-label", "Pause")
    expect(play).to_have_attribute("aria-label", until)
    values: list[str] = slider.evaluate(
        "() => { const values = window.passedValues; window.passedValues = null; return values; }"
    )
    # It stood at the last point, from which playing starts over.
    return values[1:] if values[0] == "12" and len(values) > 1 else values


@pytest.mark.parametrize("follows", [True, False])
def test_new_steps_of_a_live_log_are_followed_or_not(
    follows: bool, open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    with written_run(tmp_path / "live") as writer:

        def log(epoch: int) -> None:
            values = logs.patterns(6, epoch, 1, side=10)
            writer.at_epoch({KERNEL: build_tile_array(values, UNIT)}, epoch)
            writer.flush()

        for epoch in range(3):
            log(epoch)
        tab = Tab(open_tab(serve(tmp_path)))
        tab.wait_until_painted("live", KERNEL, 2)
        follow = tab.by_id("follow")
        expect(follow).to_have_attribute("aria-pressed", "true")
        if not follows:
            follow.click()
            expect(follow).to_have_attribute("aria-pressed", "false")
        log(3)
        slider = tab.by_id("step-slider")
        for _ in range(20):
            tab.page.locator("app-header-reload button").click()
            tab.page.wait_for_timeout(300)
            if slider.get_attribute("max") == "3":
                break
        expect(slider).to_have_attribute("max", "3")
        tab.wait_until_painted("live", KERNEL, 3 if follows else 2)
        if not follows:
            follow.click()
            tab.wait_until_painted("live", KERNEL, 3)


MANY = 3000


def write_many_steps(logdir: Path) -> None:
    with written_run(logdir / "long") as writer:
        for step in range(MANY):
            values = np.full((2, 3, 3), step / MANY)
            writer.write({KERNEL: build_tile_array(values, UNIT)}, step=step, batch=step)


@pytest.mark.parametrize("loader", LOADERS)
def test_three_thousand_steps_have_ticks_at_round_distances_and_can_each_be_gone_to(
    loader: str, open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(write_many_steps), loader, "--samples_per_plugin=nnviz=0")
    tab = Tab(open_tab(url))
    slider = tab.by_id("step-slider")
    expect(slider).to_have_attribute("max", str(MANY - 1), timeout=30_000)
    ticks = tab.frame.locator("nnviz-timeline .ticks i")
    expect(ticks).to_have_count(60)
    left, width = ticks.nth(1).evaluate(
        "tick => [parseFloat(tick.style.left) / 100, tick.parentElement.clientWidth]"
    )
    assert left == pytest.approx(50 / (MANY - 1), abs=1e-5)
    # Ticks can be told apart.
    assert left * width >= 4
    box = tab.by_id("step-number")
    for step in (2345, 7, 2998):
        box.fill(str(step))
        box.press("Enter")
        expect(slider).to_have_js_property("value", str(step))
        tab.wait_until_painted("long", KERNEL, step)
    tab.page.keyboard.press("Escape")
    slider.focus()
    tab.page.keyboard.press("ArrowRight")
    tab.wait_until_painted("long", KERNEL, MANY - 1)


@pytest.mark.parametrize("loader", LOADERS)
def test_training_is_followed_without_a_reload_and_everything_stays_where_it_was(
    loader: str, open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    tags = [f"weights/layer_{index}/kernel" for index in range(12)]
    with written_run(tmp_path / "live") as writer:

        def log(epoch: int) -> None:
            values = logs.patterns(24, epoch, 1, side=20)
            writer.at_epoch({tag: build_tile_array(values, UNIT) for tag in tags}, epoch)
            writer.flush()

        for epoch in range(3):
            log(epoch)
        tab = Tab(open_tab(serve(tmp_path, loader)))
        tab.wait_until_painted("live", tags[0], 2)
        expect(tab.by_id("follow")).to_have_attribute("aria-pressed", "true")
        area = tab.frame.locator("nnviz-main-area")
        tab.panel(tags[7]).scroll_into_view_if_needed()
        tab.wait_until_painted("live", tags[7], 2)
        tab.grid("live", tags[7]).click(position={"x": 5, "y": 5}, modifiers=["Shift"])
        pinned = tab.panel(tags[7]).locator(".outline.pinned")
        expect(pinned).to_have_count(1)
        top = area.evaluate("area => area.scrollTop")
        assert top > 0
        log(3)
        expect(tab.by_id("step-slider")).to_have_attribute("max", "3", timeout=40_000)
        tab.wait_until_painted("live", tags[7], 3)
        assert area.evaluate("area => area.scrollTop") == top
        expect(pinned).to_have_count(1)
        expect(tab.by_id("follow")).to_have_attribute("aria-pressed", "true")


_SHOWN_FROM_NOW_ON = """() => {
  const shown = window.shownMoments = [];
  const timeline = document.querySelector("nnviz-app").shadowRoot
    .querySelector("nnviz-timeline").shadowRoot;
  const text = (id) => timeline.querySelector(`[data-testid='${id}']`);
  const look = () => {
    const ticks = timeline.querySelectorAll(".ticks i").length;
    const now = `${ticks} ticks, ${text("step-label").textContent}`;
    if (shown.at(-1) !== now) shown.push(now);
    requestAnimationFrame(look);
  };
  look();
}"""


def test_new_steps_are_shown_once_their_moments_are_known(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    with written_run(tmp_path / "live") as writer:

        def log(epoch: int) -> None:
            values = logs.patterns(6, epoch, 1, side=10)
            phase: Phase = "during" if epoch else "before"
            record = build_tile_array(values, UNIT)
            writer.write({KERNEL: record}, step=2 * epoch, epoch=float(epoch), phase=phase)
            writer.flush()

        for epoch in range(3):
            log(epoch)
        tab = Tab(open_tab(serve(tmp_path)))
        tab.wait_until_painted("live", KERNEL, 4)
        caption = tab.panel(KERNEL).locator(".moment").first
        expect(caption).to_have_text("epoch 2")
        tab.evaluate(_SHOWN_FROM_NOW_ON)
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        tab.page.route("**/nnviz/timeline?*", hold)
        # It is asked for where the index is another one.
        with tab.page.expect_request("**/nnviz/timeline?*", timeout=40_000):
            log(3)
        tab.page.wait_for_timeout(1000)
        expect(tab.grid("live", KERNEL)).to_have_attribute("data-step", "4")
        expect(caption).to_have_text("epoch 2")
        for route in held:
            route.continue_()
        tab.wait_until_painted("live", KERNEL, 6)
        expect(caption).to_have_text("epoch 3")
        shown = tab.evaluate("() => window.shownMoments")
        assert shown == ["3 ticks, epoch 2 of 2", "4 ticks, epoch 3 of 3"]
