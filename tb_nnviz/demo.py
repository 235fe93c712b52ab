"""The demo: four small networks on real digits, one with an eighth of the data.

Written as a user would write it; what it logs is what the README shows.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from tb_nnviz.callbacks.nnviz import NNViz

EPOCHS = 8
NUM_VALIDATION = 1000
DEFAULT_PORT = 6006


def load_digits() -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """The embedded digits in random order: images ``(5000, 28, 28)`` in [0, 1], and labels."""
    with (resources.files("tb_nnviz") / "data" / "mnist_5k.npz").open("rb") as file:
        data = np.load(file)
        images, labels = data["images"], data["labels"]
    order = np.random.default_rng(0).permutation(len(labels))
    return images[order].astype(np.float32) / 255, labels[order]


def train_demo(logdir: Path) -> None:
    """Trains networks with dense layers, with one layer only, and with convolutions.

    Args:
        logdir: runs ``mlp-500`` (on 500 digits), ``mlp-4000``, ``linear-4000`` and ``conv-4000``
            are logged below it.

    Raises:
        OSError: a directory cannot be made, which is found before any training.
    """
    runs: list[tuple[str, Callable[[], Any], int]] = [
        ("mlp-500", make_mlp, 500),
        ("mlp-4000", make_mlp, 4000),
        ("linear-4000", make_linear, 4000),
        ("conv-4000", make_convolutional, 4000),
    ]
    for name, _, _ in runs:
        (logdir / name).mkdir(parents=True, exist_ok=True)
    images, labels = load_digits()
    validation_data = images[:NUM_VALIDATION], labels[:NUM_VALIDATION]
    for name, make_model, size in runs:
        chosen = slice(NUM_VALIDATION, NUM_VALIDATION + size)
        log_dir = str(logdir / name)
        print(f"\nTraining on {size} digits, logging to {log_dir}")
        keras.utils.set_random_seed(0)
        model = make_model()
        model.fit(
            images[chosen],
            labels[chosen],
            validation_data=validation_data,
            epochs=EPOCHS,
            verbose=2,
            callbacks=[
                NNViz(log_dir, validation_data=validation_data),
                keras.callbacks.TensorBoard(log_dir),
            ],
        )


def make_mlp() -> Any:
    """A 784-512-256-10 network for 28x28 images."""
    return _make_classifier(
        keras.Input((28, 28)),
        keras.layers.Flatten(),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(256, activation="relu"),
        keras.layers.Dense(10, activation="softmax", name="digit"),
    )


def make_linear() -> Any:
    """A 784-10 network: each digit's score is a weighted sum of the pixels."""
    return _make_classifier(
        keras.Input((28, 28)),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax", name="digit"),
    )


def make_convolutional() -> Any:
    """Three convolutions of 8, 16 and 32 filters, and a layer of scores."""
    return _make_classifier(
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(8, 5, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Conv2D(16, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Conv2D(32, 3, activation="relu"),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax", name="digit"),
    )


def _make_classifier(*layers: Any) -> Any:
    model = keras.Sequential(list(layers))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def choose_logdir(logdir: str | None) -> Path:
    """Where the demo logs: as given, else the first free of ``logs/demo``, ``logs/demo-2``, ….

    Raises:
        ValueError: what is given is no directory, or has something in it.
    """
    if logdir is not None:
        if Path(logdir).exists() and not Path(logdir).is_dir():
            raise ValueError(f"--logdir must be a directory; got the file {logdir!r}.")
        if Path(logdir).exists() and any(Path(logdir).iterdir()):
            raise ValueError(
                f"--logdir must be a new or empty directory, so that the demo's runs stand alone; "
                f"got {logdir!r}."
            )
        return Path(logdir)
    candidate, number = Path("logs/demo"), 1
    while candidate.exists():
        number += 1
        candidate = Path(f"logs/demo-{number}")
    return candidate


def serve(logdir: Path, port: int | None) -> int:
    """Starts TensorBoard, prints the URL, and waits until it ends or Ctrl+C is pressed.

    Args:
        logdir: what to show.
        port: where; None for the first free one from 6006.

    Returns:
        TensorBoard's exit code.
    """
    port = port if port is not None else _free_port()
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(logdir)]
    print(f"\nOpen http://localhost:{port}/#nnviz   (Ctrl+C ends TensorBoard)\n", flush=True)
    with subprocess.Popen([*command, "--port", str(port)]) as process:  # noqa: S603
        with contextlib.suppress(KeyboardInterrupt):
            return process.wait()
        process.terminate()
    return 0


def _free_port() -> int:
    for port in range(DEFAULT_PORT, DEFAULT_PORT + 100):
        with socket.socket() as probe:
            try:
                probe.bind(("localhost", port))
            except OSError:
                continue
            return port
    return DEFAULT_PORT
