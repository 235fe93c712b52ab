"""What is logged as files: pictures and animations as the tab shows them, and arrays.

Reads logs through `LogReader` alone: neither Keras nor a backend is loaded. The rooms: records
(`tag_records`, `changes`, `selection`), colours (`colours`, `ranges`, `painting`), the page
(`arrangement`, `layout`, `text`, `words`, `legend`, `picture`), and what is written of them
(`pictures`, `animation`, `arrays`, `files`).
"""

from tb_nnviz.export.export_tag import ExportedFile, FileFormat, export_tag
from tb_nnviz.export.options import PictureOptions

__all__ = ["ExportedFile", "FileFormat", "PictureOptions", "export_tag"]
