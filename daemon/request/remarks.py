"""What a letter says beside a yes, an "again" or a cancellation that is not known to be harmless."""

import re
from collections.abc import Iterable, Iterator

from daemon.letter import Letter
from daemon.request.address import looks_like_address
from daemon.request.body import names_product
from daemon.request.commands import read_command, sentences
from daemon.request.courtesy import is_courtesy
from daemon.request.doubt import doubt_in
from daemon.request.manners import is_greeting
from daemon.request.page import Line
from daemon.request.phrases import TRIGGER
from daemon.request.spelling import plain

LONGEST = 120
SIGNED_AS = re.compile(r"[^a-zà-öø-ÿ?]\S*(?: [^a-zà-öø-ÿ?]\S*| (?:of|and|de|van|von|der|la))*")
"""Every word a name, a number or a mark, as in the lines of a signature."""

ELSEWHERE = re.compile(r"\S*(?:@|www\.|://)\S*")
BY_MACHINE = re.compile(
    r"(?:sent (?:from|via|with|using) (?:my |the )?[\w .+-]{1,40}|get outlook for \w{2,10}|"
    r"(?:von|mit) (?:meinem|meiner|der) [\w .+-]{1,40} gesendet|gesendet (?:von|mit) [\w .+-]{1,40}|"
    r"envoyé (?:de|depuis|à partir de) [\w .+-]{1,40}|enviado (?:desde|do) [\w .+-]{1,40}|"
    r"inviato da(?:l mio)? [\w .+-]{1,40})[ .]*"
)
"""What telephones write below a letter."""

SHORTEST_PHONE = 5
NAME_PARTS = re.compile(r"[^\W\d_]+")


def said_beside(lines: Iterable[Line], letter: Letter, goes_there: bool = False) -> list[Line]:
    """The sentences that are neither politeness nor the writer's signature, which begins with a name of hers.

    With `goes_there` an address in it is no part of a signature: it may be where the order is to go.
    """
    names = names_of(letter)
    rest: list[Line] = []
    signed = False
    for number, text in sentence_by_sentence(lines):
        named = is_her_name(text, names)
        signed = signed or named
        harmless = named or is_polite(text) or (signed and is_signature(text))
        if not harmless or (goes_there and looks_like_address(text)):
            rest.append((number, text.strip()))
    return rest


def sentence_by_sentence(lines: Iterable[Line]) -> Iterator[Line]:
    for number, text in lines:
        yield from ((number, sentence) for sentence in sentences(text))


def names_of(letter: Letter) -> frozenset[str]:
    """What the writer may sign with: the words of the name and of the local part in From."""
    local = (letter.sender or "").partition("@")[0]
    return frozenset(NAME_PARTS.findall(plain(f"{letter.sender_name} {local}")))


def is_her_name(text: str, names: frozenset[str]) -> bool:
    said = NAME_PARTS.findall(plain(text))
    if not said or names.isdisjoint(said):
        return False
    return (names.issuperset(said) and counts_nothing(text)) or is_signature(text)


def is_polite(text: str) -> bool:
    """A greeting, politeness, a line of the mail program: nothing that asks or tells."""
    if not any(map(str.isalnum, text)) or is_greeting(text) or BY_MACHINE.fullmatch(plain(text)):
        return True
    return doubt_in(text) is None and read_command(text) is None and is_courtesy(text)


def is_signature(text: str) -> bool:
    signed = ELSEWHERE.sub("", text[: LONGEST + 1]).strip()
    if doubt_in(signed) is not None or names_product(signed) or TRIGGER.search(plain(signed)):
        return False
    written_so = SIGNED_AS.fullmatch(signed) is not None
    return not signed or (written_so and (counts_nothing(signed) or looks_like_address(signed)))


def counts_nothing(text: str) -> bool:
    """No figures, or as many as a telephone number has."""
    return sum(map(str.isdigit, text)) not in range(1, SHORTEST_PHONE)
