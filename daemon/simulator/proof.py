"""Whether books, letters and mails agree: what the clerk expected against what the shop wrote and mailed; pure."""

import hashlib
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from daemon.simulator.books import Books, Posted
from daemon.simulator.postbox import Received
from daemon.simulator.statement import Account, Booked, state


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that has to be so, and where it is not; nobody's address is in it."""

    claim: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """`received` are the mails that reached somebody, by token; `copies` how often one came twice.

    `customers` are the addresses of those who wrote the letters, by key.
    """

    expected: Account
    books: Books
    received: Mapping[str, Received]
    copies: int
    customers: Mapping[str, str]


def prove(evidence: Evidence, days: Sequence[date]) -> list[Claim]:
    expected, found = evidence.expected, evidence.books.account
    said = [(one.key, f"{one.outcome} {one.reason} at {one.at}") for one in found.letters]
    due = [(one.key, f"{one.outcome} {one.reason} at {one.at}") for one in expected.letters]
    mails = [(one.kind, str(one.at)) for one in found.mails]
    due_mails = [(one.kind, str(one.at)) for one in expected.mails]
    ordered = f"{len(found.orders):,} orders, each with the products, prices and moments that were due"
    return [
        claim(f"{len(found.letters):,} letters, each with the one outcome that was due", unlike("letter", due, said)),
        claim(ordered, unlike("order", map(told, expected.orders), map(told, found.orders))),
        claim("each order was confirmed to its customer", unconfirmed(evidence)),
        claim(f"{len(mails):,} mails, each due and delivered once", missent(evidence, due_mails, mails)),
        claim(f"{len(found.stock):,} products, each with the stock that was due", unlike_stock(expected, found)),
        claim("stock on hand equals the sum of its movements", map(torn, evidence.books.torn)),
        claim("the sums of every day are those of the letters", unlike_days(expected, found, days)),
    ]


def claim(text: str, differences: Iterable[str]) -> Claim:
    return Claim(text, tuple(differences))


def told(order: Booked) -> tuple[str, str]:
    wares = ", ".join(f"{quantity} x {product_id} at {price}" for product_id, quantity, price in sorted(order.wares))
    return order.key, f"{wares}; placed {order.placed_at}, cancelled {order.cancelled_at or 'never'}"


def unlike(what: str, due: Iterable[tuple[str, str]], found: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What is too few and what is too many, in the order of their names."""
    expected, actual = Counter(due), Counter(found)
    for name, text in sorted((expected - actual).keys() | (actual - expected).keys()):
        difference = actual[name, text] - expected[name, text]
        yield f"{what} {name}: {'not' if difference < 0 else 'but'} {text}"


def unconfirmed(evidence: Evidence) -> Iterator[str]:
    """An order's confirmation has reached the customer who wrote, and names the order."""
    confirmations = {one.number: one for one in evidence.books.posted if one.kind == "confirmation"}
    for number, key in evidence.books.keys.items():
        if not is_confirmed(number, evidence.customers.get(key), confirmations.get(number), evidence.received):
            yield f"order {number} (letter {key}) was not confirmed"


def is_confirmed(number: str, customer: str | None, row: Posted | None, received: Mapping[str, Received]) -> bool:
    mail = received.get(row.token) if row is not None else None
    return mail is not None and mail.number == number and mail.to == customer


def missent(evidence: Evidence, due: list[tuple[str, str]], mails: list[tuple[str, str]]) -> Iterator[str]:
    yield from unlike("mail", due, mails)
    for row in evidence.books.posted:
        if not row.sent or row.token not in evidence.received:
            yield f"mail {row.token} ({row.kind}) did not arrive"
    for token in sorted(evidence.received.keys() - {row.token for row in evidence.books.posted}):
        yield f"mail {token} arrived, and the books do not know it"
    if evidence.copies:
        yield f"{evidence.copies} mails arrived more than once"


def unlike_stock(expected: Account, found: Account) -> Iterator[str]:
    for key in sorted(expected.stock.keys() | found.stock.keys()):
        due, there = expected.stock.get(key), found.stock.get(key)
        if due != there:
            yield f"product {key}: {there} on hand instead of {due}"


def torn(difference: tuple[str, int, int]) -> str:
    product_id, on_hand, moved = difference
    return f"product {product_id}: {on_hand} on hand, {moved} by its movements"


def unlike_days(expected: Account, found: Account, days: Sequence[date]) -> Iterator[str]:
    due, there = state(expected, days), state(found, days)
    for day in days:
        figures, instead = asdict(there.days[day]), asdict(due.days[day])
        for name, value in figures.items():
            if value != instead[name]:
                yield f"{day}: {name} {value} instead of {instead[name]}"


def fingerprint(account: Account) -> str:
    """The same for the same books, whatever order numbers were drawn; sixteen hexadecimal digits."""
    parts: tuple[Iterable[Hashable], ...] = (
        ((one.key, str(one.at), one.outcome, one.reason) for one in account.letters),
        map(told, account.orders),
        ((one.kind, str(one.at)) for one in account.mails),
        account.stock.items(),
    )
    return hashlib.sha256(repr([sorted(map(repr, part)) for part in parts]).encode()).hexdigest()[:16]
