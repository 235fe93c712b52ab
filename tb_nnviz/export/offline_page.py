"""The page of a file that opens from disk: contents as JSON, records as base64 texts, and a script.

The same page as `plugin_frontend/src/model/offline_page.ts` makes; both are held to one fixture.
Must not know what the contents mean.
"""

from __future__ import annotations

import base64
import html
import re

# Nothing is loaded from anywhere: not by this page, and not by what might be smuggled into a
# log's names.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; form-action 'none'; base-uri 'none'"
)
_START = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
</head>
<body>
<noscript>The values in this file are drawn by a script, which this browser does not run.</noscript>
<script type="application/json" id="nnviz-contents">{contents}</script>
"""
_SPECIAL = re.compile(r"<(?=/script|script|!--)", re.IGNORECASE)


def start_of_page(title: str, contents: str) -> bytes:
    """What stands before the records.

    Args:
        title: of the page.
        contents: JSON.
    """
    text = _START.format(
        policy=_POLICY, title=html.escape(title, quote=False), contents=_escape_script(contents)
    )
    # Names of runs come from the file system, and may hold what UTF-8 cannot.
    return text.encode("utf-8", "replace")


def record_part(index: int, blobs: bytes) -> bytes:
    """The element that holds the record of a number."""
    encoded = base64.b64encode(blobs).decode("ascii")
    return f'<script type="text/plain" id="nnviz-record-{index}">{encoded}</script>\n'.encode()


def end_of_page(script: str) -> bytes:
    """What stands after the records: the script that shows them."""
    return f"<script>{_escape_script(script)}</script>\n</body>\n</html>\n".encode()


def _escape_script(text: str) -> str:
    """The text without what would end its element or be read otherwise.

    In JSON and in the texts of a script the escape is the same character.
    """
    return _SPECIAL.sub(lambda _: "\\u003c", text)
