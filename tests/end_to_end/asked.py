"""What a page asks the plugin for."""

from __future__ import annotations

import json
from collections import Counter
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Request

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


def _items(request: Request) -> list[Item]:
    url = urlsplit(request.url)
    if not url.path.endswith("/nnviz/records"):
        return []
    query = parse_qs(url.query)
    (part,) = query["parts"]
    return [(*json.loads(item), part) for item in query["item"]]
