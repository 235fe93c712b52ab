"""``python -m tb_nnviz``: the same as the command ``tb-nnviz``."""

import sys

from tb_nnviz.cli import main

sys.exit(main())
