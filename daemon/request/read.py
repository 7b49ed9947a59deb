"""A letter to the one request it makes; whatever is doubtful is asked back or left to a person."""

from daemon.letter import Letter
from daemon.request.body import read_body
from daemon.request.choose import choose
from daemon.request.page import Line, Rules
from daemon.request.parts import parts_differ
from daemon.request.shapes import (
    Automatic,
    Bounced,
    Fault,
    ForPerson,
    Reason,
    Request,
    Unreadable,
)
from daemon.request.subject import read_subject
from daemon.request.thread import written_anew


def read(letter: Letter, max_lines: int = 100, max_quantity: int = 9_999, currency: str = "USD") -> Request:
    """What a letter asks; pure and total: no letter makes it raise.

    `max_quantity` bounds what a line may ask for in pieces, `max_lines` how many items a letter may hold,
    `currency` is the shop's, as an ISO 4217 code.
    """
    early = not_to_be_read(letter)
    if early is not None:
        return early
    rules = Rules(max_lines, max_quantity, currency)
    request = read_part(letter, letter.lines, rules)
    if letter.html_lines and any(text.strip() for _, text in letter.html_lines):
        return parts_differ(request, read_part(letter, letter.html_lines, rules))
    return request


def not_to_be_read(letter: Letter) -> Request | None:
    """Machines, letters of nobody and letters passed along are not read for commands."""
    if letter.bounce is not None:
        return Bounced(letter.bounce.message_ids, letter.bounce.hard, letter.bounce.status)
    if letter.automatic is not None:
        return Automatic(letter.automatic)
    if letter.sender is None:
        if letter.sender_count > 1:
            return Unreadable("two_senders", (Fault(None, "", Reason.TWO_SENDERS),))
        return Unreadable("no_sender")
    return ForPerson("forwarded") if letter.forwarded else None


def read_part(letter: Letter, lines: tuple[Line, ...], rules: Rules) -> Request:
    """The request of the letter as one of its parts tells it."""
    subject = read_subject(letter.subject, bool(letter.replies_to), rules.currency)
    body = read_body(written_anew(lines, subject), rules, subject.announces_order)
    return choose(letter, subject, body)
