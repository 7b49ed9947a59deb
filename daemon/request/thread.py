"""In a reply, what the customer wrote anew: our own sentences come back unmarked by some mail programs."""

import re
from collections.abc import Sequence

from daemon.request.commands import read_command
from daemon.request.numbers import named_orders
from daemon.request.page import Line
from daemon.request.spelling import plain
from daemon.request.subject import Subject

OURS = re.compile(
    r"we (?:could not|did not|have not|cannot|do not) |your order (?:needs|is|was|of|from|mo\b)|this looks like mo|"
    r"reply (?:with )?\W?(?:cancel|yes)|to cancel|you can cancel|thank you for your order|ready to send|did you mean|"
    r"in stock|order mo-|if this was not you|answer to your letter|(?:from|sent|to|subject|date|von|gesendet|an|"
    r"betreff): ?.{0,200}@"
)


def written_anew(lines: Sequence[Line], subject: Subject) -> Sequence[Line]:
    """The lines above the first that is plainly ours: nothing quoted is a command (design section 5)."""
    if not subject.reply:
        return lines
    for index, (_, text) in enumerate(lines):
        if index and is_ours(text):
            return lines[:index]
    return lines


def is_ours(text: str) -> bool:
    """Sentences of our mails, or an order number in a line that is no command."""
    words = plain(text[:400])
    if OURS.match(words):
        return True
    return bool(named_orders(text).numbers) and words.startswith("order") and read_command(text) is None
