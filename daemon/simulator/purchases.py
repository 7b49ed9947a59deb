"""What customers bought once, read from a file of past orders, to be ordered anew by letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from daemon.importing.faults import TableError
from daemon.importing.history.lines import COLUMNS, REQUIRED, BadLine, Customs, PastLine, read_line
from daemon.importing.tables import open_table

CUSTOMS = Customs(ZoneInfo("UTC"), "USD", now=datetime.max.replace(tzinfo=UTC))
"""Simulated days may lie in the future, too."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order of the file: who bought what on which day; `wares` are (product_id, quantity), `zip_code` as given."""

    day: date
    email: str
    zip_code: str
    wares: tuple[tuple[str, int], ...]


def read_purchases(path: Path) -> list[Purchase]:
    """The orders by day, within a day as they stand in the file.

    Raises TableError, also for the first line that cannot be read: `mailorder orders import` tells all of them.
    """
    gathered: dict[str, list[PastLine]] = {}
    with open_table(path, COLUMNS, (*REQUIRED, "location")) as table:
        for line in table.lines:
            told = read_line(line, CUSTOMS)
            if isinstance(told, BadLine):
                raise TableError(str(told.faults[0]))
            gathered.setdefault(told.order, []).append(told)
    return sorted(map(to_purchase, gathered.values()), key=lambda purchase: purchase.day)


def to_purchase(lines: Sequence[PastLine]) -> Purchase:
    first = lines[0]
    wares = tuple((line.product_id, line.quantity) for line in lines)
    return Purchase(first.placed_at.date(), first.customer, first.location, wares)
