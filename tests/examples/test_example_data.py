"""What the examples learn from, and what they say when it is not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from example_data import load_cifar10, load_coloured_digits, load_digits, load_file, read_options


def write(path: Path, **arrays: Any) -> Path:
    np.savez(path / "data.npz", **arrays)
    return path / "data.npz"


def options_of(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Any:
    monkeypatch.setattr("sys.argv", ["weights.py", *arguments])
    return read_options("weights", "What weights are.\n\nAt length.")


def test_digits_are_4000_and_1000_others_from_0_to_1() -> None:
    train, held_out = load_digits()
    assert (train.x.shape, held_out.x.shape) == ((4000, 28, 28), (1000, 28, 28))
    assert train.x.dtype == np.float32
    assert (train.x.min(), train.x.max()) == (0, 1)
    every = np.concatenate([train.x, held_out.x]).reshape(5000, -1)
    assert len(np.unique(every, axis=0)) == 5000
    assert np.bincount(np.concatenate([train.y, held_out.y])).tolist() == [500] * 10
    # In random order: the first 500 have all classes, nearly as many of each.
    assert np.bincount(train.first(500).y).min() > 30


def test_coloured_digits_are_bright_on_dark_where_the_gray_ones_are() -> None:
    for coloured, gray in zip(load_coloured_digits(), load_digits(), strict=True):
        assert coloured.x.shape == (len(gray), 32, 32, 3)
        assert coloured.x.dtype == np.float32
        np.testing.assert_array_equal(coloured.y, gray.y)
        inside = coloured.x[:, 2:-2, 2:-2]
        assert inside[gray.x == 0].max() < 0.4
        assert 0.5 < inside[gray.x == 1].min() < inside[gray.x == 1].max() < 1
        # One colour for each picture, and more than one in all.
        assert len(np.unique(coloured.x[:, 0, 0], axis=0)) == len(gray)


def test_a_file_is_split_with_its_labels_and_names(tmp_path: Path) -> None:
    y = np.arange(50) % 3
    x = np.broadcast_to(y[:, None, None, None] * 51, (50, 4, 5, 3)).astype(np.uint8)
    path = write(tmp_path, x=x, y=y[:, None], names=np.array(["ant", "bee", "fly"]))
    train, held_out = load_file(path)
    assert (len(train), len(held_out)) == (40, 10)
    for images in (train, held_out):
        assert images.class_names == ("ant", "bee", "fly")
        np.testing.assert_allclose(images.x[:, 0, 0, 0], images.y * 0.2, rtol=1e-6)


def test_floats_are_taken_as_they_are_and_classes_without_names_are_numbered(
    tmp_path: Path,
) -> None:
    x = np.random.default_rng(0).random((20, 4, 4), np.float32)
    train, _ = load_file(write(tmp_path, x=x, y=np.arange(20) % 2))
    assert set(np.unique(train.x)) <= set(np.unique(x))
    assert train.class_names == ("0", "1")


def test_a_file_without_pictures_is_refused_with_what_it_has(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"pictures x and their classes y; .* has \['images'\]"):
        load_file(write(tmp_path, images=np.zeros(3)))


def test_pictures_and_classes_that_do_not_fit_are_refused_with_their_shapes(
    tmp_path: Path,
) -> None:
    with pytest.raises(SystemExit, match=r"has x \(3, 2, 2\) and y \(4,\)"):
        load_file(write(tmp_path, x=np.zeros((3, 2, 2)), y=np.zeros(4)))


def test_cifar10_has_its_names_and_its_own_held_out_pictures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x, y = np.full((7, 32, 32, 3), 255, np.uint8), np.arange(7)[:, None]
    data = ((x, y), (x[:2] // 5, y[:2]))
    monkeypatch.setattr(keras.datasets.cifar10, "load_data", lambda: data)
    train, held_out = load_cifar10()
    assert (len(train), len(held_out)) == (7, 2)
    assert sorted(train.y) == list(range(7))
    assert (train.x.max(), held_out.x.max()) == (1, np.float32(0.2))
    assert (len(train.class_names), train.class_names[9]) == (10, "truck")


def test_a_download_that_fails_ends_with_what_to_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError("no network")

    monkeypatch.setattr(keras.datasets.cifar10, "load_data", fail)
    with pytest.raises(SystemExit, match=r"(?s)downloaded: no network.*--data FILE\.npz"):
        load_cifar10()


def test_options_name_the_example(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    options = options_of(monkeypatch)
    assert options.logdir == Path("logs/examples/weights")
    assert not options.quick
    assert options.data is None


def test_help_has_the_first_line_of_the_description(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        options_of(monkeypatch, "--help")
    out = capsys.readouterr().out
    assert "What weights are." in out
    assert "At length" not in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--logdir", "full"], "--logdir must be new or empty"),
        (["--logdir", "full/log"], "--logdir must be new or empty"),
        (["--data", "none.npz"], "there is no none.npz"),
    ],
)
def test_what_cannot_be_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "log").write_text("")
    with pytest.raises(SystemExit) as ended:
        options_of(monkeypatch, *arguments)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err
