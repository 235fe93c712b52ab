"""Shared by all tests: quiet frameworks, small models and logs that are made once."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Before anything imports TensorFlow or grpc: their chatter is not what is tested.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("GRPC_VERBOSITY", "NONE")

import numpy as np
import pytest
from numpy.typing import NDArray

Digits = tuple[NDArray[np.float32], NDArray[np.uint8]]
MakeOnce = Callable[[str, Callable[[Path], str]], tuple[Path, str]]


@pytest.fixture(scope="session")
def make_once(tmp_path_factory: pytest.TempPathFactory) -> MakeOnce:
    """Makes a log that takes long once for all workers: ``make_once(name, make)``.

    ``make(logdir)`` gives what it has printed; ``make_once`` the log and the same. Tests only read
    the log.
    """
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent

    def make_or_wait(name: str, make: Callable[[Path], str]) -> tuple[Path, str]:
        folder = place / f"{name}-made-once"
        folder.mkdir(exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            printed = folder / "printed.txt"
            if not printed.exists():
                printed.write_text(make(folder / name), encoding="utf-8")
        return folder / name, printed.read_text(encoding="utf-8")

    return make_or_wait


@pytest.fixture(scope="session")
def digits() -> Digits:
    """The embedded digits: images ``(5000, 28, 28)`` in [0, 1], labels; in random order."""
    from tb_nnviz.demo import load_digits

    return load_digits()


@pytest.fixture(scope="session")
def make_mlp() -> Callable[..., Any]:
    """Makes an unnamed, compiled MLP for digits: ``make_mlp(hidden_units)``."""
    import keras

    def make(hidden: int = 16, optimizer: Any = "sgd") -> Any:
        model = keras.Sequential(
            [
                keras.Input((28, 28)),
                keras.layers.Flatten(),
                keras.layers.Dense(hidden, activation="relu"),
                keras.layers.Dense(10, activation="softmax"),
            ]
        )
        model.compile(optimizer, "sparse_categorical_crossentropy")
        return model

    return make


@pytest.fixture(scope="session")
def two_runs(
    tmp_path_factory: pytest.TempPathFactory, digits: Digits, make_mlp: Callable[..., Any]
) -> Path:
    """A log of two unnamed MLPs built in one process, trained on few and on more digits.

    Runs ``mlp-100`` and ``mlp-400``, steps 0 to 3, beside Keras' own callback.
    """
    import keras

    from tb_nnviz import NNViz

    logdir = tmp_path_factory.mktemp("two_runs")
    images, labels = digits
    for size in (100, 400):
        keras.utils.set_random_seed(size)
        log_dir = str(logdir / f"mlp-{size}")
        make_mlp(40).fit(
            images[:size],
            labels[:size],
            epochs=3,
            verbose=0,
            callbacks=[NNViz(log_dir), keras.callbacks.TensorBoard(log_dir)],
        )
    return logdir
