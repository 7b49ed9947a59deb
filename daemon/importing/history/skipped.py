"""The lines that an import left out, written to a file of their own: correct them there, and import that file."""

import csv
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from daemon.importing.export import instead_of
from daemon.importing.faults import Fault, TableError
from daemon.importing.formulas import guarded, unguarded
from daemon.importing.history.lines import COLUMNS, REQUIRED, order_name
from daemon.importing.tables import Line, open_table

REASON = "reason"


def write_skipped(to: Path, path: Path, faults: Iterable[Fault], left_out: Collection[str]) -> int:
    """Write the bad lines, and all others of their orders, with the reason as last column; returns how many.

    The file is as personal as the one it is taken from, and for its owner alone (0600). Raises TableError.
    """
    reasons: defaultdict[int, list[str]] = defaultdict(list)
    for fault in faults:
        reasons[fault.line].append(f"{fault.column} {fault.words}".strip())
    if to.resolve() == path.resolve():
        raise TableError(f"{to}: is the file that is imported; name another for its bad lines")
    try:
        with open_table(path, COLUMNS, REQUIRED) as table, instead_of(to) as draft, private(draft) as file:
            header = without_reason(table.header)
            out = csv.writer(file)
            out.writerow([*header, REASON])
            found = bad_lines(table.lines, reasons, left_out)
            return sum(1 for line, reason in found if out.writerow([*as_it_stood(line, len(header)), reason]))
    except OSError as error:
        raise TableError(f"{to}: cannot be written ({error.strerror or error})") from None


def bad_lines(
    lines: Iterable[Line], reasons: Mapping[int, list[str]], left_out: Collection[str]
) -> Iterator[tuple[Line, str]]:
    for line in lines:
        if line.number in reasons:
            yield line, "; ".join(reasons[line.number])
        elif order_name(line) in left_out:
            yield line, "left out with another line of its order"


def without_reason(header: Sequence[str]) -> Sequence[str]:
    """The header of a file that was itself written here, corrected and still not right."""
    return header[:-1] if header and header[-1] == REASON else header


def as_it_stood(line: Line, width: int) -> list[str]:
    cells = line.raw if line.fault else line.raw[:width]
    return [guarded(unguarded(cell)) for cell in cells] + [""] * (width - len(cells))


def private(path: Path) -> TextIO:
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8", newline="")
