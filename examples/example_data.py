"""Pictures that the examples learn from, and the options that all of them take.

Digits come with tb_nnviz, gray, and are coloured here; CIFAR-10 comes through Keras, or any
pictures from a file.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

CIFAR10_NAMES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
HELD_OUT_SHARE = 0.2


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line.

    Attributes:
        logdir: where runs are logged, one directory each; new or empty.
        quick: whether to train for less than a minute.
        data: a file of pictures to learn from instead; None for the example's own.
    """

    logdir: Path
    quick: bool
    data: Path | None


@dataclass(frozen=True, eq=False)
class Images:
    """Pictures and what they show, in random order.

    Attributes:
        x: float32 `(image, height, width[, color])` from 0 to 1.
        y: int64 `(image,)`, the class of each picture.
        class_names: names of the classes, by their index.
    """

    x: NDArray[np.float32]
    y: NDArray[np.int64]
    class_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.x)

    def first(self, count: int) -> Images:
        """The first so many pictures, or all if there are fewer."""
        return Images(self.x[:count], self.y[:count], self.class_names)


def read_options(name: str, description: str | None) -> Options:
    """What was asked for; ends the program with a message where that cannot be.

    Args:
        name: of the example; `logs/examples/<name>` is where it logs if nothing is given.
        description: of the example; its first line is shown with `--help`.
    """
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument(
        "--logdir", type=Path, default=Path("logs/examples", name), help="default: %(default)s"
    )
    parser.add_argument("--quick", action="store_true", help="train less, in less than a minute")
    parser.add_argument(
        "--data", type=Path, metavar="FILE.npz", help="pictures x, and their classes y, instead"
    )
    given = parser.parse_args()
    if given.logdir.exists() and (not given.logdir.is_dir() or any(given.logdir.iterdir())):
        parser.error(f"--logdir must be new or empty, so that runs start anew; got {given.logdir}.")
    if given.data is not None and not given.data.is_file():
        parser.error(f"--data must be a file made by numpy.savez; there is no {given.data}.")
    return Options(given.logdir, given.quick, given.data)


def load_digits() -> tuple[Images, Images]:
    """4,000 digits of 28×28 pixels to train on, and 1,000 others."""
    with (resources.files("tb_nnviz") / "data" / "mnist_5k.npz").open("rb") as file:
        data = np.load(file)
        return _split(data["images"], data["labels"], ())


def load_coloured_digits() -> tuple[Images, Images]:
    """The digits of `load_digits`, in colour and of 32×32 pixels, as CIFAR-10 is."""
    images, held_out = load_digits()
    return colour_digits(images), colour_digits(held_out)


def colour_digits(digits: Images) -> Images:
    """Each digit in a bright colour of its own on a dark one, with two pixels around it.

    Args:
        digits: gray, `(image, height, width)`.
    """
    random = np.random.default_rng(0)
    ground = random.uniform(0, 0.4, (len(digits), 1, 1, 3))
    ink = random.uniform(0.5, 1, (len(digits), 1, 1, 3))
    strength = np.pad(digits.x, ((0, 0), (2, 2), (2, 2)))[..., np.newaxis]
    x = (1 - strength) * ground + strength * ink
    return Images(x.astype(np.float32), digits.y, digits.class_names)


def load_file(path: Path) -> tuple[Images, Images]:
    """Four fifths of the pictures of a file to train on, and the others.

    Args:
        path: an NPZ file with `x`, uint8 or float `(image, height, width[, color])`, `y`, classes
            from 0, and, if they have names, `names`.
    """
    with np.load(path) as data:
        missing = {"x", "y"}.difference(data)
        if missing:
            raise SystemExit(
                f"--data must be an NPZ file with the pictures x and their classes y; "
                f"{path} has {sorted(data)}."
            )
        x, y, names = data["x"], data["y"], data.get("names", ())
    if x.ndim not in (3, 4) or y.size != len(x):
        raise SystemExit(
            "--data must have x of shape (image, height, width) or (image, height, width, color), "
            f"and a class y for each; {path} has x {x.shape} and y {y.shape}."
        )
    return _split(x, y, tuple(str(name) for name in names))


def load_cifar10() -> tuple[Images, Images]:
    """The 50,000 pictures of CIFAR-10 to train on, 32×32 in colour, and its 10,000 others.

    Keras downloads them once, 163 MB.
    """
    # Here, so that only who needs it waits for Keras.
    import keras  # noqa: PLC0415

    try:
        (x, y), (x_held_out, y_held_out) = keras.datasets.cifar10.load_data()
    except Exception as error:
        raise SystemExit(
            f"CIFAR-10 cannot be downloaded: {error}\n"
            "Pass --data FILE.npz with the pictures x, uint8 (image, 32, 32, 3), and their "
            "classes y."
        ) from error
    return _make(x, y, CIFAR10_NAMES), _make(x_held_out, y_held_out, CIFAR10_NAMES)


def _split(x: NDArray[Any], y: NDArray[Any], class_names: tuple[str, ...]) -> tuple[Images, Images]:
    images = _make(x, y, class_names)
    count = round(HELD_OUT_SHARE * len(images))
    return Images(images.x[count:], images.y[count:], images.class_names), images.first(count)


def _make(x: NDArray[Any], y: NDArray[Any], class_names: tuple[str, ...]) -> Images:
    order = np.random.default_rng(0).permutation(len(x))
    scaled = x[order].astype(np.float32)
    if np.issubdtype(x.dtype, np.integer):
        scaled /= 255
    labels = y.ravel()[order].astype(np.int64)
    return Images(scaled, labels, class_names or tuple(map(str, range(labels.max() + 1))))
