"""Where in a model values were read from. Knows no model."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from tb_nnviz.records.errors import RecordError


@dataclass(frozen=True)
class Source:
    """The variable or layer behind a record; a field that does not apply is None.

    Attributes:
        variable_path: Keras' own path, such as ``sequential_1/dense_2/kernel``.
        layer_path: canonical path of the layer, such as ``dense_1``.
        layer_index: place of the layer in the order of the model, from 0.
        layer_type: class name of the layer.
        role: name of the variable in its layer, such as ``kernel``.
        variable_shape: shape of the variable in the model.
    """

    variable_path: str | None = None
    layer_path: str | None = None
    layer_index: int | None = None
    layer_type: str | None = None
    role: str | None = None
    variable_shape: tuple[int, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        """The fields that apply."""
        fields = {name: value for name, value in asdict(self).items() if value is not None}
        if self.variable_shape is not None:
            fields["variable_shape"] = list(self.variable_shape)
        return fields

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Source:
        """The source in a header or in a tag's metadata."""
        fields = dict(value)
        try:
            if "variable_shape" in fields:
                fields["variable_shape"] = tuple(int(size) for size in fields["variable_shape"])
            return cls(**fields)
        except (TypeError, ValueError) as error:
            raise RecordError(f"field 'source' is malformed: {value!r}") from error
