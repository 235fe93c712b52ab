"""Exports from the screen: the files hold what the screen shows and what the log holds."""

from __future__ import annotations

import itertools
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Download, Request, expect

from tb_nnviz import LogReader
from tb_nnviz.records import Confusion
from tests.end_to_end import attribution_logs, confusion_logs, export_logs, graph_logs, layer_logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.expected import read_histogram, read_tiles
from tests.end_to_end.exports import (
    choose,
    close_dialog,
    export,
    find_tiles,
    open_dialog,
    read_csv,
    read_frames,
    read_picture,
    save,
)
from tests.end_to_end.tab import Tab, painted_tiles, state_hash
from tests.end_to_end.test_accessibility import serious_violations
from tests.end_to_end.workbench import WORKBENCH_STEPS

pytestmark = pytest.mark.browser

KERNEL, CONV, TABLE = "weights/hidden/kernel", "weights/conv/kernel", "weights/counts/table"
RUNS = tuple(WORKBENCH_STEPS)
THEMES = {"light": "", "dark": "?darkMode=true"}
PAGES = {"light": (255, 255, 255), "dark": (42, 44, 48)}


@pytest.fixture(scope="module")
def shared_tab(open_shared_tab: OpenTab, serve: Serve, workbench: Path) -> Tab:
    return Tab(open_shared_tab(serve(workbench)))


@pytest.fixture
def tab(shared_tab: Tab) -> Tab:
    shared_tab.open_state(layers="hidden/kernel")
    for run in RUNS:
        shared_tab.wait_until_painted(run, KERNEL, 5)
    return shared_tab


@pytest.mark.parametrize("loader", ["true", "false"])
@pytest.mark.parametrize("theme", THEMES)
def test_a_png_has_the_tiles_of_the_screen_at_a_whole_zoom_run_beside_run(
    theme: str, loader: str, open_tab: OpenTab, serve: Serve, workbench: Path, tmp_path: Path
) -> None:
    url = serve(workbench, f"--load_fast={loader}")
    state = state_hash(layers="conv/kernel")
    tab = Tab(open_tab(url, query=THEMES[theme], state=state))
    canvases = [tab.wait_until_painted(run, CONV, 5) for run in RUNS]
    path = export(tab, tmp_path, CONV, factor="2")
    assert path.name == "weights_conv_kernel_2_runs_epoch_5.png"
    picture = read_picture(path)
    assert tuple(picture[0, 0]) == PAGES[theme]
    first, second = (find_tiles(picture, painted_tiles(canvas)) for canvas in canvases)
    # Twice as large as a whole zoom.
    assert {side % 2 for *_, side in first} == {0}
    # The same tile at the same height, the second run to the right of all of the first.
    assert [top for top, *_ in first] == [top for top, *_ in second]
    assert max(left for _, left, _ in first) < min(left for _, left, _ in second)
    single = read_picture(export(tab, tmp_path, CONV, factor="1"))
    assert picture.shape[:2] == tuple(2 * side for side in single.shape[:2])


def test_a_png_follows_what_is_shown_its_order_and_its_scale(tab: Tab, tmp_path: Path) -> None:
    tab.open_state(
        layers="hidden/kernel", show="change-since-start", sort="change", scale="per-run", at="1;3"
    )
    canvas = tab.wait_until_painted("first", KERNEL, 3)
    expect(canvas).to_have_attribute("data-show", "change-since-start")
    path = export(tab, tmp_path, KERNEL)
    assert path.name == "weights_hidden_kernel_change_since_start_2_runs_epoch_3.png"
    # Dead units are alike: those that have moved stand in the order of the screen.
    tiles = painted_tiles(canvas)[:20]
    places = find_tiles(read_picture(path), tiles)
    assert [place[:2] for place in places] == sorted(place[:2] for place in places)


def test_several_steps_and_panels_are_pictures_in_a_zip(tab: Tab, tmp_path: Path) -> None:
    open_dialog(tab, KERNEL)
    choose(tab, scope="panel", format="png", steps="all")
    name = "weights_hidden_kernel_2_runs_epoch_0-5.zip"
    expect(tab.by_id("export-name")).to_have_text(name)
    path = save(tab, tmp_path)
    close_dialog(tab)
    assert path.name == name
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    # The panel has records at these points only.
    assert names == [f"hidden_kernel_epoch_{step}.png" for step in WORKBENCH_STEPS["first"]]


