"""Tables that came attached: CSV and XLSX to rows of text, or the reason why not."""

import csv
from collections.abc import Iterable, Sequence

from daemon.letter import xlsx
from daemon.letter.charsets import decode, visible
from daemon.letter.shapes import Limits, Sheet, Unopened
from daemon.letter.xlsx import CannotOpenError, Row

DELIMITERS = ",;\t|"


def from_csv(name: str, data: bytes, charset: str, limits: Limits) -> list[Sheet] | Unopened:
    """A text table; the delimiter is the one its header row uses most (or the one Excel's `sep=` line names)."""
    try:
        if len(data) > limits.sheet_bytes:
            raise CannotOpenError("too_large")
        return [sheet_of(name, csv_rows(data, charset, limits))]
    except CannotOpenError as why:
        return Unopened(name, str(why))


def csv_rows(data: bytes, charset: str, limits: Limits) -> list[Row]:
    text, garbled = decode(data, charset if "7" not in charset else "")
    if garbled or "\0" in text:
        raise CannotOpenError("unreadable")
    lines = visible(text).splitlines()
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise CannotOpenError("unreadable")
    told = lines[first].strip().lower()
    delimiter = told[4:] if told.startswith("sep=") and len(told) == 5 else delimiter_of(lines[first])
    if told.startswith("sep="):
        lines[first] = ""
    try:
        return bounded(enumerate(csv.reader(lines, delimiter=delimiter), 1), limits)
    except csv.Error:  # a field longer than 128 KB
        raise CannotOpenError("unreadable") from None


def delimiter_of(header: str) -> str:
    """The delimiter that stands most often outside of quotation marks; a comma when there is none."""
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def from_xlsx(name: str, data: bytes, limits: Limits) -> tuple[list[Sheet] | Unopened, int]:
    """The visible worksheets that are not empty, and the bytes unpacked for them.

    One that holds a formula makes the whole file unopened: what it shows was computed elsewhere, if at all.
    """
    size = 0
    try:
        size = xlsx.unpacked_size(data)
        if size > limits.sheet_bytes:
            raise CannotOpenError("too_large")
        tables = [(title, bounded(rows, limits)) for title, rows in xlsx.worksheets(data, limits) if rows]
        several = len(tables) > 1
        found = [sheet_of(f"{name}: {visible(title)}"[-80:] if several else name, rows) for title, rows in tables]
        return found or Unopened(name, "unreadable"), size
    except CannotOpenError as why:
        return Unopened(name, str(why)), min(size, limits.sheet_bytes)


def bounded(rows: Iterable[tuple[int, Sequence[str]]], limits: Limits) -> list[Row]:
    """The rows that hold anything, by their number in the sheet; too many or too wide ones are refused, not cut."""
    found: list[Row] = []
    for number, row in rows:
        if any(cell.strip() for cell in row[limits.sheet_columns :]):
            raise CannotOpenError("too_large")
        cells = [" ".join(visible(cell).split()) for cell in row[: limits.sheet_columns]]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if number > limits.sheet_rows:
            raise CannotOpenError("too_large")
        if any(cell.startswith("=") for cell in cells):
            raise CannotOpenError("formula")
        found.append((number, tuple(cells)))
    return found


def sheet_of(name: str, rows: list[Row]) -> Sheet:
    if not rows:
        raise CannotOpenError("unreadable")
    return Sheet(name, tuple(rows))
