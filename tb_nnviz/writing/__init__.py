"""Records into event files: one writer a directory, off the caller's thread."""

from tb_nnviz.writing.log_writer import LogWriter
from tb_nnviz.writing.open_logs import open_run_log, open_writable_run_log
from tb_nnviz.writing.run_log import RunLog
from tb_nnviz.writing.step_job import StepJob

__all__ = ["LogWriter", "RunLog", "StepJob", "open_run_log", "open_writable_run_log"]
