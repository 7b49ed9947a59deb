"""A table that staff bring, CSV (also gzipped) or XLSX, as a stream of lines whose cells go by the columns' names."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from daemon.importing.faults import Fault, TableError, in_short
from daemon.importing.formulas import unguarded
from daemon.importing.text import csv_rows, look_through
from daemon.letter import Limits
from daemon.letter.charsets import visible
from daemon.letter.xlsx import CannotOpenError, unpacked_size, worksheets

Columns = Mapping[str, tuple[str, ...]]
"""The columns that mean something to the reader, and how a header may spell each, the preferred spelling first."""

Rows = Iterable[tuple[int, Sequence[str]]]

SHEET = Limits(sheet_rows=1_048_576, sheet_columns=200, sheet_bytes=300_000_000)
"""The rows are those of the format itself; the bytes are unpacked."""

WHY_NOT_OPENED = {
    "formula": "holds formulas; save it with their values alone, or as CSV",
    "too_large": "is too large for XLSX; save it as CSV",
    "unreadable": "is no XLSX that can be read; save it anew, or as CSV",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds anything, counted as an editor or a spreadsheet does; `raw` are all its cells as they stood.

    `cells` has every column of ours that the table has. When the cells do not fit under the header there is a `fault`
    and no cells.
    """

    number: int
    cells: Mapping[str, str]
    raw: tuple[str, ...]
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """An open table: `columns` are those of ours that it has, `unused` the headers that mean nothing to the reader.

    `size` is about how many lines there are; `charset` how they were read: utf-8, utf-16, cp1252, or xlsx.
    """

    header: tuple[str, ...]
    columns: frozenset[str]
    unused: tuple[str, ...]
    size: int
    charset: str
    lines: Iterator[Line]


@contextmanager
def open_table(path: Path, columns: Columns, required: Sequence[str]) -> Iterator[Table]:
    """Open a table that has the required columns, in any order; its lines are read as they are asked for.

    Raises TableError, also while lines are read.
    """
    try:
        yield headed(*rows_of(path), columns, required)
    except TableError as why:
        raise TableError(f"{path}: {why}") from None
    except OSError as error:
        raise TableError(f"{path}: cannot be read ({error.strerror or error})") from None


def rows_of(path: Path) -> tuple[Rows, int, str]:
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PK\3\4"):
        rows = sheet_rows(path)
        return rows, len(rows), "xlsx"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError("is in the format of old Excel; save it as XLSX or CSV")
    charset, size = look_through(path)
    return csv_rows(path, charset), size, charset


def sheet_rows(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    """The rows of the one visible worksheet that holds anything."""
    if path.stat().st_size > SHEET.sheet_bytes:
        raise TableError(WHY_NOT_OPENED["too_large"])
    data = path.read_bytes()
    try:
        if unpacked_size(data) > SHEET.sheet_bytes:
            raise CannotOpenError("too_large")
        filled = [rows for _, rows in worksheets(data, SHEET) if rows]
    except CannotOpenError as why:
        raise TableError(WHY_NOT_OPENED[str(why)]) from None
    if len(filled) > 1:
        raise TableError(f"has {len(filled)} worksheets that hold something; keep the one that is meant")
    return filled[0] if filled else []


def headed(rows: Rows, size: int, charset: str, columns: Columns, required: Sequence[str]) -> Table:
    numbered = iter(rows)
    header = trimmed(next(numbered, (0, ()))[1], 0)
    places = places_of(header, columns)
    if missing := [name for name in required if name not in places]:
        # A file without a header begins with a line about somebody, which is not to be repeated.
        found = in_short(", ".join(header)) if places else "none of ours" if header else "it is empty"
        raise TableError(f"its first line has no column {', no column '.join(missing)} ({found})")
    unused = tuple(cell for at, cell in enumerate(header) if at not in places.values())
    # A spreadsheet does not write the empty cells at the end of a row.
    shape = partial(line_of, places, len(header), 0 if charset == "xlsx" else len(header))
    lines = (shape(number, row) for number, row in numbered)
    return Table(header, frozenset(places), unused, size, charset, lines)


def places_of(header: Sequence[str], columns: Columns) -> dict[str, int]:
    """Where each of our columns stands. Raises TableError when one stands there twice."""
    names = [spelling(cell) for cell in header]
    places = {}
    for column, spellings in columns.items():
        found = next((name for name in spellings if name in names), None)
        if found is None:
            continue
        if names.count(found) > 1:
            raise TableError(f"has the column {found} twice")
        places[column] = names.index(found)
    return places


def spelling(cell: str) -> str:
    """A header as columns are named: "Sale Price" is sale_price."""
    return re.sub(r"[\s_-]+", "_", visible(unicodedata.normalize("NFKC", cell)).strip().lower())


def line_of(places: Mapping[str, int], most: int, least: int, number: int, row: Sequence[str]) -> Line:
    raw = trimmed(row, most)
    if len(raw) > most:
        words = f"has {len(raw)} cells under {most} headers; is a cell with a separator in it not in quotation marks?"
        return Line(number, {}, raw, Fault(number, "", "", "too_many_cells", words))
    if len(raw) < least:
        words = f"has {len(raw)} cells under {most} headers; is it cut off?"
        return Line(number, {}, raw, Fault(number, "", "", "too_few_cells", words))
    return Line(number, {name: clean(raw[at]) if at < len(raw) else "" for name, at in places.items()}, raw)


def trimmed(row: Sequence[str], least: int) -> tuple[str, ...]:
    """The row without empty cells at its end, where it has more than `least`."""
    end = len(row)
    while end > least and not row[end - 1].strip():
        end -= 1
    return tuple(row[:end])


def clean(cell: str) -> str:
    """A cell as a reader sees it, in one line: without our mark against formulas, and ="00123" as 00123."""
    if not cell.isascii() or not cell.isprintable() or "  " in cell:
        cell = " ".join(visible(cell).split())
    cell = cell.strip()
    if cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1].strip()
    return unguarded(cell)
