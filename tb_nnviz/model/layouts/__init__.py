"""How weights are laid out as tiles: pure functions of shapes, one file a family of layers.

Which layer has which layout is `tb_nnviz.model.weight_families`' business. The whole table is in
docs/weights.md.
"""

from tb_nnviz.model.layouts.layout import WeightLayout

__all__ = ["WeightLayout"]
