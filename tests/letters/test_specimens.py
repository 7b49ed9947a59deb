"""Letters as people write them, each with what has to be made of it: bytes in, the object of `mailorder read` out."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from daemon.config import Config
from daemon.reading import csv_catalogue, read_bytes
from daemon.request.shelf import Shelf

HERE = Path(__file__).parent
CATALOGUE = HERE.parent.parent / "daemon" / "simulator" / "catalogue.csv"
SPECIMENS = sorted(HERE.glob("*.eml"))


@pytest.fixture(scope="module")
def catalogue() -> Shelf:
    return csv_catalogue(CATALOGUE)


@pytest.mark.parametrize("letter", SPECIMENS, ids=lambda path: path.stem)
def test_the_letter_is_understood_as_its_twin_says(letter: Path, catalogue: Shelf) -> None:
    expected = tomllib.loads(letter.with_suffix(".toml").read_text("utf-8"))
    told = read_bytes(letter.read_bytes(), catalogue, Config())
    assert {key: seen(key, told) for key in expected} == expected
    assert told["kind"] != "several" or "steps" in expected, "what is done of several commands has to be told, too"


def seen(key: str, told: dict[str, Any]) -> Any:
    """What was told under a key of the .toml, in its words; nothing is an empty text there."""
    faults = told["faults"]
    match key:
        case "items":
            return [[item["product_id"], item["quantity"]] for item in told["items"]]
        case "faults":
            return [fault["reason"] for fault in faults]
        case "lines":
            return [fault["line"] for fault in faults]
        case "suggestions":
            return [fault["suggestion"] for fault in faults]
        case "about" | "cents" | "inclusive":
            return told["asked"][key]
        case "steps":
            return [[step["line"], step["kind"] or "", step["text"]] for step in told["steps"]]
        case "first_fault":
            return faults[0]["reason"] if faults else ""
        case _:
            return "" if told[key] is None else told[key]


def test_every_letter_has_its_twin() -> None:
    letters = {path.stem for path in SPECIMENS}
    assert len(letters) >= 150
    assert letters == {path.stem for path in HERE.glob("*.toml")}
