"""How a customer puts a wish into a letter: one order in many forms, a cancellation by subject or by reply."""

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from html import escape
from random import Random

from daemon.simulator.days import Act, Customer, Wish
from daemon.simulator.writing import answer, html_only, plain, with_sheet

LETTERS_DOMAIN = "letters.example"


@dataclass(frozen=True, slots=True)
class Nonsense:
    """A letter that is no order, what has to become of it, and the kinds of mail that it causes."""

    subject: str
    body: str
    outcome: str
    reason: str
    mails: tuple[str, ...]
    automatic: bool = False


NONSENSE = (
    Nonsense(
        "Your teapots",
        "Hello,\n\nare your teapots safe for the dishwasher?\n",
        "person",
        "prose",
        ("forward", "passed_on"),
    ),
    Nonsense("asdf", "qwer tzui asdf jkl\n", "person", "prose", ("forward", "passed_on")),
    Nonsense("", "\n", "refused", "empty", ("unclear",)),
    Nonsense("cancel", "Sorry!\n", "refused", "which_order", ("unclear",)),
    Nonsense(
        "hello", "Please do not cancel anything, I was only joking!\n", "person", "doubt", ("forward", "passed_on")
    ),
    Nonsense("Automatic reply: your order", "I am away until Monday.\n", "ignored", "auto_replied", (), automatic=True),
)


def nonsense_of(act: Act) -> Nonsense:
    return NONSENSE[act.style % len(NONSENSE)]


def write(act: Act, number: str | None, answered: EmailMessage | None) -> bytes:
    """The letter; `number` is the order it cancels, `answered` the mail of the shop it replies to.

    Raises ValueError for an act that needs one of them and has none, or that repeats another letter.
    """
    sender = formataddr((act.customer.name, act.customer.email))
    headers = {"Message_ID": f"<{act.key}@{LETTERS_DOMAIN}>", "Date": format_datetime(act.at)}
    match act.wish:
        case Wish.ORDER:
            return FORMS[act.style % len(FORMS)](act, sender, headers)
        case Wish.NONSENSE:
            return write_nonsense(act, sender, headers)
        case Wish.CANCEL if number and by_reply(act) and answered:
            return answer(sender, answered, "Cancel please", **headers)
        case Wish.CANCEL if number:
            return plain(sender, f"cancel {number}", "", **headers)
        case Wish.YES if answered:
            return answer(sender, answered, "Yes", **headers)
    raise ValueError(f"{act.key}: nothing to write a letter of this kind about")


def by_reply(act: Act) -> bool:
    return act.style % 2 == 0


def write_nonsense(act: Act, sender: str, headers: dict[str, str]) -> bytes:
    told = nonsense_of(act)
    more = {"Auto_Submitted": "auto-replied"} if told.automatic else {}
    return plain(sender, told.subject, told.body, **headers, **more)


# The forms of an order

LINES = ("{id}, {n}", "({id}, {n})", "{n} x {id}", "{id} x {n}", "{id} {n}", "{id}: {n}", "- {n} x {id}", "* {id}, {n}")


def item_lines(act: Act) -> list[str]:
    drawn = Random(act.key)  # noqa: S311 - not a secret
    form = drawn.choice(LINES)
    small = drawn.random() < 0.2
    return [form.format(id=product_id.lower() if small else product_id, n=n) for product_id, n in act.wares]


def ship_to(customer: Customer) -> str:
    return f"Ship to: {customer.name}\n         {customer.street}\n         {customer.town}\n"


def ship_first(act: Act, sender: str, headers: dict[str, str]) -> bytes:
    items = "\n".join(item_lines(act))
    return plain(sender, "order", f"{ship_to(act.customer)}Items:\n{items}\n\nThanks\n", **headers)


def items_first(act: Act, sender: str, headers: dict[str, str]) -> bytes:
    told = act.customer
    address = f"Address: {told.name}, {told.street}, {told.town}"
    items = "\n".join(item_lines(act))
    body = f"Hi there,\n\nI'd like to order:\n\n{items}\n\n{address}\n\nCheers\n{told.name}\n\nSent from my iPhone\n"
    return plain(sender, "Order please", body, **headers)


def as_page(act: Act, sender: str, headers: dict[str, str]) -> bytes:
    told = act.customer
    items = "".join(f"<li>{escape(line.lstrip('-* '))}</li>" for line in item_lines(act))
    where = "<br>".join(map(escape, (told.name, told.street, told.town)))
    page = f"<p>Hello!</p><div><b>Ship to:</b> {where}</div><p></p><div>Items:</div><ul>{items}</ul>"
    return html_only(sender, "New order", f"<html><body>{page}</body></html>", **headers)


def as_sheet(act: Act, sender: str, headers: dict[str, str]) -> bytes:
    csv = "".join(["product_id,quantity\n", *(f"{product_id},{n}\n" for product_id, n in act.wares)])
    body = f"{ship_to(act.customer)}\nThe items are attached.\n"
    return with_sheet(sender, "Order", body, csv, **headers)


Form = Callable[[Act, str, dict[str, str]], bytes]
FORMS: tuple[Form, ...] = (ship_first, items_first, as_page, as_sheet)
