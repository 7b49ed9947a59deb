"""What is held of one person as files: all of it in JSON, and what is a table as CSV."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import is_dataclass
from datetime import datetime
from types import NoneType
from typing import Any

from daemon.handle.customer import Held, held_by
from daemon.handle.prepare import Desk
from daemon.importing.export import Cell, in_json, plain, units
from daemon.wording.carried import Carried, File
from store.facts import JSON

LARGEST = 12_000_000
"""Bytes that still go as attachments: base64 makes a third more of them, and relays refuse mails over 20 to 25 MB."""

OURS = {"unit_cost", "trace"}
"""What stands in the same rows and tells nothing of the person: what goods cost us, and where our code broke."""

Table = tuple[Sequence[str], Iterable[Sequence[Cell]]]


class TooMuchError(Exception):
    """More is held than one mail can carry; the operator has to give it out otherwise."""


def carry_own_data(desk: Desk, hashed_email: str) -> Carried:
    """The files for the mail that answers "export my data", made from the stores as they are now; nothing is kept.

    Raises TooMuchError.
    """
    files = as_files(held_by(desk, hashed_email))
    if sum(len(file.content) for file in files) > LARGEST:
        raise TooMuchError("what is held of this person is too much for a mail: use mailorder customer export")
    return Carried(files=files)


def as_files(held: Held) -> tuple[File, ...]:
    whole = as_json(everything(held)).encode()
    tables = [File(f"{name}.csv", "text/csv; charset=utf-8", as_csv(*table)) for name, table in tables_of(held)]
    return (File("customer.json", "application/json", whole), *tables)


def everything(held: Held) -> JSON:
    """All that is held of a person, in plain values."""
    told = {
        "email": held.email,
        "hashed_email": held.hashed_email,
        "shipping_addresses": held.addresses,
        "orders": held.orders,
        "changed_orders": held.changes,
        "letters": held.letters,
        "mails": held.mails,
        "offers": held.offers,
        "wishes": held.wishes,
        "waiting_words": [
            {"words": one.words, "letter": one.letter.decode("utf-8", "backslashreplace") if one.letter else None}
            for one in held.enclosures
        ],
        "consent": held.consent,
    }
    plain_values: JSON = as_plain(told)
    for one, order in zip(plain_values["orders"], held.orders, strict=True):
        one["total"] = order.total
    return plain_values


LEAVES = {str, int, bool, datetime, NoneType}


def as_plain(value: Any) -> Any:
    """Shapes as dicts, without what is OURS. Not `dataclasses.asdict`, which copies each time and number as well."""
    if isinstance(value, (list, tuple)):
        return [one if type(one) in LEAVES else as_plain(one) for one in value]
    parts: Iterable[tuple[str, Any]]
    if isinstance(value, dict):
        parts = value.items()
    elif is_dataclass(value):
        parts = ((name, getattr(value, name)) for name in value.__slots__)  # type: ignore[union-attr]
    else:
        return value
    return {name: one if type(one) in LEAVES else as_plain(one) for name, one in parts if name not in OURS}


def as_json(told: JSON) -> str:
    """One record a line: `json` has C code for what it does not indent."""
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {records(value)}" for name, value in told.items()) + "\n}\n"


def records(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(map(ENCODER.encode, value)) + "\n]"
    return ENCODER.encode(value)


ENCODER = json.JSONEncoder(ensure_ascii=False, default=in_json)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """With a byte order mark, because spreadsheets on Windows do not believe in UTF-8 without it (RFC 4180)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def tables_of(held: Held) -> Iterator[tuple[str, Table]]:
    yield "orders", (ORDERS, order_rows(held))
    addresses = ([one.name, *one.lines] for one in held.addresses)
    yield "addresses", (("name", "lines"), ([one[0], ", ".join(one[1:])] for one in addresses))
    letters = (
        [one.letter_id, one.arrived_at, one.kind, one.outcome.value, one.reason, one.order_number]
        for one in held.letters
    )
    yield "letters", (("letter_id", "arrived_at", "kind", "outcome", "reason", "order_number"), letters)
    mails = (
        [one.created_at, one.mail.kind, one.state.value, one.settled_at, one.mail.order_number] for one in held.mails
    )
    yield "mails", (("created_at", "kind", "state", "settled_at", "order_number"), mails)
    consent: Iterable[Sequence[Cell]] = ([one.subject, one.allowed, one.reason, one.at] for one in held.consent)
    yield "consent", (("subject", "allowed", "reason", "at"), consent)


ORDERS = ("order_id", "placed_at", "product_id", "name", "quantity", "unit_price", "state", "closed_at")


def order_rows(held: Held) -> Iterator[list[Cell]]:
    for order in held.orders:
        placed, state, closed = plain(order.placed_at), order.state.value, plain(order.closed_at)
        for line in order.lines:
            what: list[Cell] = [line.product_id, line.name, line.quantity, units(line.unit_price)]
            yield [order.number, placed, *what, state, closed]
