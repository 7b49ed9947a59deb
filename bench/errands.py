"""Letters to the large shop that change something or answer a mail of ours: the last of a few letters is timed."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from bench.answered import PROVEN, TIMES, Answered, letter, summed_up, timed
from bench.large_shop import CUSTOMERS, EAGER, NOW, address_of
from bench.premises import BenchError
from daemon.handle import Desk, Handled, handle
from daemon.inbox.imap import Arrived
from daemon.wording import Wording
from store import outbox
from store.facts import OFFER, Mail, Product, QueuedMail


@dataclass(frozen=True, slots=True)
class Step:
    """A letter; `answers` is the kind of the mail of ours that it is a reply to."""

    subject: str
    body: str = ""
    answers: str = ""
    proven: bool = True


@dataclass(frozen=True, slots=True)
class Errand:
    """What a customer writes one after the other, and why the last of it is answered as it should be."""

    name: str
    steps: tuple[Step, ...]
    reason: str
    customer: int | None = None


ORDER = Step("order", "{product}, 1\n\nShip to: Ada Lovelace\n12 Analytical Way\nDenver, CO 80202\n")
HOME = "\n\nShip to: Ada Lovelace\n12 Analytical Way\nDenver, CO 80202\n"
CHATTY = (
    "Dear shop,\n\nI hope {friend} and you are well. We loved the last parcel, {friend} talks of it still.\n"
    "Please send:\n\n{product}, 1"
    + HOME
    + "\nPlease wrap it for {friend} and leave it with the porter.\n\nMany thanks\nAda\n"
)
"""No two customers have the same friend, so no sentence has been read before."""
SEVERAL = "cancel {number}\nstatus {number}\nmy orders\nproducts under $20\nnotify {sold_out}\n"
ERRANDS = (
    Errand("order", (ORDER,), "placed"),
    Errand("order with a few sentences", (Step("order", CHATTY),), "placed"),
    Errand("order, a slip in the number", (Step("order", "X{product}, 1" + HOME),), "unknown_product"),
    Errand("order by name", (Step("order", "2 {name}" + HOME),), "line_not_understood"),
    Errand("cancel {number}", (ORDER, Step("cancel {number}")), "cancelled"),
    Errand("cancel, in reply", (ORDER, Step("Re: your order", "cancel", "confirmation")), "cancelled"),
    Errand("change {number}", (ORDER, Step("change {number}", "{product}, 2\n{other}, 1")), "changed"),
    Errand("again, in reply", (ORDER, Step("Re: your order", "again", "confirmation")), "placed"),
    Errand("notify {sold_out}", (Step("notify {sold_out}"),), "wish_noted"),
    Errand("yes to an offer", (ORDER, Step("Re: more", "yes", OFFER)), "placed"),
    Errand("several commands: six mails", (ORDER, Step("hello", SEVERAL)), "several"),
    Errand("my orders, not proven: asked back", (Step("my orders", proven=False),), "proof_asked"),
    Errand("yes: that was me", (Step("my orders", proven=False), Step("Re:", "yes", "prove", False)), "told"),
    Errand("export my data", (Step("export my data"),), "exported"),
    Errand("export my data, 500 orders", (Step("export my data"),), "exported", EAGER),
    Errand("erase my data: asked back", (Step("erase my data"),), "proof_asked"),
    Errand("erase my data: yes", (Step("erase my data"), Step("Re:", "yes", "prove")), "erased"),
    Errand("stop", (Step("stop"),), "stopped"),
    Errand("start", (Step("stop"), Step("start")), "started"),
)
"""The order is for comparison."""

UIDS = count(1_000_000)


def run(desk: Desk, errand: Errand, goods: Sequence[Product]) -> Answered:
    """By TIMES customers, each with a few orders of the past; BenchError when one is answered otherwise."""
    wording = Wording(desk.config.shop)
    spent, size = [], 0
    for n in range(TIMES + 1):
        customer = errand.customer or CUSTOMERS // 2 + n + ERRANDS.index(errand) * (TIMES + 1)
        # Every tenth product is sold out.
        told = {"product": goods[10 * n + 1].product_id, "other": goods[10 * n + 2].product_id}
        told |= {"sold_out": goods[10 * n].product_id, "name": goods[10 * n + 1].name}
        told["friend"] = "".join(chr(ord("k") + int(digit)) for digit in str(customer))
        for step in errand.steps[:-1]:
            (before,) = handle(desk, [written(desk, step, customer, told)], NOW)
            told |= learned(desk, before, goods[10 * n + 3])
        handled, milliseconds, size = timed(desk, wording, written(desk, errand.steps[-1], customer, told))
        if handled.reason != errand.reason:
            raise BenchError(f"{errand.name}: {handled.reason} instead of {errand.reason}")
        spent.append(milliseconds)
    return summed_up(errand.name, spent, size)


def written(desk: Desk, step: Step, customer: int, told: dict[str, str]) -> Arrived:
    headers = PROVEN if step.proven else ""
    if step.answers:
        headers += f"In-Reply-To: <{latest(desk, customer, step.answers).mail.token}@shop.example>\n"
    return letter(customer, next(UIDS), step.subject.format(**told), step.body.format(**told), headers)


def latest(desk: Desk, customer: int, kind: str) -> QueuedMail:
    with desk.shop.reading() as connection:
        mails = outbox.to_recipient(connection, desk.vault.hashed(address_of(customer)))
    return [one for one in mails if one.mail.kind == kind][-1]


def learned(desk: Desk, handled: Handled, offered: Product) -> dict[str, str]:
    """The number of what was ordered; an offer follows it."""
    order = handled.decision.book if handled.decision else None
    if order is None:
        return {}
    named = {"product_id": offered.product_id, "name": offered.name, "price": offered.price}
    facts = {"number": order.number, "products": [named]}
    mail = Mail(order.number, f"{order.number}:offer", OFFER, facts, NOW, order.hashed_email)
    with desk.shop.transaction() as connection:
        outbox.enqueue(connection, [mail], NOW)
    return {"number": order.number}
