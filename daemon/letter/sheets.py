"""Tables that came attached: CSV and XLSX to rows of text, or the reason why not."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, time
from itertools import islice

from daemon.letter.charsets import decode, visible
from daemon.letter.shapes import Limits, Sheet, Unopened

DELIMITERS = ",;\t|"
ZIP_ENTRIES = 1_000

Row = tuple[int, tuple[str, ...]]
Tables = list[tuple[str, list[Row]]]


class CannotOpen(Exception):
    """Why a sheet is not read: formula, too_large, unreadable; never leaves this room."""


def from_csv(name: str, data: bytes, charset: str, limits: Limits) -> Sheet | Unopened:
    """A text table; the delimiter is the one its header row uses most (or the one Excel's `sep=` line names)."""
    try:
        if len(data) > limits.sheet_bytes:
            raise CannotOpen("too_large")
        return sheet_of(name, csv_rows(data, charset, limits))
    except CannotOpen as why:
        return Unopened(name, str(why))


def csv_rows(data: bytes, charset: str, limits: Limits) -> list[Row]:
    text, garbled = decode(data, charset if "7" not in charset else "")
    if garbled or "\0" in text:
        raise CannotOpen("unreadable")
    lines = visible(text).splitlines()
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise CannotOpen("unreadable")
    told = lines[first].strip().lower()
    delimiter = told[4:] if told.startswith("sep=") and len(told) == 5 else delimiter_of(lines[first])
    if told.startswith("sep="):
        lines[first] = ""
    try:
        return bounded(csv.reader(lines, delimiter=delimiter or "\t"), limits)
    except csv.Error:  # a field longer than 128 KB
        raise CannotOpen("unreadable") from None


def delimiter_of(header: str) -> str:
    """The delimiter that stands most often outside of quotation marks; a comma when there is none."""
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def from_xlsx(name: str, data: bytes, limits: Limits) -> list[Sheet] | Unopened:
    """The visible worksheets that are not empty; one that holds a formula makes the whole file unopened."""
    try:
        check_zip(data, limits)
        tables = [(title, rows) for title, rows in worksheets(data, limits) if rows]
        if not tables:
            raise CannotOpen("unreadable")
        several = len(tables) > 1
        return [sheet_of(f"{name}: {title}"[-80:] if several else name, rows) for title, rows in tables]
    except CannotOpen as why:
        return Unopened(name, str(why))


def check_zip(data: bytes, limits: Limits) -> None:
    """An XLSX is a zip, which may hold a thousand times its size: its own table of contents is summed first.

    zipfile reads no more of an entry than the table says, so a table that lies cannot cost more.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError):
        raise CannotOpen("unreadable") from None
    if len(entries) > ZIP_ENTRIES or sum(entry.file_size for entry in entries) > limits.sheet_bytes:
        raise CannotOpen("too_large")


def worksheets(data: bytes, limits: Limits) -> Tables:
    import openpyxl  # slow to import, and few letters bring a sheet

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False, rich_text=False)
        tables: Tables = []
        for sheet in book.worksheets:
            if getattr(sheet, "sheet_state", "visible") == "visible":
                # Dimensions are a claim of the file; without them rows come as they are.
                sheet.reset_dimensions()
                cells = sheet.iter_rows(max_row=limits.sheet_rows + 1, max_col=limits.sheet_columns + 1)
                tables.append((visible(sheet.title), bounded(map(texts, cells), limits)))
        return tables
    except CannotOpen:
        raise
    except Exception as error:
        # openpyxl raises whatever its XML, zip and type code stumbles over; all of it means one thing: a broken file.
        raise CannotOpen("unreadable") from error


def texts(row: Iterable[object]) -> Iterator[str]:
    for cell in row:
        if getattr(cell, "data_type", "n") == "f":
            raise CannotOpen("formula")
        yield text_of(getattr(cell, "value", None))


def text_of(value: object) -> str:
    """A cell's value as a person would read it: 2.0 is 2, a date is ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def bounded(rows: Iterable[Iterable[str]], limits: Limits) -> list[Row]:
    """The rows that hold anything, by their number in the sheet; too many of them or too wide is an error, not a cut."""
    found: list[Row] = []
    for number, row in enumerate(islice(rows, limits.sheet_rows + 1), 1):
        cells = [" ".join(visible(cell).split()) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if number > limits.sheet_rows or len(cells) > limits.sheet_columns:
            raise CannotOpen("too_large")
        if any(cell.startswith("=") for cell in cells):
            raise CannotOpen("formula")
        found.append((number, tuple(cells)))
    return found


def sheet_of(name: str, rows: list[Row]) -> Sheet:
    if not rows:
        raise CannotOpen("unreadable")
    return Sheet(name, tuple(rows))
