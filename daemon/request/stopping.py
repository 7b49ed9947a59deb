"""Whether a letter says anywhere that no more offers are wanted: heard also where nothing else of it can be done."""

import re
from collections.abc import Iterator

from daemon.letter import Letter
from daemon.request.agreeing import own_words
from daemon.request.body import read_body
from daemon.request.commands import read_command
from daemon.request.page import Body, Line, Rules
from daemon.request.read import not_to_be_read
from daemon.request.remarks import said_beside
from daemon.request.shapes import AskKind
from daemon.request.spelling import plain
from daemon.request.subject import Subject, read_subject
from daemon.request.thread import written_anew

LONGEST = 300
HINT = re.compile(
    r"st?o?t?p|sotp|quit|subs|suscr|subcr|remove|take me|opt|no more|abmeld|werbung|inscri|abonn|de baja|spam"
)
"""A part of every way to say it, in lower case: a letter without any is quickly seen to say nothing of the kind."""


def says_stop(letter: Letter, max_lines: int = 100, max_quantity: int = 9_999, currency: str = "USD") -> bool:
    """Whether any command of the letter is STOP, be it beside others, behind lines that make no sense, or in one
    sentence with another. Pure and total, as `daemon.request.read`.
    """
    if not_to_be_read(letter) is not None:
        return False
    parts = [letter.lines, letter.html_lines or ()]
    if not HINT.search("\n".join([letter.subject, *(text for part in parts for _, text in part)]).casefold()):
        return False
    subject = read_subject(letter.subject, bool(letter.replies_to), currency)
    rules = Rules(max_lines, max_quantity, currency)
    if not subject.reply and is_stop(letter.subject):
        return True
    return any(said_in(part, subject, rules) for part in parts)


def said_in(lines: tuple[Line, ...], subject: Subject, rules: Rules) -> bool:
    body = read_body(written_anew(lines, subject), rules, subject.announces_order)
    if any(command.kind == AskKind.STOP for command in body.commands):
        return True
    return any(is_stop(clause) for clause in clauses(body))


NO_MORE = re.compile(
    r"(?<!\w)(?:stop|unsubscribe\w*|opt(?:ing)? (?:me )?out|spam\w*|remove me|take me off|no more(?! than)|no longer|"
    r"(?:not|never|no|\w{2,7}n't|dont) .{0,60}any ?more|leave me alone|abmeld\w*|abbestell\w*|keine?[nrs]? (?:.{0,40} "
    r")?(?:mehr|werbung|angebote)|nichts? (?:.{0,40} )?mehr|(?:ne|n'|plus|pas) ?.{0,40}(?:plus|recevoir|offres|"
    r"publicités?)|désabonn\w*|désinscri\w*|no (?:quiero|queremos|deseo|me (?:envíen?|manden?)) .{1,60}|no más|de baja|"
    r"desuscri\w*|non (?:voglio|vogliamo|desidero|(?:mi )?(?:inviate|mandate)\w*) .{1,60}|basta|disiscri\w*|"
    r"cancell(?:ami|atemi))(?!\w)"
)
"""In reply to an offer; "start" undoes it, so that in doubt it is a stop."""


def refuses_offers(letter: Letter) -> bool:
    """Whether a reply to an offer says anywhere, in any such way, that no more are wanted."""
    return any(map(says_no_more, own_sentences(letter)))


def only_refuses_offers(letter: Letter) -> bool:
    """Whether it says nothing else, so that nobody has to read it."""
    said = own_sentences(letter)
    beside = said_beside(((0, text) for text in said if not says_no_more(text)), letter)
    return any(map(says_no_more, said)) and not beside


def says_no_more(text: str) -> bool:
    return NO_MORE.search(plain(text[:LONGEST])) is not None


def own_sentences(letter: Letter) -> list[str]:
    if not_to_be_read(letter) is not None:
        return []
    subject = read_subject(letter.subject, bool(letter.replies_to), "USD")
    html = letter.html_lines or ()
    parts = [letter.lines, *([html] if any(text.strip() for _, text in html) else [])]
    return [text for part in parts for text in own_words(written_anew(part, subject), subject)]


AND = re.compile(r",? (?:and|but|also)(?: please)? |[,;] ", re.IGNORECASE)
ALONE = re.compile(r"\W*(?:please )?stop(?: please)?\W*", re.IGNORECASE)


def clauses(body: Body) -> Iterator[str]:
    """What the sentences are made of; "stop" alone in one of several clauses may be about anything."""
    said = [text for _, text in body.prose] + [command.text for command in body.commands]
    for sentence in said:
        found = AND.split(sentence)
        yield from (clause for clause in found if len(found) > 1 and not ALONE.fullmatch(clause))


def is_stop(text: str) -> bool:
    command = read_command(text)
    return command is not None and command.kind == AskKind.STOP
