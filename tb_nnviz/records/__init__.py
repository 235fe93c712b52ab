"""The vocabulary shared by writer and reader: records, their codec and their names."""

from tb_nnviz.records.codec import Record, decode_record, encode_record
from tb_nnviz.records.confusion import CellSample, Confusion, Mistake
from tb_nnviz.records.errors import NewerRecordError, RecordError
from tb_nnviz.records.graph import Graph, GraphEdge, GraphNode
from tb_nnviz.records.histogram import Histogram, build_histogram
from tb_nnviz.records.moment import Moment, Phase
from tb_nnviz.records.notice import Notice
from tb_nnviz.records.source import Source
from tb_nnviz.records.tag_metadata import NOTICES_TAG, PLUGIN_NAME, TagMetadata, describe_tag
from tb_nnviz.records.tile_array import Meaning, Precision, TileArray, build_tile_array

__all__ = [
    "NOTICES_TAG",
    "PLUGIN_NAME",
    "CellSample",
    "Confusion",
    "Graph",
    "GraphEdge",
    "GraphNode",
    "Histogram",
    "Meaning",
    "Mistake",
    "Moment",
    "NewerRecordError",
    "Notice",
    "Phase",
    "Precision",
    "Record",
    "RecordError",
    "Source",
    "TagMetadata",
    "TileArray",
    "build_histogram",
    "build_tile_array",
    "decode_record",
    "describe_tag",
    "encode_record",
]
