"""Where in a model values were read from. Knows no model."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from tb_nnviz.records.errors import RecordError
from tb_nnviz.records.fields import optional_count, optional_counts, optional_text


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
        samples_digest: of the samples that the values are of; equal for equal samples only.
    """

    variable_path: str | None = None
    layer_path: str | None = None
    layer_index: int | None = None
    layer_type: str | None = None
    role: str | None = None
    variable_shape: tuple[int, ...] | None = None
    samples_digest: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The fields that apply."""
        found = {name: value for name, value in asdict(self).items() if value is not None}
        if self.variable_shape is not None:
            found["variable_shape"] = list(self.variable_shape)
        return found

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Source:
        """The source in a header or in a tag's metadata; raises `RecordError`."""
        unknown = value.keys() - {field.name for field in fields(cls)}
        if unknown:
            raise RecordError(f"field 'source' has unknown fields {sorted(unknown)}")
        try:
            return cls(
                variable_path=optional_text(value, "variable_path"),
                layer_path=optional_text(value, "layer_path"),
                layer_index=optional_count(value, "layer_index"),
                layer_type=optional_text(value, "layer_type"),
                role=optional_text(value, "role"),
                variable_shape=optional_counts(value, "variable_shape"),
                samples_digest=optional_text(value, "samples_digest"),
            )
        except RecordError as error:
            raise RecordError(f"field 'source' is malformed: {error}") from error
