"""A file of past orders booked in one transaction: all of it, or nothing, or all but what is bad."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count, islice
from pathlib import Path
from zoneinfo import ZoneInfo

from daemon.importing.faults import Fault
from daemon.importing.history.lines import BY_ID, COLUMNS, REQUIRED, BadLine, Customs, PastLine, read_line
from daemon.importing.history.orders import Books, Identity, Seen, Survey, judge, misfits, past_order, put_together
from daemon.importing.history.skipped import write_skipped
from daemon.importing.tables import open_table
from daemon.letter.addresses import plausible
from daemon.request.numbers import ALPHABET
from store import catalogue, customers, orders
from store.database import Connection, Database
from store.facts import Order, Product, ShippingAddress
from store.vault import Vault

CHUNK = 500
"""Orders written at once."""
LINES_BETWEEN = 5_000
"""Lines read before progress is told again."""

Progress = Callable[[int, int], None]
"""Told how many lines are done, of how many."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was said about the import; `skip_bad` is where the lines that are left out are written."""

    zone: ZoneInfo
    currency: str = "USD"
    take_stock: bool = False
    create_products: bool = False
    skip_bad: Path | None = None
    dry_run: bool = False


@dataclass(slots=True)
class Imported:
    """What became of a file. `faults` are of bad lines: without `skip_bad` one is enough for nothing to be booked.

    `known` are orders that were there before; `left_out` orders and `skipped` lines were not booked because of a bad
    line; money in cents.
    """

    lines: int = 0
    orders: int = 0
    order_lines: int = 0
    units: int = 0
    cents: int = 0
    known: int = 0
    created: int = 0
    left_out: int = 0
    skipped: int = 0
    booked: bool = False
    faults: tuple[Fault, ...] = ()


class NotBookedError(Exception):
    """Leaves the transaction without a trace: the file has bad lines, or it was only a trial."""


