"""The browser's history: choices are entries, back and forward restore them, in any host page."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end import logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.tab import Tab, settings, state_hash

pytestmark = pytest.mark.browser

KERNEL = "weights/hidden/kernel"
MIXER = "weights/mixer/kernel"
_TOP = """area => {
  const edge = area.getBoundingClientRect().top;
  const slot = [...area.renderRoot.querySelectorAll("[data-testid='panel']")]
    .find(each => each.getBoundingClientRect().bottom > edge);
  return { tag: slot.dataset.tag, offset: edge - slot.getBoundingClientRect().top };
}"""


def entries(page: Page) -> int:
    """How many the history has."""
    length: int = page.evaluate("history.length")
    return length


def go(page: Page, offset: int) -> None:
    """As the browser's buttons; it may be a frame of the page that goes."""
    page.evaluate("offset => { history.go(offset); }", offset)


def wait_for_settings(page: Page, wanted: dict[str, str]) -> None:
    """Until the address has these keys of ours and no others, but for the place."""
    page.wait_for_function(
        """wanted => {
          const ours = [...new URLSearchParams(location.hash.slice(1))]
            .filter(([key]) => key.startsWith("p.nnviz.") && key !== "p.nnviz.top")
            .map(([key, text]) => [key.slice("p.nnviz.".length), text]);
          return ours.length === Object.keys(wanted).length
            && ours.every(([key, text]) => wanted[key] === text);
        }""",
        arg=wanted,
    )


