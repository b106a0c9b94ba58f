"""Plans: read, check, list and write them; every fact in them carries the clause that states it."""

from __future__ import annotations

from siting.plan.carrying import carry_plan
from siting.plan.model import Plan
from siting.plan.reading import bundled_ids, list_plans, read_plan
from siting.plan.template import write_template

__all__ = ["Plan", "bundled_ids", "carry_plan", "list_plans", "read_plan", "write_template"]
