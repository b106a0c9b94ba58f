"""The text of a policy document: its clauses, a draft plan of it, and a plan held against it."""

from __future__ import annotations

from siting.reader.clauses import clauses
from siting.reader.draft import write_draft
from siting.reader.extract import extract_facts, extract_plan
from siting.reader.opening import read_document
from siting.reader.verify import verify_plan

__all__ = [
    "clauses",
    "extract_facts",
    "extract_plan",
    "read_document",
    "verify_plan",
    "write_draft",
]