def test_every_choice_is_one_entry_and_back_and_forward_lead_through_them(
    open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    tab = Tab(open_tab(serve(workbench)))
    tab.wait_until_painted("first", KERNEL, 5)
    steps: list[tuple[Callable[[], object], dict[str, str]]] = [
        (
            lambda: tab.by_id("show").select_option("change-since-start"),
            {"show": "change-since-start"},
        ),
        (lambda: tab.press("scale", "per-run"), {"scale": "per-run"}),
        (
            lambda: tab.run_entry("second").locator("input[type='checkbox']").uncheck(),
            {"runs": "!second/nnviz"},
        ),
        (lambda: tab.by_id("layer-filter").press_sequentially("hid", delay=60), {"layers": "hid"}),
        (lambda: tab.page.keyboard.press("Escape"), {"layers": ""}),
        (lambda: tab.by_id("view").nth(1).click(), {"view": "histograms"}),
        (lambda: tab.press("histogram-height", "density"), {"height": "density"}),
    ]
    begin = entries(tab.page)
    before: dict[str, str] = {}
    passed = [before]
    for act, change in steps:
        act()
        wanted = {key: text for key, text in {**passed[-1], **change}.items() if text != ""}
        wait_for_settings(tab.page, wanted)
        if change != {"layers": ""}:
            passed.append(wanted)
        else:
            # Emptied within the same stay in the field: the same entry.
            passed[-1] = wanted
    assert entries(tab.page) - begin == len(passed) - 1
    for wanted in reversed(passed[:-1]):
        go(tab.page, -1)
        wait_for_settings(tab.page, wanted)
    expect(tab.by_id("show")).to_have_value("value")
    expect(tab.run_entry("second").locator("input[type='checkbox']")).to_be_checked()
    for wanted in passed[1:]:
        go(tab.page, 1)
        wait_for_settings(tab.page, wanted)
    button = tab.by_id("histogram-height").locator("[data-value='density']")
    expect(button).to_have_attribute("aria-pressed", "true")
    assert entries(tab.page) - begin == len(passed) - 1


def test_lists_show_what_holds_also_after_going_back_to_what_was_chosen_by_hand(
    open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    tab = Tab(open_tab(serve(workbench), state=state_hash(layers="mixer")))
    tab.wait_until_painted("first", MIXER, 5)
    speed = tab.by_id("speed")
    gate = tab.panel(MIXER).locator("[data-testid='placement'][data-axis='gate']")
    # Chosen again within 0.3 s, it would be the same choice.
    for number in ("4", "1"):
        speed.select_option(number)
        tab.page.wait_for_timeout(400)
    places = [gate.input_value()]
    for place in ("slider", "columns", "rows"):
        gate.select_option(place)
        expect(gate).to_have_value(place)
        tab.page.wait_for_timeout(400)
        places.append(place)
    for place in reversed(places[:-1]):
        go(tab.page, -1)
        expect(gate).to_have_value(place)
    go(tab.page, -1)
    expect(speed).to_have_value("4")
    go(tab.page, 1)
    expect(speed).to_have_value("1")


@pytest.mark.parametrize("leave", ["a link", "a view"])
def test_what_is_opened_while_one_scrolls_begins_at_its_top(
    leave: str, open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    tab = Tab(open_tab(serve(workbench), state=state_hash(sort="norm")))
    tab.wait_until_painted("first", KERNEL, 5)
    # Within the time after which a place is written down, whatever else the machine does.
    tab.evaluate(
        """async (hash) => {
          const area = document.querySelector("nnviz-app").renderRoot
            .querySelector("nnviz-main-area");
          const scrolled = new Promise((resolve) =>
            area.addEventListener("scroll", resolve, { once: true }));
          area.scrollTop = 1500;
          await scrolled;
          if (hash !== "") window.parent.location.hash = hash;
          else document.body.dispatchEvent(new KeyboardEvent("keydown",
            { key: "2", bubbles: true, composed: true }));
        }""",
        f"nnviz{state_hash(sort='variance')}" if leave == "a link" else "",
    )
    if leave == "a link":
        expect(tab.by_id("sort")).to_have_value("variance")
    else:
        current = tab.frame.locator("[data-testid='view'][aria-current='page']")
        expect(current).to_have_attribute("data-view", "histograms")
    # Long enough for a place to be told late.
    tab.page.wait_for_timeout(500)
    assert tab.frame.locator("nnviz-main-area").evaluate("area => area.scrollTop") == 0


def test_back_restores_the_step_and_the_place_that_were_left(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = Tab(open_tab(serve(make_log(logs.write_deep))))
    tab.wait_until_painted("deep", "weights/stage_0/conv2d_0/kernel", 2)
    area = tab.frame.locator("nnviz-main-area")
    tab.go_to_step_index(0)
    area.evaluate("area => { area.scrollTop = 9000; }")
    tab.page.wait_for_function("location.hash.includes('p.nnviz.top')")
    left, at = area.evaluate(_TOP), settings(tab.page)["at"]
    tab.by_id("layer-filter").fill("stage_1")
    wait_for_settings(tab.page, {"at": at, "layers": "stage_1"})
    tab.go_to_step_index(tab.last_step_index())
    area.evaluate("area => { area.scrollTop = 300; }")
    wait_for_settings(tab.page, {"layers": "stage_1"})
    go(tab.page, -1)
    expect(tab.by_id("step-slider")).to_have_value("0")
    expect(tab.by_id("layer-filter")).to_have_value("")
    expect(tab.panel(left["tag"])).to_be_in_viewport()
    tab.wait_until_quiet()
    after = area.evaluate(_TOP)
    assert after["tag"] == left["tag"]
    assert abs(after["offset"] - left["offset"]) <= 2


def test_back_leads_out_of_the_tab_to_where_one_was(
    open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    tab = Tab(open_tab(serve(workbench)))
    tab.wait_until_painted("first", KERNEL, 5)
    tab.page.evaluate("window.location.hash = 'timeseries'")
    expect(tab.page.locator(".active-plugin-list, mat-tab-group, tb-header").first).to_be_visible()
    tab.page.evaluate("window.location.hash = 'nnviz'")
    tab.wait_until_painted("first", KERNEL, 5)
    begin = entries(tab.page)
    tab.by_id("show").select_option("change-since-start")
    wait_for_settings(tab.page, {"show": "change-since-start"})
    tab.by_id("sort").select_option("norm")
    wait_for_settings(tab.page, {"show": "change-since-start", "sort": "norm"})
    assert entries(tab.page) == begin + 2
    for _ in range(3):
        go(tab.page, -1)
    tab.page.wait_for_function("location.hash.startsWith('#timeseries')")
    # The other tab's address is left alone, also after the time in which ours is written.
    tab.page.wait_for_timeout(700)
    assert settings(tab.page) == {}
    assert tab.page.evaluate("location.hash").startswith("#timeseries")
    go(tab.page, 1)
    tab.wait_until_painted("first", KERNEL, 5)
    expect(tab.by_id("show")).to_have_value("value")


@contextlib.contextmanager
def host_page(html: str) -> Iterator[str]:
    """Serves one page from an origin of its own; its URL."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def frame_of(url: str) -> str:
    return f"<iframe src='{url}data/plugin_entry.html?name=nnviz' width=1500 height=850></iframe>"


def drive_in_a_foreign_host(tab: Tab) -> None:
    """A choice, a move, back and forward, where the host page knows nothing of us."""
    tab.wait_until_painted("first", KERNEL, 5)
    tab.by_id("show").select_option("change-since-start")
    expect(tab.grid("first", KERNEL)).to_have_attribute("data-show", "change-since-start")
    tab.page.wait_for_timeout(100)
    tab.go_to_step_index(2)
    tab.wait_until_painted("first", KERNEL, 2)
    tab.page.wait_for_timeout(700)
    go(tab.page, -1)
    expect(tab.by_id("show")).to_have_value("value")
    expect(tab.by_id("follow")).to_have_attribute("aria-pressed", "true")
    go(tab.page, 1)
    expect(tab.by_id("show")).to_have_value("change-since-start")
    expect(tab.by_id("follow")).to_have_attribute("aria-pressed", "false")
    tab.wait_until_painted("first", KERNEL, 2)


def test_links_and_history_work_in_a_page_of_another_origin(
    open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    with host_page(frame_of(serve(workbench))) as url:
        page = open_tab("about:blank")
        page.goto(url)
        drive_in_a_foreign_host(Tab(page))


HOSTS = {
    "without a store of addresses": "<script>window.tensorboard = {};</script>",
    "whose store fails": """<script>window.tensorboard = { tf_storage: {
      getString() { throw new Error("changed"); }, setString() { throw new Error("changed"); } } };
    </script>""",
}


@pytest.mark.parametrize("host", HOSTS)
def test_links_and_history_work_in_a_host(
    host: str, open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    url = serve(workbench)
    page = open_tab("about:blank")
    address = f"{url}host.html"
    page.route(
        address,
        lambda route: route.fulfill(body=HOSTS[host] + frame_of(url), content_type="text/html"),
    )
    page.goto(address)
    assert urlsplit(page.url).netloc == urlsplit(url).netloc
    drive_in_a_foreign_host(Tab(page))


def test_a_link_that_is_followed_as_one_scrolls_opens_at_its_own_place(
    open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    tab = Tab(open_tab(serve(workbench)))
    tab.wait_until_painted("first", KERNEL, 5)
    area = tab.frame.locator("nnviz-main-area")
    for speed in ("0.25", "0.5", "2", "4"):
        # In one turn of the browser: nobody has been told of the scrolling yet.
        area.evaluate(
            "(area, hash) => { area.scrollTop = 900; window.parent.location.hash = hash; }",
            f"nnviz{state_hash(speed=speed)}",
        )
        expect(tab.by_id("speed")).to_have_value(speed)
        tab.page.wait_for_timeout(400)
        assert area.evaluate("area => area.scrollTop") == 0


def test_a_garbled_address_opens_what_can_be_read_of_it(
    open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    state = "&p.nnviz.show=%E0%A4&p.nnviz.sort=norm&p.nnviz.nobody=1&=&&p.nnviz.runs=%2C%3A%7C"
    tab = Tab(open_tab(serve(workbench), state=state.replace("%E0%A4", "x%3By")))
    tab.wait_until_painted("first", KERNEL, 5)
    expect(tab.by_id("show")).to_have_value("value")
    expect(tab.by_id("sort")).to_have_value("norm")
