"""How many parameters layers have that are not whole in a file.

As `plugin_frontend/src/model/layer_parameters.ts` counts them. Knows metadata of tags; reads no
record.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from tb_nnviz.records import RecordError, TagMetadata


def cut_layer_parameters(contents: Mapping[str, bytes], kept: Iterable[str]) -> dict[str, int]:
    """Layer → entries of its logged variables, of layers of which a variable is left out.

    Args:
        contents: of a run, tag → its metadata as stored.
        kept: the tags that are in the file.
    """
    whole = _count(contents)
    left = _count({tag: contents[tag] for tag in kept})
    return {layer: count for layer, count in whole.items() if left.get(layer, 0) < count}


def _count(contents: Mapping[str, bytes]) -> dict[str, int]:
    sizes: dict[str, dict[str, int]] = {}
    for content in contents.values():
        try:
            source = TagMetadata.from_bytes(content).source
        except RecordError:
            continue  # the index names it
        if source.layer_path and source.variable_path and source.variable_shape is not None:
            of_layer = sizes.setdefault(source.layer_path, {})
            size = math.prod(source.variable_shape)
            of_layer[source.variable_path] = max(size, of_layer.get(source.variable_path, 0))
    return {layer: sum(of_layer.values()) for layer, of_layer in sizes.items()}
