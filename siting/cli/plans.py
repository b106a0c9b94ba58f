"""The words on plans and places: list, show, verify, fill in, draft; names to codes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from siting.cli.telling import print_frame, say
from siting.errors import Findings, InputError, visible

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

MISSING_FACTS = 2


def plan_list(asked: argparse.Namespace) -> None:
    """List the bundled plans."""
    from siting.plan import list_plans

    counted = list_plans().reset_index().rename(columns={"fields": "n_fields"})
    print_frame(counted, lang=asked.lang)


def plan_show(asked: argparse.Namespace) -> None:
    """Show the clusters of a plan."""
    from siting import tables
    from siting.study import study_plan

    study = study_plan(asked.plan, boundaries=asked.boundaries, frame=asked.frame)
    print(visible(f"{study.plan.title} {study.plan.document_no} {study.plan.published}", 400))
    print_frame(tables.cluster_table(study.plan, study.places, lang=asked.lang))


def plan_verify(asked: argparse.Namespace) -> int:
    """Hold every fact of a plan against its text."""
    from siting.plan import read_plan
    from siting.reader import verify_plan

    findings = Findings()
    plan = _tried(read_plan, asked.plan, findings)
    text = _tried(_text, asked.text, findings)
    findings.stop()
    checked = verify_plan(plan, text)
    missing = checked[checked["status"] != "found"]
    print_frame(missing if asked.missing else checked, lang=asked.lang)
    say(
        f"{len(checked)} 条事实，{len(missing)} 条未找到 / {len(checked)} facts, {len(missing)} missing",
        asked.lang,
    )
    return MISSING_FACTS if len(missing) else 0


def _tried(read: Callable[[str], Any], path: str, findings: Findings) -> Any:
    """Return what is read, or None with what is wrong with it among the findings."""
    try:
        return read(path)
    except InputError as error:
        findings.extend(error.findings)
        return None


def _text(path: str) -> str:
    from siting.files import local_file
    from siting.sheets import read_text

    return read_text(local_file(path, suffixes=(".txt",)))


def plan_match(asked: argparse.Namespace) -> None:
    """Write which fields of two plans answer each other, for a planner to correct."""
    from siting.alignment import draft_field_crosswalk
    from siting.alignment.comparing import check_levels
    from siting.export import save_csv
    from siting.plan import read_plan

    findings = Findings()
    city = _tried(read_plan, asked.city, findings)
    district = _tried(read_plan, asked.district, findings)
    findings.stop()
    check_levels(city, district)
    made = save_csv(draft_field_crosswalk(city, district), asked.out, overwrite=asked.overwrite)
    say(
        "逐行核对：关系写 相同、更窄、更宽、相关 或 无（区领域比市领域），写明理由和判断者；"
        "再用 siting briefing --fields 给出"
        " / Look at each row: relation same, narrower, broader, related or none (the district's field"
        " seen from the city's), reason and judged_by; then give it to siting briefing --fields",
        asked.lang,
    )
    print(made)


def plan_template(asked: argparse.Namespace) -> None:
    """Write the workbook that a planner fills in."""
    from siting.plan import write_template

    print(write_template(asked.out, plan=asked.plan, overwrite=asked.overwrite))


def plan_extract(asked: argparse.Namespace) -> None:
    """Draft a plan from a document."""
    from siting.reader import read_document, write_draft

    out = asked.out or Path(asked.text).with_suffix(".xlsx").name
    made, plan = write_draft(
        out, read_document(asked.text), lang=asked.lang, overwrite=asked.overwrite
    )
    count = len(plan.findings)
    zh = asked.lang == "zh"
    say(visible(plan, 400) + (f"；{count} 处待核对" if zh else f"; {count} to check"))
    print(made)


def places(asked: argparse.Namespace) -> None:
    """List places, or turn names into codes."""
    from siting.places import read_places, resolve

    if asked.names:
        answer = resolve(asked.names, level=asked.level, within=asked.within)
        found = answer.to_frame("place_id").assign(place=asked.names)[["place", "place_id"]]
        print_frame(found, lang=asked.lang)
        return
    found = read_places(
        asked.level or "district",
        vintage=asked.vintage,
        within=asked.within,
        boundaries=asked.boundaries,
        frame=asked.frame,
    )
    print_frame(found.drop(columns="geometry").reset_index(), lang=asked.lang)


def points_template(asked: argparse.Namespace) -> None:
    """Write the workbook of firms that a planner fills in."""
    from siting.points import write_template

    print(write_template(asked.out, overwrite=asked.overwrite))
