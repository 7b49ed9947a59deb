"""Tables as people and programs write them: the same rows, in every way that is accepted."""

import codecs
import csv
import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter import Workbook

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Way:
    """How a table is written. `codec` is of the file, `sep_line` Excel's own line that names the delimiter."""

    delimiter: str = ","
    codec: str = "utf-8"
    line_end: str = "\r\n"
    quote_all: bool = False
    zipped: bool = False
    sep_line: bool = False
    blank_lines: bool = False


def csv_bytes(rows: Rows, way: Way = Way()) -> bytes:
    text = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if way.quote_all else csv.QUOTE_MINIMAL
    if way.sep_line:
        text.write(f"sep={way.delimiter}{way.line_end}")
    writer = csv.writer(text, delimiter=way.delimiter, lineterminator=way.line_end, quoting=quoting)
    for row in rows:
        writer.writerow(row)
        if way.blank_lines:
            text.write(way.line_end)
    data = codecs.encode(text.getvalue(), way.codec)
    return gzip.compress(data) if way.zipped else data


def xlsx(path: Path, rows: Rows, numbers: bool = False, sheets: Sequence[str] = ("Products",)) -> Path:
    """A workbook with the same rows on each sheet; with `numbers` what is one is written as one."""
    told = {"strings_to_numbers": numbers, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), told) as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return path


def file_of(folder: Path, data: bytes | str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path
