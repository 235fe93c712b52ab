"""What the demo logs: each digit's template looks most like its own digit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tb_nnviz import LogReader, TileArray, WeightTemplates, demo
from tests.analysis.test_weight_templates import class_correlations
from tests.conftest import Digits


# Of the convolutional network, whose templates ignore ReLU and max pooling, they are 10, 9 and 10
# of ten digits with the seeds 0, 1 and 2.
@pytest.mark.parametrize("make_model", [demo.make_linear, demo.make_mlp])
def test_logged_templates_of_the_demo_look_most_like_their_own_digit(
    make_model: Callable[[], Any], digits: Digits, tmp_path: Path
) -> None:
    images, labels = digits
    keras.utils.set_random_seed(0)
    model = make_model()
    train = slice(demo.NUM_VALIDATION, demo.NUM_VALIDATION + 4000)
    model.fit(
        images[train],
        labels[train],
        epochs=demo.EPOCHS,
        verbose=0,
        callbacks=[WeightTemplates(tmp_path / "run", every=demo.EPOCHS, layers="digit")],
    )
    reader = LogReader(tmp_path)
    first, last = (reader.read("run", "templates/digit", step) for step in (0, demo.EPOCHS))
    assert isinstance(first, TileArray)
    assert isinstance(last, TileArray)
    assert last.values.shape == (10, 28, 28)
    own = np.arange(10)
    assert (class_correlations(last.values, images, labels) == own).sum() >= 9
    assert (class_correlations(first.values, images, labels) == own).sum() < 9
