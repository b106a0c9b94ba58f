"""The laws of the house, held against the code; and the guard itself held against bad examples."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).parents[1]

# The rooms in the order of the walk, and the rooms below that each may import.
HOUSE: dict[str, set[str]] = {
    "errors": set(),
    "escape": set(),
    "schema": {"errors"},
    "colours": {"errors", "schema"},
    "files": {"errors"},
    "sheets": {"errors", "files"},
    "crs": {"errors", "schema"},
    "geodata": {"errors"},
    "names": {"errors"},
    "boundaries": {"errors", "schema", "files", "crs", "geodata", "names"},
    "places": {"errors", "schema", "crs", "geodata", "names", "boundaries"},
    "plan": {"errors", "schema", "files", "sheets", "geodata", "names", "places"},
    "reader": {"errors", "schema", "files", "sheets", "names", "places", "plan"},
    "chance": {"errors"},
    "points": {"errors", "schema", "files", "sheets", "crs", "names", "boundaries"},
    "footprint": {"errors", "schema", "crs"},
    "overlap": {"errors", "schema", "chance"},
    "alignment": {"errors", "schema", "chance", "sheets", "geodata"},
    "concentration": {"errors", "schema"},
    "association": {"errors", "schema", "crs", "chance"},
    "dispersion": {"errors", "schema", "chance"},
    "candidates": {"errors", "schema", "files", "crs", "boundaries"},
    "suitability": {"errors", "schema"},
    "layout": {"errors", "schema"},
    "robustness": {"errors", "schema", "layout"},
    "tables": {"errors", "schema", "crs", "geodata"},
    "cartography": {"errors", "schema", "colours", "crs", "geodata"},
    "maps": {"errors", "schema", "colours", "crs", "escape", "cartography"},
    "figures": {"errors", "schema", "colours", "crs", "geodata", "cartography"},
    "export": {
        "errors",
        "schema",
        "colours",
        "files",
        "escape",
        "crs",
        "geodata",
        "maps",
        "figures",
    },
    "study": {
        "errors",
        "schema",
        "files",
        "sheets",
        "names",
        "geodata",
        "plan",
        "places",
        "points",
        "footprint",
        "overlap",
        "alignment",
        "concentration",
        "association",
        "chance",
        "candidates",
        "suitability",
        "layout",
        "robustness",
    },
    "scenario": {
        "errors",
        "schema",
        "files",
        "sheets",
        "names",
        "plan",
        "places",
        "candidates",
        "suitability",
        "layout",
        "robustness",
        "study",
    },
    "briefing": {"*"},
    "cli": {"*"},
}
ONLY_IN = {"folium": {"maps"}, "branca": {"maps"}, "matplotlib": {"figures"}}
NO_NETWORK = {"socket", "ssl", "http", "urllib", "requests", "httpx", "aiohttp", "ftplib"}
MAX_LINES, MAX_BODY = 330, 60


def rooms(siting: Path) -> dict[str, list[Path]]:
    """Return the files of each room; a package is one room."""
    found: dict[str, list[Path]] = {}
    for path in sorted(siting.rglob("*.py")):
        if path.name == "__init__.py" and path.parent == siting:
            continue
        found.setdefault(path.relative_to(siting).parts[0].removesuffix(".py"), []).append(path)
    return found


def imports(tree: ast.Module) -> set[str]:
    """Return the full names of what a module imports when it runs (types alone do not count)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            node.body = []
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def violations(siting: Path, tests: Path) -> list[str]:
    """Return each breach of a law as one line."""
    bad: list[str] = []
    for room, paths in rooms(siting).items():
        if room not in HOUSE:
            bad.append(f"{room}: not in the plan of the house")
            continue
        test = tests / f"test_{room}.py"
        if not test.exists() or not re.search(
            rf"siting(\.| import [^\n]*\b){room}\b", test.read_text("utf-8")
        ):
            bad.append(f"{room}: no test file of its own that imports it")
        for path in paths:
            bad += [f"{room}: {what}" for what in breaches(path, room)]
    return bad


def breaches(path: Path, room: str) -> list[str]:
    """Return what one module does against the laws."""
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    bad: list[str] = []
    if len(text.splitlines()) > MAX_LINES:
        bad.append(f"{path.name} has {len(text.splitlines())} lines")
    if not (ast.get_docstring(tree) or "").strip():
        bad.append(f"{path.name} has no caption")
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            length = (node.end_lineno or 0) - first.lineno + 1
            if length > MAX_BODY:
                bad.append(f"{node.name} has a body of {length} lines")
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "print"
            and room != "cli"
        ):
            bad.append("prints")
        if isinstance(node, ast.Call) and "register_dataframe_accessor" in ast.unparse(node.func):
            bad.append("registers an accessor")
    allowed = HOUSE[room]
    for name in imports(tree):
        top, *rest = name.split(".")
        if top == "siting" and rest and "*" not in allowed:
            used = rest[0]
            if used in HOUSE and used != room and used not in allowed:
                bad.append(f"imports {used}")
        if top in ONLY_IN and room not in ONLY_IN[top]:
            bad.append(f"knows {top}")
        if top in NO_NETWORK:
            bad.append(f"can reach the network by {top}")
    if room in {"utils", "helpers", "common"}:
        bad.append("is a grab bag")
    return bad


def test_the_code_keeps_the_laws() -> None:
    assert violations(REPO / "siting", REPO / "tests") == []


def test_the_house_has_no_stairs_up() -> None:
    order = list(HOUSE)
    for room, below in HOUSE.items():
        assert all(order.index(other) < order.index(room) for other in below - {"*"}), room


@pytest.mark.parametrize(
    ("room", "code", "expected"),
    [
        ("overlap", '"""x."""\nfrom siting.plan import read_plan\n', "imports plan"),
        ("overlap", '"""x."""\nfrom siting import maps\n', "imports maps"),
        ("tables", '"""x."""\nimport folium\n', "knows folium"),
        ("places", '"""x."""\nfrom urllib.request import urlopen\n', "network by urllib"),
        ("places", '"""x."""\ndef f():\n    print(1)\n', "prints"),
        ("chance", "x = 1\n", "no caption"),
        ("chance", '"""x."""\n' + "x = 1\n" * 400, "401 lines"),
        ("chance", '"""x."""\ndef f():\n' + "    x = 1\n" * 70, "body of 70 lines"),
        ("utils", '"""x."""\n', "not in the plan of the house"),
    ],
)
def test_the_guard_sees_a_bad_example(tmp_path: Path, room: str, code: str, expected: str) -> None:
    (tmp_path / "siting").mkdir()
    (tmp_path / "siting" / f"{room}.py").write_text(code, "utf-8")
    (tmp_path / f"test_{room}.py").write_text(f"import siting.{room}\n", "utf-8")
    found = violations(tmp_path / "siting", tmp_path)
    assert any(expected in line for line in found), found


def test_the_guard_misses_a_room_without_tests(tmp_path: Path) -> None:
    (tmp_path / "chance.py").write_text('"""x."""\n', "utf-8")
    assert violations(tmp_path, tmp_path) == ["chance: no test file of its own that imports it"]


def test_importing_siting_loads_no_heavy_library() -> None:
    code = (
        "import sys, siting; "
        "heavy = {'pandas', 'geopandas', 'numpy', 'folium', 'shapely'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_public_room_loads_on_first_use() -> None:
    import siting

    for room in siting.__all__:
        assert getattr(siting, room).__name__ == f"siting.{room}"
    with pytest.raises(AttributeError):
        siting.no_such_room  # noqa: B018
