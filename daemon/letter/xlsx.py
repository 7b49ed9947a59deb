"""XLSX read as a stream (ECMA-376 part 1): the text of its visible worksheets, in time linear to their size.

By hand rather than by openpyxl, which builds the whole style sheet first: 18 KB of zip cost it half a
minute and a gigabyte.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from lzma import LZMAError
from xml.parsers import expat

from daemon.letter.shapes import Limits

ENTRIES = 1_000
CHUNK = 65_536
DEPTH = 40
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    expat.ExpatError,
    KeyError,  # an entry that is named but not there
    LookupError,  # an XML encoding that nobody knows
    ValueError,
    NotImplementedError,  # a compression that zipfile does not know
    RuntimeError,  # encrypted
    EOFError,
    OSError,
)
REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Row = tuple[int, tuple[str, ...]]


class CannotOpenError(Exception):
    """Why a sheet is not read: formula, too_large, unreadable; becomes an Unopened with that reason."""


def unpacked_size(data: bytes) -> int:
    """How many bytes the zip's own table of contents promises.

    zipfile reads no more of an entry than promised, so a table that lies cannot cost more.
    Raises CannotOpenError("unreadable") for what is no zip.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except BROKEN:
        raise CannotOpenError("unreadable") from None
    if len(entries) > ENTRIES:
        raise CannotOpenError("too_large")
    return sum(entry.file_size for entry in entries)


def worksheets(data: bytes, limits: Limits) -> list[tuple[str, list[Row]]]:
    """(title, rows that hold anything) of each visible worksheet; raises CannotOpenError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            strings = shared_strings(archive, limits)
            return [(title, rows_of(archive, path, strings, limits)) for title, path in sheet_paths(archive)]
    except BROKEN:
        raise CannotOpenError("unreadable") from None


@dataclass(slots=True)
class Event:
    """The element that just ended: its local name, its attributes, the text directly in it, and what it stands in."""

    name: str
    attributes: dict[str, str]
    inside: tuple[str, ...]
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def elements(archive: zipfile.ZipFile, path: str) -> Iterator[Event]:
    """The elements of one XML file in the order they end; a document type, which could define entities, is refused."""
    parser = expat.ParserCreate()
    open_elements: list[Event] = []
    ended: list[Event] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_elements) >= DEPTH:
            raise CannotOpenError("unreadable")
        inside = (*open_elements[-1].inside, open_elements[-1].name) if open_elements else ()
        open_elements.append(Event(name.rpartition(":")[2], attributes, inside))

    def text(data: str) -> None:
        if open_elements:
            open_elements[-1].pieces.append(data)

    def end(_: str) -> None:
        ended.append(open_elements.pop())

    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    with archive.open(path) as stream:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk, False)
            yield from ended
            ended.clear()
    parser.Parse(b"", True)
    yield from ended


def refuse(*_: object) -> None:
    raise CannotOpenError("unreadable")


def sheet_paths(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """(title, path in the zip) of the visible worksheets."""
    related = {
        event.attributes.get("Id", ""): event.attributes
        for event in elements(archive, "xl/_rels/workbook.xml.rels")
        if event.name == "Relationship"
    }
    for event in elements(archive, "xl/workbook.xml"):
        if event.name != "sheet" or event.attributes.get("state", "visible") != "visible":
            continue
        relation = next((value for key, value in event.attributes.items() if key.rpartition(":")[2] == "id"), "")
        told = related.get(relation, {})
        if told.get("Type", "").endswith("/worksheet"):
            yield event.attributes.get("name", ""), posixpath.join("/xl", told.get("Target", "")).lstrip("/")


def shared_strings(archive: zipfile.ZipFile, limits: Limits) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    strings: list[str] = []
    pieces: list[str] = []
    for event in elements(archive, "xl/sharedStrings.xml"):
        if event.name == "t" and "rPh" not in event.inside:  # not how it is pronounced
            pieces.append(event.text)
        elif event.name == "si":
            strings.append(unescaped("".join(pieces)))
            pieces.clear()
            if len(strings) > limits.sheet_rows * limits.sheet_columns:
                raise CannotOpenError("too_large")
    return strings


def rows_of(archive: zipfile.ZipFile, path: str, strings: list[str], limits: Limits) -> list[Row]:
    """The rows of a worksheet that hold anything, by the number they have there."""
    rows: list[Row] = []
    cells: dict[int, str] = {}
    inline: list[str] = []
    value = ""
    number = column = 0
    for event in elements(archive, path):
        match event.name:
            case "f":
                raise CannotOpenError("formula")
            case "v":
                value = event.text
            case "t" if "rPh" not in event.inside:
                inline.append(event.text)
            case "c":
                column = column_of(event.attributes.get("r", ""), column)
                text = cell_text(event.attributes.get("t", "n"), value, inline, strings)
                if text:
                    cells[column] = text
                if len(cells) > limits.sheet_columns or (text and column > limits.sheet_columns):
                    raise CannotOpenError("too_large")
                value = ""
                inline.clear()
            case "row":
                told = event.attributes.get("r", "")
                number = int(told) if told else number + 1
                if cells:
                    rows.append((number, tuple(cells.get(at, "") for at in range(1, max(cells) + 1))))
                if cells and (number > limits.sheet_rows or len(rows) > limits.sheet_rows):
                    raise CannotOpenError("too_large")
                cells.clear()
                column = 0
    return rows


def column_of(reference: str, before: int) -> int:
    """The column's number from a reference like B2, or the next one where none is given."""
    told = REFERENCE.fullmatch(reference)
    if not told:
        return before + 1
    number = 0
    for letter in told[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def cell_text(kind: str, value: str, inline: list[str], strings: list[str]) -> str:
    """A cell as a person would read it: shared and inline strings as they are, 2.0 as 2."""
    readers: dict[str, Callable[[], str]] = {
        "s": lambda: strings[int(value)] if value else "",
        "inlineStr": lambda: unescaped("".join(inline)),
        "n": lambda: number_text(value),
        "b": lambda: {"1": "TRUE", "0": "FALSE"}.get(value, value),
    }
    reader = readers.get(kind)
    return (reader() if reader else unescaped(value)).strip()


def number_text(value: str) -> str:
    """A number in the shortest form that means the same; numbers are stored as binary fractions written out."""
    if not value or value.isdigit():
        return value
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)


def unescaped(text: str) -> str:
    """What XML cannot hold is written as _x000D_ (ECMA-376 part 1, 22.4.2.4)."""
    return ESCAPED.sub(lambda told: chr(int(told[1], 16)), text) if "_x" in text else text
