"""Records into event files: one writer a directory, off the caller's thread."""

from tb_nnviz.writing.log_writer import LogWriter
from tb_nnviz.writing.run_log import RunLog, StepJob, open_run_log

__all__ = ["LogWriter", "RunLog", "StepJob", "open_run_log"]
