"""One letter to the large shop and all its answers, from the bytes to the mails, by the processor's clock."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.goods import AUTHSERV_ID
from bench.large_shop import NOW, address_of
from bench.premises import BenchError
from daemon.decide import Answer, Case
from daemon.handle import Desk, Handled, handle
from daemon.handle.own_data import carry_own_data
from daemon.handle.write import enclose, to_mail
from daemon.inbox.imap import Arrived
from daemon.wording import Wording
from daemon.wording.carried import NOTHING

TIMES = 25
AIM_MS = 20.0
LETTER = """\
From: Customer {customer} <{address}>
To: orders@shop.example
Subject: {subject}
Message-ID: <{customer}.{uid}@mail.example>
{headers}Content-Type: text/plain; charset=utf-8

{body}
"""
PROVEN = f"Authentication-Results: {AUTHSERV_ID}; dmarc=pass header.from=mail.example\n"


@dataclass(frozen=True, slots=True)
class Answered:
    """A letter: processor time of its answers in milliseconds, median and slowest of TIMES; the mails in bytes."""

    letter: str
    median: float
    slowest: float
    size: int

    def __str__(self) -> str:
        told = f"{self.median:5.1f} ms, slowest {self.slowest:5.1f} ms, {self.size / 1000:6.1f} KB"
        return f"{self.letter:<38}{told}{'' if self.median < AIM_MS else f'  over {AIM_MS:.0f} ms'}"


def summed_up(letter: str, spent: Sequence[float], size: int) -> Answered:
    # The first compiles the template.
    return Answered(letter, statistics.median(spent[1:]), max(spent[1:]), size)


def timed(desk: Desk, wording: Wording, arrived: Arrived) -> tuple[Handled, float, int]:
    """(what became of the letter, milliseconds, bytes of all the mails that answer it)."""
    began = time.process_time()
    (handled,) = handle(desk, [arrived], NOW)
    size = worded(desk, wording, handled)
    return handled, (time.process_time() - began) * 1000, size


def worded(desk: Desk, wording: Wording, handled: Handled) -> int:
    if handled.decision is None or handled.case is None or not handled.decision.answers:
        raise BenchError(f"{handled.reason}: not answered")
    return sum(compose(desk, wording, handled.arrived, handled.case, answer) for answer in handled.decision.answers)


def compose(desk: Desk, wording: Wording, arrived: Arrived, case: Case, answer: Answer) -> int:
    enclosure = enclose(arrived, case, answer)
    mail = to_mail(case.letter_id, case.hashed_email, answer, enclosure, NOW)
    carried = carry_own_data(desk, case.hashed_email or "") if answer.kind == "own_data" else NOTHING
    return len(wording.compose(mail, "customer@mail.example", enclosure, None, NOW, carried))


def letter(customer: int, uid: int, subject: str, body: str, headers: str = PROVEN) -> Arrived:
    told = {"subject": subject, "body": body, "headers": headers, "address": address_of(customer)}
    raw = LETTER.format(customer=customer, uid=uid, **told)
    whole = raw.replace("\n", "\r\n").encode()
    return Arrived("orders", 1, uid, NOW, len(whole), whole, True)
