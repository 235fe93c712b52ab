"""The plugin TensorBoard loads: routes that parse, query and respond."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tensorboard import errors, plugin_util
from tensorboard.backend import http_util
from tensorboard.plugins import base_plugin
from werkzeug import Request, Response

from tb_nnviz.plugin.arguments import RequestError, parse_items, parse_part, parse_run
from tb_nnviz.plugin.batch import encode_batch
from tb_nnviz.plugin.queries import Queries
from tb_nnviz.plugin.record_source import RecordSource
from tb_nnviz.plugin.static_files import BUNDLE, read_static_file
from tb_nnviz.records import PLUGIN_NAME

STATIC_DIRECTORY = Path(__file__).parent / "static"
_METHODS = ("GET", "HEAD")

_logger = logging.getLogger("tb_nnviz")

Handler = Callable[[Request], Response]
WsgiApplication = Callable[..., Iterable[bytes]]


class NNVizPlugin(base_plugin.TBPlugin):
    """The tab NN VIZ.

    Args:
        context: TensorBoard's context of the plugin.
    """

    plugin_name = PLUGIN_NAME

    def __init__(self, context: Any) -> None:
        self._queries = Queries(RecordSource(context.data_provider), context.logdir or "")

    def is_active(self) -> bool:
        """False: TensorBoard asks only where the log holds none of our data, and waits."""
        return False

    def frontend_metadata(self) -> Any:
        """Where the bundle is, and what the tab is called."""
        return base_plugin.FrontendMetadata(es_module_path=f"/static/{BUNDLE}", tab_name="NN VIZ")

    def get_plugin_apps(self) -> dict[str, WsgiApplication]:
        """The routes, as `http_api.md` describes them."""
        return {
            "/index": _route(self.serve_index),
            "/timeline": _route(self.serve_timeline),
            "/records": _route(self.serve_records),
            "/static/*": _route(self.serve_static),
        }

    def serve_index(self, request: Request) -> Response:
        """What is logged."""
        return _respond_json(request, self._queries.index(*_scope(request)))

    def serve_timeline(self, request: Request) -> Response:
        """When each step of a run was taken."""
        run = parse_run(request.args.getlist("run"))
        return _respond_json(request, self._queries.timeline(*_scope(request), run))

    def serve_records(self, request: Request) -> Response:
        """Many records in one answer."""
        items = parse_items(request.args.getlist("item"))
        part = parse_part(request.args.getlist("parts"))
        answers = self._queries.records(*_scope(request), items, part)
        return _respond(request, encode_batch(answers), "application/octet-stream")

    def serve_static(self, request: Request) -> Response:
        """A file of the bundle."""
        name = request.path.rpartition("/static/")[2]
        file = read_static_file(STATIC_DIRECTORY, name)
        if file is None:
            raise RequestError(404, "path", name, "not a file of the bundle")
        return _respond(request, file.content, file.content_type)


def _route(handler: Handler) -> WsgiApplication:
    """The handler as a WSGI application whose errors are JSON too."""

    @Request.application
    def application(request: Request) -> Response:
        try:
            if request.method not in _METHODS:
                return _respond_method_not_allowed(request)
            return handler(request)
        except RequestError as error:
            return _respond_error(request, error.code, str(error), error.argument, error.value)
        except errors.NotFoundError as error:
            return _respond_error(request, 404, str(error))
        except Exception as error:
            _logger.exception("nnviz: %s failed", request.path)
            message = f"TensorBoard could not read the log: {type(error).__name__}: {error}"
            return _respond_error(request, 503, message)

    return application


def _scope(request: Request) -> tuple[Any, str]:
    return plugin_util.context(request.environ), plugin_util.experiment_id(request.environ)


def _respond(
    request: Request, content: str | bytes, content_type: str, code: int = 200
) -> Response:
    response: Response = http_util.Respond(request, content, content_type, code=code)
    return response


def _respond_json(request: Request, value: object, code: int = 200) -> Response:
    # ASCII, since names of runs may hold what UTF-8 cannot: they come from the file system.
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return _respond(request, text, "application/json", code)


def _respond_error(
    request: Request, code: int, message: str, argument: str | None = None, value: object = None
) -> Response:
    error = {"code": code, "argument": argument, "value": value, "message": message}
    return _respond_json(request, {"error": error}, code)


def _respond_method_not_allowed(request: Request) -> Response:
    response = _respond_error(request, 405, f"only {' and '.join(_METHODS)} are answered")
    response.headers["Allow"] = ", ".join(_METHODS)
    return response
