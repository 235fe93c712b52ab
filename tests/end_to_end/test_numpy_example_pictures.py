"""What the example without Keras shows in the tab, and the pictures of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tb_nnviz import LogReader
from tb_nnviz.export import PictureOptions, export_tag
from tests.conftest import MakeOnce
from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.example_pictures import KEPT, WIDTH, keep_picture, log_example
from tests.end_to_end.explorer_walk import walk_through
from tests.end_to_end.tab import Tab, painted_tiles

pytestmark = pytest.mark.browser

NAME, TAG = "numpy_hidden_units", "weights/hidden"


def test_what_64_units_have_learned_is_seen_and_played(
    open_shared_tab: OpenTab, serve: Serve, make_once: MakeOnce, tmp_path: Path
) -> None:
    logdir = log_example(NAME, make_once).parent
    steps = LogReader(logdir).steps(NAME, TAG)
    viewport = {"width": WIDTH, "height": 900}
    tab = Tab(open_shared_tab(serve(logdir), viewport=viewport))
    tab.open_state(
        view="weights", layers="hidden", show="change-since-start", columns="8", outlines="1"
    )
    canvas = tab.wait_until_painted(NAME, TAG, steps[-1])
    expect(canvas).to_have_attribute("data-tiles", "64")
    assert painted_tiles(canvas).std() > 3
    keep_picture(tab, NAME, tmp_path)
    animation = Path(KEPT or tmp_path) / f"{NAME}.gif"
    options = PictureOptions(show="change-since-start", cell_size=1)
    assert export_tag(logdir, animation, tag=TAG, options=options).steps == tuple(steps)
    # With another loader, all of the screen that the log fills.
    url = serve(logdir, "--load_fast", "false")
    assert walk_through(Tab(open_shared_tab(url, "?darkMode=true"))) == ["weights", "histograms"]