def import_history(
    path: Path, shop: Database, vault: Vault, options: Options, now: datetime, tell: Progress
) -> Imported:
    """Book the past orders of a CSV or XLSX file; those that are in the books already change nothing.

    Nobody is mailed, and stock is left alone unless `take_stock`. Raises TableError when the file cannot be read or
    the bad lines not be written.
    """
    survey = Survey()
    for line in lines_of(path, options, now, lambda done, of: tell(done // 2, of)):
        survey.note(line)
    run = Run(path, vault, options, now, survey)
    try:
        with shop.transaction() as connection:
            run.book(connection, lambda done, of: tell((of + done) // 2, of))
    except NotBookedError:
        run.done.booked = False
    run.done.faults = tuple(sorted(run.faults, key=lambda fault: fault.line))
    return run.done


def lines_of(path: Path, options: Options, now: datetime, tell: Progress) -> Iterator[PastLine | BadLine]:
    customs = Customs(options.zone, options.currency, now)
    with open_table(path, COLUMNS, REQUIRED) as table:
        for done, line in enumerate(table.lines):
            if done % LINES_BETWEEN == 0:
                tell(done, table.size)
            yield read_line(line, customs)
        tell(table.size, table.size)


class Run:
    """One import under way: what it has counted, found bad, and holds back for the vault."""

    def __init__(self, path: Path, vault: Vault, options: Options, now: datetime, survey: Survey) -> None:
        self.path, self.vault, self.options, self.now, self.survey = path, vault, options, now, survey
        self.done = Imported(lines=survey.lines)
        self.faults = list(survey.faults)
        self.left_out = set(survey.spoilt)
        self.emails: dict[str, str] = {}
        self.addresses: dict[str, ShippingAddress] = {}

    def book(self, connection: Connection, tell: Progress) -> None:
        """Judge and write chunk by chunk, in the caller's transaction. Raises NotBookedError to undo all of it."""
        books = self.open_books(connection)
        whole = put_together(lines_of(self.path, self.options, self.now, tell), self.survey)
        while chunk := list(islice(whole, CHUNK)):
            self.book_chunk(connection, chunk, books)
        self.done.left_out = len(self.left_out)
        if self.options.dry_run or (self.faults and self.options.skip_bad is None):
            raise NotBookedError
        if self.options.skip_bad is not None and self.faults:
            self.done.skipped = write_skipped(self.options.skip_bad, self.path, self.faults, self.left_out)
        self.keep_in_vault(connection)
        self.done.booked = True

    def keep_in_vault(self, connection: Connection) -> None:
        """Last of all, so that a file that is refused leaves nothing there, but before the shop commits, as always.

        Whoever was erased is not brought back by an old file.
        """
        gone = customers.erased(connection, self.emails)
        emails = {hashed: email for hashed, email in self.emails.items() if hashed not in gone}
        self.vault.keep(emails, [one for one in self.addresses.values() if one.hashed_email in emails], (), self.now)

    def open_books(self, connection: Connection) -> Books:
        products = catalogue.products(connection, self.survey.products)
        if self.options.create_products:
            new = [created(seen) for key, seen in self.survey.products.items() if key not in products]
            catalogue.add(connection, new, "import", self.now)
            products |= {one.key: one for one in new}
            self.done.created = len(new)
        left = {one.product_id: one.on_hand for one in products.values()} if self.options.take_stock else None
        return Books(products, left)

    def book_chunk(self, connection: Connection, chunk: Sequence[Sequence[PastLine]], books: Books) -> None:
        known, sources = self.known(connection, [lines[0].order for lines in chunk])
        new = []
        for lines in chunk:
            here = known.get(lines[0].order)
            if lines[0].order in self.left_out:
                self.faults += misfits(lines, books.products)
            elif faults := judge(lines, here, books):
                self.faults += faults
                self.left_out.add(lines[0].order)
            elif here is not None:
                self.done.known += 1
            else:
                new.append(lines)
        if not self.faults or self.options.skip_bad is not None:
            self.write(connection, [self.drafted(lines, sources, books) for lines in new])

    def known(self, connection: Connection, names: Sequence[str]) -> tuple[dict[str, Order], dict[str, str]]:
        """(orders of the chunk that are in the books, the source of each); one that we exported goes by its number."""
        sources = {name: self.vault.source(name) for name in names}
        numbers = {name: name.removeprefix(BY_ID) for name in names if name.startswith(BY_ID)}
        by_source = orders.by_sources(connection, sources.values())
        by_number = orders.by_numbers(connection, numbers.values())
        found = {name: by_source.get(sources[name]) or by_number.get(numbers.get(name, "")) for name in names}
        return {name: order for name, order in found.items() if order is not None}, sources

    def drafted(self, lines: Sequence[PastLine], sources: dict[str, str], books: Books) -> Order:
        """The order without a number yet; whose it is and where it went is noted for the vault."""
        hashed_email, address_id = self.customer(lines[0])
        identity = Identity(sources[lines[0].order], "", hashed_email, address_id)
        return past_order(lines, identity, books.products)

    def customer(self, line: PastLine) -> tuple[str | None, str | None]:
        email = plausible(line.customer) if "@" in line.customer else None
        if email is None:
            return (self.vault.hashed_customer(line.customer) if line.customer else None), None
        hashed_email = self.vault.hashed(email)
        self.emails[hashed_email] = email
        if not line.location:
            return hashed_email, None
        address = self.vault.shipping_address(hashed_email, "", [line.location])
        self.addresses[address.address_id] = address
        return hashed_email, address.address_id

    def write(self, connection: Connection, drafts: Sequence[Order]) -> None:
        numbers = free_numbers(connection, [draft.fingerprint for draft in drafts])
        orders.book_past(
            connection,
            [replace(draft, number=numbers[draft.fingerprint]) for draft in drafts],
            self.now if self.options.take_stock else None,
        )
        self.done.orders += len(drafts)
        self.done.order_lines += sum(len(draft.lines) for draft in drafts)
        self.done.units += sum(line.quantity for draft in drafts for line in draft.lines)
        self.done.cents += sum(draft.total for draft in drafts)


def created(seen: Seen) -> Product:
    """A product that only the past tells of: none on hand, and not for sale where no price is told."""
    price = seen.unit_price
    return Product(seen.product_id, seen.name or seen.product_id, "", price or 0, 0, active=price is not None)


def free_numbers(connection: Connection, sources: Sequence[str]) -> dict[str, str]:
    """A number for each source: always the same, unless another order has it already."""
    given: dict[str, str] = {}
    for attempt in count():
        drawn = {number_of(source, attempt): source for source in sources if source not in given}
        if not drawn:
            break
        taken = orders.numbers_in_use(connection, drawn) | set(given.values())
        given |= {source: number for number, source in drawn.items() if number not in taken}
    return given


def number_of(source: str, attempt: int) -> str:
    """As random as a number that is drawn (39 bits): the source is an HMAC."""
    value = int.from_bytes(hashlib.sha256(f"{source}{attempt}".encode()).digest()[:8])
    letters = [ALPHABET[value // len(ALPHABET) ** place % len(ALPHABET)] for place in range(8)]
    return f"MO-{''.join(letters[:4])}-{''.join(letters[4:])}"
