"""The customers of the demo and what they write: one scene a letter, each with the outcome it must have."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from daemon.simulator.writing import answer, html_only, plain, with_sheet

ADA = "Ada Lovelace <ada@customer.example>"
BEN = "Ben Okafor <ben@customer.example>"
CHLOE = "Chloé Dubois <chloe@customer.example>"
DEV = "Dev Patel <dev@customer.example>"
ELSE = "Else Müller <else@customer.example>"

Answers = Sequence[EmailMessage]
"""Mails of the shop to this customer so far, oldest first."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A letter of the cast: who writes, what, how many hours later it arrives, and what must come of it.

    `answers` are the kinds of mail that must go out for it, to the customer or to the house.
    """

    title: str
    writer: str
    write: Callable[[Answers], bytes]
    outcome: str
    reason: str
    answers: tuple[str, ...]
    hours_later: int = 0


def latest(answers: Answers, word: str) -> EmailMessage:
    """The newest mail whose subject holds the word."""
    return next(mail for mail in reversed(answers) if word in str(mail["Subject"]).lower())


def number_in(mail: EmailMessage) -> str:
    words = str(mail["Subject"]).replace(",", " ").split()
    return next(word for word in words if word.startswith("MO-"))


ADA_HOME = "Ship to: Ada Lovelace\n         12 Analytical Way\n         Denver, CO 80202\n"

SCENES: tuple[Scene, ...] = (
    Scene(
        "Ada orders in the plain form",
        ADA,
        lambda _: plain(ADA, "order", f"{ADA_HOME}Items:\nBJ02R0G72U8V, 2\n7B4VYMBRQNAR, 1\n\nThanks\nAda\n"),
        "done",
        "placed",
        ("confirmation", "offer"),
    ),
    Scene(
        "Ben orders the way people talk, from a phone",
        BEN,
        lambda _: plain(
            BEN,
            "Order please",
            "Hi there,\n\nI'd like to order:\n\n- 3 x bj02r0g72u8v\n- 7B4V-YMBR-QNAR x 2 (as a gift, please)\n\n"
            "Address: Ben Okafor, 7 Harbour Street, Portland, ME 04101\n\nCheers\nBen\n\nSent from my iPhone\n",
        ),
        "done",
        "placed",
        ("confirmation", "forward", "passed_on", "offer"),
    ),
    Scene(
        "Chloé's mail program writes HTML only",
        CHLOE,
        lambda _: html_only(
            CHLOE,
            "New order",
            "<html><body><p>Bonjour!</p><div><b>Ship to:</b> Chloé Dubois<br>5 rue des Lilas<br>75011 Paris</div>"
            "<p></p><div><b>Items</b>:</div><ul><li>BJ02R0G72U8V:&nbsp;1</li><li>(7B4VYMBRQNAR,&nbsp;4)</li></ul>"
            "<p>Merci!</p></body></html>",
        ),
        "done",
        "placed",
        ("confirmation", "offer"),
    ),
    Scene(
        "Dev sends a spreadsheet",
        DEV,
        lambda _: with_sheet(
            DEV,
            "Order",
            "Ship to: Dev Patel\n44 Mill Lane\nAustin, TX 78701\n\nThe items are attached.\n",
            "product_id,quantity\nBJ02R0G72U8V,5\n7B4VYMBRQNAR,2\n",
        ),
        "done",
        "placed",
        ("confirmation", "offer"),
    ),
    Scene(
        "Else mistypes a product and spells out a number",
        ELSE,
        lambda _: plain(
            ELSE,
            "order",
            "Ship to: Else Müller\nGroße Straße 4\n10115 Berlin\n\nItems:\nBJ02R0G72U8X, 1\n7B4VYMBRQNAR, two\n",
        ),
        "refused",
        "unknown_product",
        ("refusal",),
    ),
    Scene(
        "Else sends the corrected order",
        ELSE,
        lambda _: plain(
            ELSE,
            "order",
            "Ship to: Else Müller\nGroße Straße 4\n10115 Berlin\n\nItems:\nBJ02R0G72U8V, 1\n7B4VYMBRQNAR, 2\n",
        ),
        "done",
        "placed",
        ("confirmation", "offer"),
    ),
    Scene(
        "Ada orders again without an address: the last one is used",
        ADA,
        lambda _: plain(ADA, "order", "7B4VYMBRQNAR x 3\n"),
        "done",
        "placed",
        ("confirmation",),
    ),
    Scene(
        "Ben takes the second product of his offer",
        BEN,
        lambda answers: answer(BEN, latest(answers, "after mo-"), "Yes, number 2 please"),
        "done",
        "placed",
        ("confirmation",),
    ),
    Scene(
        "Else wants no more offers",
        ELSE,
        lambda answers: answer(ELSE, latest(answers, "after mo-"), "stop"),
        "done",
        "stopped",
        ("preferences",),
    ),
    Scene(
        "Ben's phone sends the same order once more, as another letter",
        BEN,
        lambda _: plain(
            BEN,
            "order",
            "Items:\nBJ02R0G72U8V, 3\n7B4VYMBRQNAR, 2\n\nShip to:\nBen Okafor\n7 Harbour Street\nPortland, ME 04101\n",
        ),
        "held",
        "same_order",
        ("held",),
    ),
    Scene(
        "Chloé cancels by subject",
        CHLOE,
        lambda answers: plain(CHLOE, f"cancel {number_in(latest(answers, 'mo-'))}", ""),
        "done",
        "cancelled",
        ("cancellation",),
    ),
    Scene(
        "Dev replies to his confirmation: cancel",
        DEV,
        lambda answers: answer(DEV, latest(answers, "confirmed"), "Cancel please"),
        "done",
        "cancelled",
        ("cancellation",),
    ),
    Scene(
        "Else wants to cancel two days later",
        ELSE,
        lambda answers: plain(ELSE, f"cancel {number_in(latest(answers, 'mo-'))}", "Sorry!"),
        "refused",
        "too_late",
        ("cancellation",),
        hours_later=48,
    ),
    Scene(
        "Ada begs us not to cancel",
        ADA,
        lambda answers: plain(ADA, "My order", f"Please do not cancel {number_in(latest(answers, 'mo-'))}!\n"),
        "person",
        "doubt",
        ("forward", "passed_on"),
    ),
    Scene(
        "An out-of-office notice",
        BEN,
        lambda answers: plain(
            BEN,
            "Automatic reply: your order",
            "I am away until Monday.\n",
            Auto_Submitted="auto-replied",
            In_Reply_To=latest(answers, "mo-")["Message-ID"],
        ),
        "ignored",
        "auto_replied",
        (),
    ),
    Scene(
        "Chloé has a question for a person",
        CHLOE,
        lambda _: plain(CHLOE, "Your teapots", "Hello, are your teapots safe for the dishwasher?\n\nChloé\n"),
        "person",
        "prose",
        ("forward", "passed_on"),
    ),
)
