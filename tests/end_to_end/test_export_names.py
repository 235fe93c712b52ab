"""Names in the export dialog are to be read in full, and say no word twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tb_nnviz.records import build_tile_array
from tests.end_to_end import attribution_logs, confusion_logs, logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.run_writer import UNIT, written_run
from tests.end_to_end.tab import Tab, state_hash

pytestmark = pytest.mark.browser

LONG = "encoder_with_many_words/" * 4 + "query_and_key_projection/kernel"
# Buttons whose words do not fit into them.
_CUT = """dialog => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap(
    (each) => [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])]);
  return all(dialog)
    .filter((each) => each.matches("button, .name, .about"))
    .filter((each) => getComputedStyle(each).display !== "inline")
    .filter((each) => each.scrollWidth > each.clientWidth
      || each.scrollHeight > each.clientHeight + 1)
    .map((each) => each.textContent.trim());
}"""


def _write_long_name(logdir: Path) -> None:
    with written_run(logdir / "run") as writer:
        values = logs.patterns(6, 0, 1, side=10)
        writer.at_epoch({f"weights/{LONG}": build_tile_array(values, UNIT)}, 0)


@pytest.mark.parametrize("theme", ["", "?darkMode=true"])
def test_names_of_panels_are_shown_in_full(
    theme: str, open_tab: OpenTab, serve: Serve, make_log: MakeLog, tmp_path: Path
) -> None:
    places = (
        (attribution_logs.write_attributions, "attributions", "integrated_gradients"),
        (_write_long_name, "weights", LONG),
    )
    for write, view, name in places:
        url = serve(make_log(write))
        tab = Tab(open_tab(url, query=theme, state=state_hash(view=view)))
        tab.by_id("export").first.click()
        expect(tab.by_id("export-name")).to_be_visible()
        scope = tab.by_id("export-scope").locator("[data-value='panel']")
        expect(scope).to_have_text(name)
        dialog = tab.by_id("export-dialog")
        dialog.screenshot(path=tmp_path / f"{view}.png")
        assert dialog.evaluate(_CUT) == []
        assert scope.evaluate("button => getComputedStyle(button).textOverflow") == "clip"


def test_a_file_of_a_tag_that_is_its_view_says_so_once(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    log = make_log(confusion_logs.write_confusion)
    tab = Tab(open_tab(serve(log), state=state_hash(view="confusion")))
    expect(tab.by_id("confusion-matrix").first).to_be_visible()
    tab.by_id("export").first.click()
    path = confusion_logs.TAG.split("/", 1)
    expected = "_".join(["confusion", *path[1:]])
    name = tab.by_id("export-name").inner_text()
    assert name.startswith(f"{expected}_")
    assert "confusion_confusion" not in name
