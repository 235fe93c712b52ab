"""`ModelGraph`: the layers of a model and what flows between them, once a training."""

from __future__ import annotations

import os

from tb_nnviz.callbacks.graph_view import GraphView
from tb_nnviz.callbacks.logging_callback import LoggingCallback
from tb_nnviz.callbacks.session_settings import OnError


class ModelGraph(LoggingCallback):
    """Logs the graph of the model for the NN VIZ tab of TensorBoard.

    Layers, models inside the model, and operations that are no layers, each with output shapes,
    number of parameters, whether they are trained, and dtype; and what each call gives to which
    other. Of functional and Sequential models it is what ``model.get_config()`` has; of any other,
    what its code was seen to call in one pass on shapes alone. A model whose code cannot be
    followed has its layers without connections, and a note that says why. Training is
    bit-identical with and without it.

    Args:
        log_dir: directory of the run; events go to ``<log_dir>/nnviz``.
        update_freq: ``"epoch"``, or a number of train batches. The graph is logged before
            training, or, of a model that is not built then, the first time after that.
        every: log at the n-th of those.
        on_error: ``"warn"`` (say a failure during training once and switch the view off) or
            ``"raise"``.

    Raises:
        TypeError, ValueError: an argument does not fit.

    Example:
        >>> model.fit(x, y, epochs=10, callbacks=[ModelGraph("logs/resnet")])
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        *,
        update_freq: str | int = "epoch",
        every: int = 1,
        on_error: OnError = "warn",
    ) -> None:
        super().__init__(
            log_dir, [GraphView()], update_freq=update_freq, every=every, on_error=on_error
        )