def test_a_gif_has_a_frame_for_each_step_at_the_speed_of_the_player(
    tab: Tab, tmp_path: Path
) -> None:
    tab.by_id("speed").select_option("2")
    path = export(tab, tmp_path, KERNEL, format="gif", steps="all", factor="1")
    frames, durations = read_frames(path)
    assert len(frames) == len(WORKBENCH_STEPS["first"])
    # Twice as fast as four a second, in hundredths; the last one stays five times as long.
    assert durations == [130, 130, 130, 130, 130, 630]
    for before, after in itertools.pairwise(frames):
        assert before.shape == after.shape
        assert (before != after).any()
    # What is drawn is the step's own: at most a few levels off, for a palette has 256 colours.
    tab.go_to_step_index(2)
    tab.wait_until_painted("first", KERNEL, 2)
    still = read_picture(export(tab, tmp_path, KERNEL, format="png", factor="1"))
    differences = [np.abs(frame.astype(int) - still).mean() for frame in frames]
    assert int(np.argmin(differences)) == 2
    assert differences[2] < 1
    assert np.abs(frames[2].astype(int) - still).max() <= 24


def common_colours(picture: Any) -> dict[tuple[int, int, int], int]:
    """Of more pixels than letters have: each with the number of its pixels."""
    found, counts = np.unique(picture.reshape(-1, 3), axis=0, return_counts=True)
    pairs = zip(found.tolist(), counts.tolist(), strict=True)
    return {tuple(colour): count for colour, count in pairs if count >= 150}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("show", ["change-since-start", "change-since-previous"])
def test_a_gif_of_changes_has_the_colours_of_its_pngs_though_its_first_frame_is_empty(
    show: str,
    theme: str,
    reopen_tab: OpenTab,
    serve: Serve,
    make_log: MakeLog,
    tmp_path: Path,
) -> None:
    tab = Tab(
        reopen_tab(
            serve(make_log(confusion_logs.write_confusion)),
            query=THEMES[theme],
            state=state_hash(view="confusion", show=show),
        )
    )
    path = export(tab, tmp_path, "confusion", format="gif", steps="all", factor="1")
    frames, _ = read_frames(path)
    assert len(frames) == len(confusion_logs.STEPS)
    tab.go_to_step_index(2)
    still = read_picture(export(tab, tmp_path, "confusion", format="png", factor="1"))
    wanted = common_colours(still)
    assert len(wanted) > 20
    frame = frames[2].reshape(-1, 3).astype(int)
    for colour, count in wanted.items():
        # As for grids: at most a few levels off.
        near = np.abs(frame - colour).max(axis=1) <= 8
        assert near.sum() >= 0.9 * count, f"{colour} of {count} pixels is on {near.sum()}"


def test_animations_of_a_view_have_one_frame_of_what_is_logged_once(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog, tmp_path: Path
) -> None:
    url = serve(make_log(layer_logs.write_layers))
    tab = Tab(reopen_tab(url, state=state_hash(view="activations", layers="samples|conv2d_1$")))
    open_dialog(tab, "activations/conv2d_1")
    choose(tab, scope="view", format="gif", steps="all", factor="1")
    path = save(tab, tmp_path)
    close_dialog(tab)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
        frames = {name: len(read_frames(tmp_path / name)[0]) for name in archive.namelist()}
    steps = len(layer_logs.STEPS)
    names = ("conv2d_1.gif", "conv2d_1_pre_activation.gif")
    assert frames == {"samples.gif": 1, **dict.fromkeys(names, steps)}


