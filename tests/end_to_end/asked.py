"""What a page asks the plugin for, and answers that are held back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Request, Route

Item = tuple[str, str, int, str]


class Asked:
    """What a page asks the plugin for from now on, and apart from that its files."""

    def __init__(self, page: Page) -> None:
        self.paths: list[str] = []
        self.files: list[str] = []
        self.items: Counter[Item] = Counter()
        page.on("request", self._note)
        # What was called off before it was answered was not had.
        page.on("requestfailed", lambda request: self.items.subtract(_items(request)))

    def _note(self, request: Request) -> None:
        path = urlsplit(request.url).path
        if "/plugin/nnviz/" not in path:
            return
        if "/static/" in path:
            self.files.append(path)
            return
        self.paths.append(path)
        self.items.update(_items(request))

    def twice(self) -> list[Item]:
        return sorted(item for item, count in self.items.items() if count > 1)


class Gate:
    """Holds a page's records back until it is opened.

    Args:
        page: which has not asked for them yet.
        lets_through: whether a request for these items is answered all the same.
    """

    def __init__(
        self, page: Page, lets_through: Callable[[list[Item]], bool] = lambda _: False
    ) -> None:
        self.held: list[Route] = []
        self._lets_through, self._is_open = lets_through, False
        page.route("**/nnviz/records?*", self._answer)

    def _answer(self, route: Route) -> None:
        if self._is_open or self._lets_through(_items(route.request)):
            route.continue_()
        else:
            self.held.append(route)

    def open(self) -> None:
        self._is_open = True
        for route in self.held:
            route.continue_()


def _items(request: Request) -> list[Item]:
    url = urlsplit(request.url)
    if not url.path.endswith("/nnviz/records"):
        return []
    query = parse_qs(url.query)
    (part,) = query["parts"]
    return [(*json.loads(item), part) for item in query["item"]]
