"""What goes out: a table for spreadsheets, as CSV or XLSX, no text in it ever taken for a formula; values in JSON."""

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from daemon.importing.faults import TableError
from daemon.importing.formulas import guarded

Cell = str | int | Decimal | bool | datetime | None
"""Decimal is an amount of money with two decimals; a moment is written in ISO 8601, None as nothing."""


def units(cents: int) -> Decimal:
    """Cents as an amount in the currency."""
    return Decimal(cents).scaleb(-2)


def in_json(value: object) -> str:
    """What JSON has no form for: times in ISO 8601, whatever else as text."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a CSV or XLSX file, by its name; it takes the place of an older one when it is whole.

    Returns how many rows there were. Raises TableError when it cannot be written, or not whole.
    """
    writers = {".csv": write_csv, ".xlsx": write_xlsx}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise TableError(f"{path}: name it .csv or .xlsx, so that its form is known")
    try:
        with instead_of(path) as draft:
            return writer(draft, header, rows)
    except OSError as error:
        raise TableError(f"{path}: cannot be written ({error.strerror or error})") from None


@contextmanager
def instead_of(path: Path) -> Iterator[Path]:
    """A file beside the one that is meant, which it replaces when all went well."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    count = 0
    # With a byte order mark: without it spreadsheets on Windows do not believe in UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for count, row in enumerate(rows, 1):  # noqa: B007  how many there were
            writer.writerow([plain(cell) for cell in row])
    return count


def plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.isoformat()
    return guarded(cell) if isinstance(cell, str) else str(cell)


def write_xlsx(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    from xlsxwriter import Workbook

    count = 0
    # Row by row to the disk; text stays text whatever it looks like.
    told = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), told) as book:
        sheet, money = book.add_worksheet(), book.add_format({"num_format": "0.00"})
        sheet.write_row(0, 0, header, book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
        for count, row in enumerate(rows, 1):
            write_row(sheet, count, row, money)
    return count


def write_row(sheet: Any, place: int, row: Sequence[Cell], money: Any) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, Decimal):
            refused = sheet.write_number(place, column, float(cell), money)
        elif isinstance(cell, int) and not isinstance(cell, bool):
            refused = sheet.write_number(place, column, cell)
        else:
            text = plain(cell)
            refused = sheet.write_string(place, column, text) if text else 0
        if refused:
            raise TableError(f"row {place + 1} is beyond what XLSX holds; write .csv instead")
