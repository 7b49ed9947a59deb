"""A table of products brought into the books: read, compared with what is there, written whole or not at all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from daemon.importing.changes import Count, Plan, plan
from daemon.importing.export import write_table
from daemon.importing.faults import Fault, TableError
from daemon.importing.formulas import unguarded
from daemon.importing.products import COLUMNS, REQUIRED, ProductLine, read_products
from daemon.importing.tables import Line, Table, open_table
from store import catalogue
from store.database import Connection, Database
from store.facts import product_key

CHUNK = 2_000
"""Lines read, or rows written, between two tellings of the progress."""

REASON = "reason"

Progress = Callable[[int, int], None]
"""Told how many are done, of how many."""

Some = TypeVar("Some")


@dataclass(frozen=True, slots=True)
class Options:
    """What was said about the import.

    `actor` is in whose name stock moves. `counted`: the quantities are what was counted just now, so that those of
    known products are corrected. `skip_bad` is where the lines that are left out are written.
    """

    actor: str
    currency: str
    counted: bool = False
    skip_bad: Path | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A file as it was read: what its good lines say, the faults of the others, and all lines as they stood."""

    header: tuple[str, ...]
    unused: tuple[str, ...]
    charset: str
    good: tuple[ProductLine, ...]
    faults: tuple[Fault, ...]
    raw: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: `faults` of all bad lines, in order; `written` is False when nothing was to be changed."""

    told: Told
    plan: Plan
    faults: tuple[Fault, ...]
    written: bool


def import_products(path: Path, shop: Database, options: Options, now: datetime, tell: Progress) -> Imported:
    """Bring a CSV or XLSX file into the books: new products with their stock, changes to those that are known.

    An empty cell changes nothing, nor does a column that is missing, so the same file again changes nothing at all.
    Without `skip_bad` one bad line is enough for nothing to be written; with it the bad lines are on the disk before
    the others are in the books. Raises TableError when the file cannot be read, or its bad lines not be written.
    """
    if options.skip_bad is not None and options.skip_bad.resolve() == path.resolve():
        raise TableError(f"{path}: is the file that is imported; name another for its bad lines")
    told = read_file(path, options.currency, tell)
    with shop.reading() as connection:
        first = plan_in(connection, told.good, options, now)
    if options.dry_run or ((told.faults or first.faults) and options.skip_bad is None):
        return result(told, first, written=False)
    if options.skip_bad is not None and (told.faults or first.faults):
        write_bad(options.skip_bad, result(told, first, written=True))
    if not (first.new or first.changed or first.moved):
        return result(told, first, written=True)
    with shop.transaction() as connection:
        made = renewed(connection, first, told.good, options, now)
        carry_out(connection, made, options.actor, now, tell)
    return result(told, made, written=True)


def read_file(path: Path, currency: str, tell: Progress) -> Told:
    good: list[ProductLine] = []
    faults: list[Fault] = []
    raw: dict[int, tuple[str, ...]] = {}
    with open_table(path, COLUMNS, REQUIRED) as table:
        for line, said in read_products(telling(table, tell), currency):
            raw[line.number] = line.raw
            if isinstance(said, ProductLine):
                good.append(said)
            else:
                faults.extend(said)
        return Told(table.header, table.unused, table.charset, tuple(good), tuple(faults), raw)


def telling(table: Table, tell: Progress) -> Iterator[Line]:
    for done, line in enumerate(table.lines):
        if done % CHUNK == 0:
            tell(done, table.size)
        yield line


def plan_in(connection: Connection, lines: Sequence[ProductLine], options: Options, now: datetime) -> Plan:
    known = catalogue.products(connection, [line.key for line in lines])
    return plan(lines, known, Count(options.actor, now) if options.counted else None)


def renewed(connection: Connection, first: Plan, lines: Sequence[ProductLine], options: Options, now: datetime) -> Plan:
    """The plan, made without holding up the customers, as it is now that the books are ours.

    Only known products can have changed since; one that came meanwhile is refused by the database.
    """
    touched = {product.key for product in first.changed} | {product_key(moved.product_id) for moved in first.moved}
    again = plan_in(connection, [line for line in lines if line.key in touched], options, now)
    if again.new or again.faults:
        raise TableError("a product was removed while the file was read; import it again")
    return replace(first, changed=again.changed, moved=again.moved, same=first.same + again.same)


def result(told: Told, made: Plan, written: bool) -> Imported:
    faults = sorted((*told.faults, *made.faults), key=lambda fault: fault.line)
    return Imported(told, made, tuple(faults), written)


def write_bad(path: Path, done: Imported) -> None:
    """The bad lines as they stood, behind their reasons: to be corrected there, and that file to be imported."""
    told = done.told
    # The file may itself have been written here, corrected, and still not be right.
    skip = told.header[:1] == (REASON,)
    reasons: dict[int, list[str]] = {}
    for fault in done.faults:
        reasons.setdefault(fault.line, []).append(f"{fault.column} {fault.words}".strip())
    rows = [("; ".join(words), *map(unguarded, told.raw[line][skip:])) for line, words in reasons.items()]
    write_table(path, (REASON, *told.header[skip:]), rows)


def carry_out(connection: Connection, made: Plan, actor: str, now: datetime, tell: Progress) -> None:
    """Write what was planned; the caller's transaction makes it all or nothing."""
    total, done = len(made.new) + len(made.changed) + len(made.moved), 0
    for new in chunks(made.new):
        tell(done, total)
        catalogue.add(connection, new, actor, now)
        done += len(new)
    for changed in chunks(made.changed):
        tell(done, total)
        catalogue.change(connection, changed)
        done += len(changed)
    for moved in chunks(made.moved):
        tell(done, total)
        catalogue.move(connection, moved)
        done += len(moved)
    tell(total, total)


def chunks(rows: Sequence[Some]) -> Iterator[Sequence[Some]]:
    return (rows[at : at + CHUNK] for at in range(0, len(rows), CHUNK))
