"""What a stranger sees first agrees with the code: environment, README, command board, changelog."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

from tests.test_house import HOUSE

REPO = Path(__file__).parents[1]
PROJECT = tomllib.loads((REPO / "pyproject.toml").read_text("utf-8"))["project"]


def example(readme: str) -> str:
    """Return the first Python block of a README."""
    return re.findall(r"```python\n(.*?)```", (REPO / readme).read_text("utf-8"), re.DOTALL)[0]


def test_environment_yml_lists_what_pyproject_lists() -> None:
    listed = yaml.safe_load((REPO / "environment.yml").read_text("utf-8"))["dependencies"]
    conda = {item for item in listed if isinstance(item, str)}
    pip = set(next(item["pip"] for item in listed if isinstance(item, dict)))
    wanted = set(PROJECT["dependencies"]) | set(PROJECT["optional-dependencies"]["notebook"])
    assert conda | pip == wanted | {"python>=3.11", "pip", "-e ."}
    assert PROJECT["requires-python"] == ">=3.11"


def test_the_readme_example_runs_as_it_stands(tmp_path: Path) -> None:
    code = example("README.md")
    assert len(code.strip().splitlines()) == 8
    assert example("README.zh.md") == code
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert list(tmp_path.glob("*.html"))


def test_both_readmes_list_every_room() -> None:
    for readme in ("README.md", "README.zh.md"):
        listed = re.findall(r"^\| `(\w+)` \|", (REPO / readme).read_text("utf-8"), re.MULTILINE)
        present = {
            p.name.removesuffix(".py")
            for p in (REPO / "siting").iterdir()
            if (p.suffix == ".py" and p.stem != "__init__") or (p / "__init__.py").exists()
        }
        assert set(listed) == present
        assert set(listed) <= set(HOUSE)


def test_the_readmes_name_words_that_the_makefile_has() -> None:
    board = (REPO / "Makefile").read_text("utf-8")
    for readme in ("README.md", "README.zh.md"):
        for word in re.findall(r"`make ([a-z-]+)", (REPO / readme).read_text("utf-8")):
            assert re.search(rf"^{word}:", board, re.MULTILINE), word


def test_the_pictures_of_the_readme_are_there() -> None:
    for readme in ("README.md", "README.zh.md"):
        for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", (REPO / readme).read_text("utf-8")):
            assert (REPO / path).exists(), path


def test_the_changelog_has_a_next() -> None:
    assert "## Next" in (REPO / "CHANGELOG.md").read_text("utf-8")
