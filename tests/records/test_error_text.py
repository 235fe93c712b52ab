"""An error is said in one line, which begins with its cause."""

from __future__ import annotations

import keras
import pytest

from tb_nnviz.records.error_text import in_one_line
from tb_nnviz.writing.failure import describe_error

THROUGH_TWO_LAYERS = (
    "Exception encountered when calling A.call().\n\nException encountered when calling "
    "B.call().\n\n\x1b[1mthe cause\x1b[0m\n\nArguments received by B.call():\n  • x=1\n\n"
    "Arguments received by A.call():\n  • x=1"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a cause", "a cause"),
        ("two\n  lines\tand a tab", "two lines and a tab"),
        ("\x1b[1;31mred\x1b[0m cause", "red cause"),
        (
            THROUGH_TWO_LAYERS,
            "the cause",
        ),
        ("Exception encountered: the cause", "the cause"),
        ("Exception encountered:", "Exception encountered:"),
        ("", ""),
    ],
)
def test_only_the_cause_is_left(text: str, expected: str) -> None:
    assert in_one_line(ValueError(text)) == expected


def test_an_error_that_went_through_keras_is_one_line() -> None:
    class Breaking(keras.layers.Layer):
        def call(self, inputs: object) -> object:
            raise RuntimeError("no\nmore")

    with pytest.raises(RuntimeError) as raised:
        Breaking()(keras.ops.ones((1, 2)))
    assert describe_error(raised.value) == "RuntimeError: no more"
