"""CSV as a stream: its charset found out in one pass, its rows read in another, each by the line it begins at."""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, cast

from daemon.importing.faults import TableError
from daemon.letter.sheets import delimiter_of

LONGEST = 2_000_000_000
"""Bytes of text, unpacked. Nothing of it is held; the bound is there for gzip bombs."""

CHUNK = 1 << 20
CODECS = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "cp1252": "cp1252"}


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked when it is gzipped. Raises TableError for broken gzip, also while reading."""
    with path.open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        try:
            yield cast(IO[bytes], gzip.GzipFile(fileobj=file)) if zipped else file
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise TableError("is broken gzip; fetch it anew") from None


def look_through(path: Path) -> tuple[str, int]:
    """(utf-8, utf-16 or cp1252; how many line ends). Raises TableError for what is no text."""
    charset, lines, read = "utf-8", 0, 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    with opened(path) as stream:
        while chunk := stream.read(CHUNK):
            if not read and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                charset = "utf-16"
            read += len(chunk)
            lines += chunk.count(b"\n") or chunk.count(b"\r")
            if read > LONGEST:
                raise TableError(f"is longer than {LONGEST // 1_000_000} MB; cut it into several files")
            if charset != "utf-16" and b"\0" in chunk:
                raise TableError("is neither a text nor XLSX")
            charset = charset if charset != "utf-8" or decodes(decoder, chunk) else "cp1252"
    whole = charset != "utf-8" or decodes(decoder, b"", final=True)
    # What spreadsheets on Windows still write when nobody asks for UTF-8.
    return (charset if whole else "cp1252"), lines


def decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def csv_rows(path: Path, charset: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything; the delimiter is the one the first uses most, or that Excel's `sep=` line names."""
    begins = 1
    try:
        with opened(path) as stream, io.TextIOWrapper(stream, encoding=CODECS[charset], newline="") as lines:
            before, first = next(((at, line) for at, line in enumerate(lines) if line.strip()), (0, ""))
            told = first.rstrip("\r\n").lower()
            names_it = told.startswith("sep=") and len(told) == 5
            delimiter = told[4] if names_it else delimiter_of(first)
            reader = csv.reader(lines if names_it else chain([first], lines), delimiter=delimiter, strict=True)
            begins = before = before + names_it + 1
            for row in reader:
                if any(map(str.strip, row)):
                    yield begins, row
                begins = before + reader.line_num
    except csv.Error as error:
        raise TableError(f"line {begins} cannot be split into cells ({error}); is a quotation mark missing?") from None
    except UnicodeError:
        raise TableError("is neither in UTF-8 nor in Windows-1252; save it as CSV in UTF-8") from None
