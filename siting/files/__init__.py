"""Files on disk: opened only if they are local and regular, replaced whole or not at all."""

from siting.files.disk import local_file, output_error, write_atomic, write_text
from siting.files.marks import Mark
from siting.files.workbook import Paint, Sheet, write_workbook

__all__ = [
    "Mark",
    "Paint",
    "Sheet",
    "local_file",
    "output_error",
    "write_atomic",
    "write_text",
    "write_workbook",
]
