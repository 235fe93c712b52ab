"""A copy of a dataset that can be read without moving the original to another order.

A dataset of ``tf.data`` that shuffles has another order each time it is read. Reading it once
more, for the panel, would change the order in which a training validates, and with it the last
digits of what it says. TensorFlow can write a dataset as a graph and read it back; in between,
its shuffling is made one of its own, from a fixed seed, so that it gives one order for ever.
Caches are left out: they would keep the order of whoever reads first.
"""

from __future__ import annotations

import importlib
from typing import Any

_SHUFFLE = "ShuffleDatasetV3"
_SHUFFLE_ONCE = "ShuffleDataset"
_CACHES = ("CacheDataset", "CacheDatasetV2")
# Inputs of a shuffle: dataset, buffer size, two seeds, and what hands out further seeds.
_NUM_INPUTS = 5
_SEEDS = (2, 3)
_SEED = 1


def copy_without_reshuffling(dataset: Any) -> Any:
    """A dataset with the same elements that leaves the given one where it is.

    Args:
        dataset: a ``tf.data.Dataset``.

    Returns:
        A dataset of the same elements, always in the same order and without a cache; None where
        it cannot be copied, as one of more than 2 GB of arrays.
    """
    tensorflow = importlib.import_module("tensorflow")
    try:
        variant = tensorflow.data.experimental.to_variant(dataset)
        written = tensorflow.raw_ops.DatasetToGraphV2(input_dataset=variant)
        graph = tensorflow.compat.v1.GraphDef.FromString(written.numpy())
        _shuffle_once(graph, tensorflow)
        _leave_caches_out(graph)
        read = tensorflow.raw_ops.DatasetFromGraph(graph_def=graph.SerializeToString())
        return tensorflow.data.experimental.from_variant(read, dataset.element_spec)
    except Exception:  # noqa: BLE001 - TensorFlow promises none of this for every dataset
        return None


def _shuffle_once(graph: Any, tensorflow: Any) -> None:
    seed = graph.node.add(name="tb_nnviz_seed", op="Const")
    seed.attr["dtype"].type = tensorflow.int64.as_datatype_enum
    seed.attr["value"].tensor.CopyFrom(tensorflow.make_tensor_proto(_SEED, tensorflow.int64))
    for node in graph.node:
        if node.op == _SHUFFLE and len(node.input) == _NUM_INPUTS:
            node.op = _SHUFFLE_ONCE
            for place in _SEEDS:
                node.input[place] = seed.name
            del node.input[_NUM_INPUTS - 1]
            node.attr["reshuffle_each_iteration"].b = False


def _leave_caches_out(graph: Any) -> None:
    """Whatever reads from a cache reads from what the cache would have been filled from."""
    cached = {node.name: node.input[0] for node in graph.node if node.op in _CACHES}
    for node in graph.node:
        for place, read_from in enumerate(node.input):
            name = read_from
            while name.partition(":")[0] in cached:
                name = cached[name.partition(":")[0]]
            node.input[place] = name
