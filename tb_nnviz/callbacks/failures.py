"""What goes wrong during a training: kept, then raised or said once. A warning never raises."""

from __future__ import annotations

from collections.abc import Callable

from tb_nnviz.callbacks.session_settings import OnError
from tb_nnviz.callbacks.views import View
from tb_nnviz.writing.failure import describe_error, warn


class Failures:
    """Failures of one callback's views, which may come from the background thread too.

    Args:
        views: the views that are on; one that has failed is taken out.
        on_error: ``"warn"`` or ``"raise"``.
        say: logs a sentence about a view for the tab to show.
        settle: returns when what is under way has been written or has failed too.
    """

    def __init__(
        self,
        views: list[View],
        on_error: OnError,
        say: Callable[[str, str], None],
        settle: Callable[[], None],
    ) -> None:
        self._views = views
        self._on_error = on_error
        self._say = say
        self._settle = settle
        self._pending: list[tuple[View | None, Exception]] = []
        self._said: set[str] = set()

    def add(self, view: View | None, error: Exception) -> None:
        """Keeps a failure until `handle`.

        Args:
            view: which view failed; None where only a notice was lost.
            error: with what.
        """
        self._pending.append((view, error))

    def guard(self, action: Callable[[], object], *views: View) -> None:
        """Calls ``action``; if it raises, the views have failed."""
        try:
            action()
        except Exception as error:  # noqa: BLE001 - a visualisation never ends a training
            for view in views:
                self.add(view, error)

    def handle(self) -> None:
        """Raises the first failure, or switches views off and says each cause once."""
        if not self._pending:
            return
        self._settle()  # a full disk fails every view of a step, one after the other
        pending, self._pending = self._pending, []
        failed: dict[str, list[View]] = {}
        for view, error in pending:
            if self._on_error == "raise":
                raise error
            views = failed.setdefault(describe_error(error), [])
            if view in self._views and view is not None:
                self._views.remove(view)
                views.append(view)
        for cause, views in failed.items():
            if views:
                self._switch_off(views, cause)
            elif cause not in self._said:
                warn(f"A notice could not be logged: {cause}", stacklevel=2)
            self._said.add(cause)

    def _switch_off(self, views: list[View], cause: str) -> None:
        names = ", ".join(repr(view.name) for view in views)
        what = f"view {names} is" if len(views) == 1 else f"views {names} are"
        message = f"The {what} switched off, because of a failure: {cause}"
        warn(message, stacklevel=3)
        self._say(views[0].name if len(views) == 1 else "timeline", message)
