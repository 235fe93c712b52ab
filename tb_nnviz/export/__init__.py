"""What is logged as files: pictures and animations as the tab shows them, and arrays.

Reads logs through `LogReader` alone: neither Keras nor a backend is loaded. The rooms: records
(`tag_records`, `changes`, `selection`), colours (`colours`, `ranges`, `painting`), the page
(`arrangement`, `layout`, `text`, `words`, `legend`, `picture`), and what is written of them
(`pictures`, `animation`, `arrays`, `files`). The tab itself in a file (`offline_file`): what it
holds (`offline_choice`, `kept_records`, `offline_items`) and its page (`offline_page`).
"""

from tb_nnviz.export.export_tag import ExportedFile, FileFormat, export_tag
from tb_nnviz.export.offline_file import ExportedPage, export_html
from tb_nnviz.export.options import PictureOptions

__all__ = [
    "ExportedFile",
    "ExportedPage",
    "FileFormat",
    "PictureOptions",
    "export_html",
    "export_tag",
]
