"""The text of a policy document: its clauses, and whether a plan says what it says."""

from __future__ import annotations

from siting.reader.clauses import clauses
from siting.reader.verify import verify_plan

__all__ = ["clauses", "verify_plan"]