def test_a_scale_over_all_steps_is_the_same_in_every_frame(tab: Tab, tmp_path: Path) -> None:
    def legends(scale: str) -> list[Any]:
        tab.open_state(layers="conv/kernel", scale=scale)
        tab.wait_until_painted("first", CONV, 5)
        path = export(tab, tmp_path, CONV, format="gif", steps="all", factor="1")
        frames, _ = read_frames(path)
        # The scale stands at the right of the first lines.
        return [frame[:60, frame.shape[1] // 2 :] for frame in frames]

    fixed = legends("fixed")
    assert all(np.array_equal(fixed[0], frame) for frame in fixed)
    shared = legends("shared")
    assert not all(np.array_equal(shared[0], frame) for frame in shared)


def test_a_range_of_steps_is_what_it_says(tab: Tab, tmp_path: Path) -> None:
    open_dialog(tab, KERNEL)
    choose(tab, format="gif", steps="range")
    tab.by_id("export-from").select_option("1")
    tab.by_id("export-to").select_option("3")
    expect(tab.by_id("export-name")).to_have_text("weights_hidden_kernel_2_runs_epoch_1-3.gif")
    expect(tab.by_id("export-size")).to_contain_text("3 frames")
    frames, _ = read_frames(save(tab, tmp_path))
    assert len(frames) == 3
    close_dialog(tab)


def test_an_npz_holds_what_the_log_holds_to_the_last_bit(
    tab: Tab, workbench: Path, tmp_path: Path
) -> None:
    path = export(tab, tmp_path, KERNEL, format="npz", steps="all")
    with np.load(path) as arrays:
        for run, steps in WORKBENCH_STEPS.items():
            prefix = f"{run}/{KERNEL}"
            assert arrays[f"{prefix}/steps"].tolist() == list(steps)
            assert arrays[f"{prefix}/axes"].tolist() == ["step", "unit", "height", "width"]
            assert str(arrays[f"{prefix}/run"]) == run
            assert str(arrays[f"{prefix}/show"]) == "value"
            values = arrays[f"{prefix}/values"]
            assert values.dtype == np.float32
            for row, step in zip(values, steps, strict=True):
                assert np.array_equal(row, read_tiles(workbench, run, KERNEL, step).values)
            record = read_tiles(workbench, run, KERNEL, steps[-1])
            for name, numbers in record.statistics.items():
                assert np.array_equal(arrays[f"{prefix}/statistics_{name}"][-1], numbers)


def test_an_npz_of_a_view_holds_every_panel_and_labels(
    tab: Tab, workbench: Path, tmp_path: Path
) -> None:
    tab.open_state()
    tab.wait_until_painted("first", KERNEL, 5)
    path = export(tab, tmp_path, KERNEL, format="npz", scope="view", steps="this")
    tags = [tag for tag in LogReader(workbench).tags("first") if tag.startswith("weights/")]
    assert len(tags) == 7
    with np.load(path) as arrays:
        for run in RUNS:
            for tag in tags:
                wanted = read_tiles(workbench, run, tag, 5).values
                assert np.array_equal(arrays[f"{run}/{tag}/values"], wanted)
        labels = arrays["first/weights/mixer/kernel/labels_gate"]
        assert labels.tolist() == ["input", "forget", "cell", "output"]


def test_a_csv_has_a_line_for_every_value(tab: Tab, workbench: Path, tmp_path: Path) -> None:
    tab.open_state(layers="counts/table")
    tab.wait_until_painted("first", TABLE, 5)
    columns = read_csv(export(tab, tmp_path, TABLE, format="csv", steps="all"))
    axes = ["unit", "height", "width"]
    assert list(columns) == ["run", "tag", "step", "epoch", "show", "since", *axes, "value"]
    assert {*columns["show"], *columns["since"]} == {"value", ""}
    for run, steps in WORKBENCH_STEPS.items():
        for step in steps:
            rows = (columns["run"] == run) & (columns["step"] == str(step))
            values = columns["value"][rows].astype(np.float32).reshape(5, 10, 10)
            assert np.array_equal(values, read_tiles(workbench, run, TABLE, step).values)
    assert set(columns["tag"]) == {TABLE}
    assert columns["width"][:12].tolist() == [str(place) for place in (*range(10), 0, 1)]


@pytest.mark.parametrize(
    ("state", "name", "since"),
    [
        (
            {"show": "change-since-previous"},
            "change_since_the_previous_step",
            {"first": ("first", 1), "second": ("second", 1)},
        ),
        (
            {"show": "difference", "pinned_run": "first/nnviz"},
            "difference_to_first",
            {"first": ("first", 2), "second": ("first", 2)},
        ),
        (
            {"show": "difference", "pinned_run": "first/nnviz", "pinned_point": "1;1"},
            "difference_to_first_at_epoch_1",
            {"first": ("first", 1), "second": ("first", 1)},
        ),
    ],
)
def test_numbers_say_what_a_change_is_taken_from(
    tab: Tab,
    workbench: Path,
    tmp_path: Path,
    state: dict[str, str],
    name: str,
    since: dict[str, tuple[str, int]],
) -> None:
    tab.open_state(layers="counts/table", at="1;2", **state)
    for run in RUNS:
        tab.wait_until_painted(run, TABLE, 2)
    path = export(tab, tmp_path, TABLE, format="npz", steps="this")
    assert path.name == f"weights_counts_table_{name}_2_runs_epoch_2.npz"
    columns = read_csv(export(tab, tmp_path, TABLE, format="csv", steps="this"))
    assert set(columns["show"]) == {state["show"]}
    with np.load(path) as arrays:
        for run, (reference, step) in since.items():
            prefix = f"{run}/{TABLE}"
            assert str(arrays[f"{prefix}/show"]) == state["show"]
            assert arrays[f"{prefix}/reference_run"].tolist() == [reference]
            assert arrays[f"{prefix}/reference_step"].tolist() == [step]
            now, before = (
                read_tiles(workbench, *each).values.astype(np.float64)
                for each in ((run, TABLE, 2), (reference, TABLE, step))
            )
            assert np.array_equal(arrays[f"{prefix}/values"], (now - before).astype(np.float32))
            rows = columns["run"] == run
            text = str(step) if reference == run else f"{reference} at step {step}"
            assert set(columns["since"][rows]) == {text}


def test_histograms_are_exported_as_pictures_bins_and_arrays(
    tab: Tab, workbench: Path, tmp_path: Path
) -> None:
    tag = "histograms/hidden/kernel"
    tab.open_state(view="histograms", layers="hidden/kernel")
    expect(tab.by_id("histogram-curve").first).to_be_visible()
    picture = read_picture(export(tab, tmp_path, tag, format="png", factor="1"))
    # The colours of both runs are drawn.
    for colour in ((0, 119, 187), (255, 112, 67)):
        assert (np.abs(picture.astype(int) - colour).sum(axis=-1) < 12).sum() > 50
    columns = read_csv(export(tab, tmp_path, tag, format="csv", steps="this"))
    for run in RUNS:
        record = read_histogram(workbench, run, tag, 29)
        rows = columns["run"] == run
        assert np.array_equal(columns["count"][rows].astype(int), record.counts)
        edges = [float(text) for text in columns["low"][rows]] + [float(columns["high"][rows][-1])]
        assert np.array_equal(edges, record.edges)
    path = export(tab, tmp_path, tag, format="npz", steps="all")
    with np.load(path) as arrays:
        counts = arrays[f"first/{tag}/counts"]
        totals = [read_histogram(workbench, "first", tag, step).counts.sum() for step in range(30)]
        assert counts.sum(axis=1).tolist() == totals
        assert len(arrays[f"first/{tag}/edges"]) == counts.shape[1] + 1


def test_confusions_are_exported_as_pictures_lines_and_matrices(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog, tmp_path: Path
) -> None:
    log = make_log(confusion_logs.write_confusion)
    tab = Tab(open_tab(serve(log), state=state_hash(view="confusion")))
    tag = confusion_logs.TAG
    expect(tab.by_id("confusion-matrix").first).to_be_visible()
    picture = read_picture(export(tab, tmp_path, tag, factor="1"))
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 20
    reader = LogReader(log)
    # A run without the shown step shows its nearest earlier one.
    last = {run: reader.steps(run, tag)[-1] for run in confusion_logs.RUNS}
    assert len(set(last.values())) > 1
    records = {run: reader.read(run, tag, step) for run, step in last.items()}
    columns = read_csv(export(tab, tmp_path, tag, format="csv", steps="this"))
    path = export(tab, tmp_path, tag, format="npz", steps="this")
    with np.load(path) as arrays:
        for run, record in records.items():
            assert isinstance(record, Confusion)
            rows = columns["run"] == run
            assert np.array_equal(columns["count"][rows].astype(int), record.counts.reshape(-1))
            assert columns["true"][rows][:10].tolist() == [confusion_logs.CLASSES[0]] * 10
            assert columns["predicted"][rows][:10].tolist() == list(confusion_logs.CLASSES)
            assert np.array_equal(arrays[f"{run}/{tag}/counts"], record.counts)
            names = arrays[f"{run}/{tag}/class_names"].tolist()
            assert names == list(confusion_logs.CLASSES)


@pytest.mark.parametrize(("run", "runs"), [("first", "2_runs"), ("others", "others")])
def test_of_a_tile_of_attributions_the_card_of_its_run_is_exported(
    run: str, runs: str, open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    log = make_log(attribution_logs.write_attributions)
    link = state_hash(
        view="attributions",
        tile=f"{attribution_logs.MAPS}:1",
        open="1",
        tile_run=f"{run}/nnviz",
    )
    tab = Tab(open_tab(serve(log), state=link))
    expect(tab.by_id("tile-name")).to_contain_text("sample 1")
    tab.page.keyboard.press("e")
    # The name says of which runs it is: those whose samples are the same.
    expect(tab.by_id("export-name")).to_contain_text(f"_{runs}_")


def test_attributions_and_graphs_are_pictures_and_what_a_graph_cannot_be_says_why(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog, tmp_path: Path
) -> None:
    log = make_log(attribution_logs.write_attributions)
    tab = Tab(open_tab(serve(log), state=state_hash(view="attributions")))
    expect(tab.by_id("export").first).to_be_visible()
    slot = tab.by_id("panel").first.get_attribute("data-tag") or ""
    picture = read_picture(export(tab, tmp_path, slot, factor="1"))
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 50
    log = make_log(graph_logs.write_graphs)
    tab = Tab(open_tab(serve(log), state=state_hash(view="graph")))
    expect(tab.by_id("graph").first).to_be_visible()
    tab.by_id("export").first.click()
    reasons = {
        "gif": "A graph is the same at every step: export it as PNG",
        "npz": "A graph has no values: export it as PNG",
        "csv": "A graph has no values: export it as PNG",
    }
    for name, why in reasons.items():
        button = tab.by_id("export-format").locator(f"[data-value='{name}']")
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_attribute("title", why)
        # Pressed in spite of it, nothing happens.
        button.click(force=True)
        expect(button).to_have_attribute("aria-pressed", "false")
    choose(tab, format="png")
    picture = read_picture(save(tab, tmp_path))
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 20


def test_an_animation_can_be_called_off(tab: Tab, tmp_path: Path) -> None:
    tab.open_state()
    tab.wait_until_painted("first", KERNEL, 5)
    downloads: list[str] = []

    def note(download: Download) -> None:
        downloads.append(download.suggested_filename)

    tab.page.on("download", note)
    open_dialog(tab, KERNEL)
    choose(tab, scope="view", format="gif", steps="all", factor="4")
    tab.by_id("export-start").click()
    expect(tab.by_id("export-progress")).to_be_visible()
    tab.by_id("export-cancel").click()
    expect(tab.by_id("export-progress")).to_be_hidden()
    expect(tab.by_id("export-start")).to_be_enabled()
    # What comes next is not disturbed by it.
    choose(tab, scope="panel", format="png", factor="1")
    path = save(tab, tmp_path)
    assert path.suffix == ".png"
    assert downloads == [path.name]
    close_dialog(tab)
    tab.page.remove_listener("download", note)


def test_nothing_is_asked_for_that_is_here(tab: Tab, tmp_path: Path) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/nnviz/records" in request.url:
            asked.append(request.post_data or request.url)

    tab.page.on("request", note)
    export(tab, tmp_path, KERNEL, format="png", steps="this")
    assert asked == []
    export(tab, tmp_path, KERNEL, format="npz", steps="all")
    export(tab, tmp_path, KERNEL, format="npz", steps="all")
    first = list(asked)
    export(tab, tmp_path, KERNEL, format="csv", steps="all")
    assert asked == first
    tab.page.remove_listener("request", note)


def test_keys_open_the_dialog_for_the_panel_in_sight_and_close_it(tab: Tab) -> None:
    tab.frame.locator("body").press("e")
    scope = tab.by_id("export-scope").locator("[data-value='panel']")
    expect(scope).to_have_text("hidden/kernel")
    # Keys of the screen behind it do nothing.
    tab.page.keyboard.press("Home")
    expect(tab.by_id("step-slider")).to_have_value(str(tab.last_step_index()))
    close_dialog(tab)
    button = tab.panel(KERNEL).locator("[data-testid='export']")
    button.focus()
    tab.page.keyboard.press("Enter")
    expect(tab.by_id("export-dialog")).to_be_visible()
    close_dialog(tab)
    expect(button).to_be_focused()


def test_what_cannot_be_read_is_told_in_the_dialog(
    open_tab: OpenTab, serve: Serve, workbench: Path, tmp_path: Path
) -> None:
    state = state_hash(layers="hidden/kernel")
    tab = Tab(open_tab(serve(workbench), expected="Failed to load resource", state=state))
    tab.wait_until_painted("first", KERNEL, 5)
    tab.page.route("**/nnviz/records*", lambda route: route.fulfill(status=500, body="{}"))
    open_dialog(tab, KERNEL)
    choose(tab, format="npz", steps="this")
    tab.by_id("export-start").click()
    expect(tab.by_id("export-error")).to_contain_text("exact values could not be had")
    tab.page.unroute("**/nnviz/records*")
    expect(tab.by_id("export-start")).to_be_enabled()


def test_a_module_that_does_not_come_is_told_and_can_be_asked_for_again(
    open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    state = state_hash(layers="hidden/kernel")
    tab = Tab(open_tab(serve(workbench), expected="Failed to load resource", state=state))
    tab.wait_until_painted("first", KERNEL, 5)
    tab.page.route("**/export_module.js*", lambda route: route.abort())
    tab.panel(KERNEL).locator("[data-testid='export']").click()
    dialog = tab.by_id("export-dialog")
    expect(dialog).to_contain_text("The dialog could not be loaded")
    tab.page.unroute("**/export_module.js*")
    dialog.get_by_role("button", name="Retry").click()
    expect(tab.by_id("export-name")).to_be_visible()


def test_points_within_one_epoch_are_told_apart_in_lists_and_file_names(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog, tmp_path: Path
) -> None:
    log = make_log(export_logs.write_batches)
    tab = Tab(open_tab(serve(log), state=state_hash(axis="epoch")))
    tab.wait_until_painted("fine", KERNEL, export_logs.BATCHES[-1])
    open_dialog(tab, KERNEL)
    choose(tab, format="png", steps="range")
    names = ["epoch 0", "epoch 0.5, batch 501", "epoch 0.5, batch 504", "epoch 1"]
    expect(tab.by_id("export-from").locator("option")).to_have_text(names)
    path = save(tab, tmp_path)
    assert path.name == "weights_hidden_kernel_fine_epoch_0-1.zip"
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [
            "hidden_kernel_epoch_0.png",
            "hidden_kernel_epoch_0.5_batch_501.png",
            "hidden_kernel_epoch_0.5_batch_504.png",
            "hidden_kernel_epoch_1.png",
        ]


def test_a_gif_has_room_for_the_captions_of_all_its_frames_and_nothing_jumps(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog, tmp_path: Path
) -> None:
    log = make_log(export_logs.write_sparse)
    tab = Tab(open_tab(serve(log)))
    expect(tab.panel(export_logs.BIAS)).to_be_visible()
    path = export(tab, tmp_path, export_logs.BIAS, format="gif", steps="all", factor="1")
    frames, _ = read_frames(path)
    assert len(frames) == len(export_logs.EPOCHS)
    # In the middle the captions of three runs say "nearest earlier" besides.
    still = [frame.astype(int) for frame in frames]
    assert (still[0] != still[1]).any()
    dots = [
        [int(np.argwhere(np.abs(frame - colour).sum(axis=-1) < 30)[:, 1].min()) for frame in still]
        for colour in ((0, 119, 187), (255, 112, 67), (51, 187, 238), (0, 153, 136))
    ]
    for places in dots:
        assert len(set(places)) == 1
    assert len({places[0] for places in dots}) == len(dots)
    # As wide as each of its frames needs it, of which the one in the middle is not the last.
    last = read_picture(export(tab, tmp_path, export_logs.BIAS, format="png", factor="1"))
    tab.go_to_step_index(1)
    expect(tab.panel(export_logs.BIAS)).to_contain_text("nearest earlier")
    middle = read_picture(export(tab, tmp_path, export_logs.BIAS, format="png", factor="1"))
    assert last.shape[1] < middle.shape[1] <= still[0].shape[1]


def test_the_pixels_and_the_size_of_pictures_are_said_before_they_are_drawn(
    tab: Tab, tmp_path: Path
) -> None:
    open_dialog(tab, KERNEL)
    choose(tab, scope="panel", format="png", steps="this", factor="2")
    said = re.fullmatch(
        r"([\d,]+) × ([\d,]+) pixels, about (\d+) kB", tab.by_id("export-size").inner_text()
    )
    assert said is not None
    path = save(tab, tmp_path)
    height, width = read_picture(path).shape[:2]
    assert (f"{width:,}", f"{height:,}") == (said[1], said[2])
    assert 0.5 < 1e3 * float(said[3]) / path.stat().st_size < 2
    choose(tab, steps="all")
    expect(tab.by_id("export-size")).to_contain_text(f"{len(WORKBENCH_STEPS['first'])} pictures, ")
    close_dialog(tab)


def test_a_picture_that_no_canvas_holds_is_refused_with_what_mends_it(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog, tmp_path: Path
) -> None:
    log = make_log(export_logs.write_many_runs)
    tab = Tab(open_tab(serve(log)))
    tab.by_id("all-runs").click()
    open_dialog(tab, export_logs.BIAS)
    choose(tab, format="png", factor="4")
    size = tab.by_id("export-size")
    limit = "a browser draws at most 16,384 a side and 268 million in all: choose 2×"
    expect(size).to_contain_text(limit)
    said = re.match(r"hidden/bias at 4× has ([\d,]+) × [\d,]+ pixels, and ", size.inner_text())
    assert said is not None
    width = int(said[1].replace(",", ""))
    assert width > 16_384
    expect(tab.by_id("export-start")).to_be_disabled()
    choose(tab, factor="2")
    # Most of the runs are out of sight, and were taken to be like those in sight.
    assert read_picture(save(tab, tmp_path)).shape[1] == width // 2
    close_dialog(tab)


def test_a_zip_of_pictures_can_be_called_off(tab: Tab) -> None:
    tab.open_state()
    tab.wait_until_painted("first", KERNEL, 5)
    open_dialog(tab, KERNEL)
    choose(tab, scope="view", format="png", steps="all", factor="4")
    tab.by_id("export-start").click()
    expect(tab.by_id("export-progress")).to_have_text(re.compile(r"^[1-9]\d* of \d+$"))
    tab.by_id("export-cancel").click()
    # The picture that is being made is made to its end.
    expect(tab.by_id("export-progress")).to_be_hidden(timeout=30_000)
    expect(tab.by_id("export-error")).to_have_count(0)
    expect(tab.by_id("export-start")).to_be_enabled()
    close_dialog(tab)


def test_differences_that_there_are_none_of_are_refused_in_the_words_of_the_screen(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    log = make_log(export_logs.write_sizes)
    state = state_hash(runs="!narrow/nnviz", show="difference", pinned_run="narrow/nnviz")
    tab = Tab(open_tab(serve(log), state=state))
    why = "No difference: 6×5×9 here, 6×5×8 in narrow."
    expect(tab.panel(KERNEL)).to_contain_text(why)
    open_dialog(tab, KERNEL)
    for name in ("npz", "csv"):
        button = tab.by_id("export-format").locator(f"[data-value='{name}']")
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_attribute("title", why)
    close_dialog(tab)


def test_what_cannot_be_subtracted_is_named_before_and_after_and_the_rest_is_exported(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog, tmp_path: Path
) -> None:
    log = make_log(export_logs.write_sizes)
    state = state_hash(show="difference", pinned_run="narrow/nnviz")
    tab = Tab(open_tab(serve(log), state=state))
    why = "No difference: 6×5×9 here, 6×5×8 in narrow."
    expect(tab.panel(KERNEL)).to_contain_text(why)
    open_dialog(tab, KERNEL)
    choose(tab, scope="view", format="npz", steps="this")
    left_out = tab.by_id("export-left-out")
    expect(left_out.locator("li")).to_have_text([f"Left out: hidden/kernel of wide: {why}"])
    assert serious_violations(tab) == []
    path = save(tab, tmp_path)
    expect(tab.by_id("export-lacking")).to_contain_text(why)
    with np.load(path) as arrays:
        names = {name for name in arrays if name.endswith("/values")}
        assert names == {
            f"narrow/{KERNEL}/values",
            *(f"{run}/{export_logs.BIAS}/values" for run in ("narrow", "wide")),
        }
    # Another choice lacks nothing.
    choose(tab, format="png")
    expect(left_out).to_have_count(0)
    close_dialog(tab)
