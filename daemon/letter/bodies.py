"""The text of a letter in both its readings: as plain text, and as HTML where that exists beside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from daemon.letter import html, quoting, text
from daemon.letter.parts import Part
from daemon.letter.shapes import Damage, Limits
from daemon.letter.text import Shown
from daemon.letter.transfer import content_of

PLACEHOLDER_CHARACTERS = 400
PLACEHOLDER = re.compile(r"\bhtml\b", re.IGNORECASE)
PLACEHOLDER_TELLS = re.compile(r"\b(?:view|viewer|support|display|client|reader|program|browser|enable|version)", re.I)

Lines = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Bodies:
    """What the sender wrote; `html_lines` only where text and HTML both say something."""

    lines: Lines
    html_lines: Lines | None
    struck: tuple[str, ...]
    forwarded: bool
    damage: tuple[Damage, ...]


def read(part: Part, limits: Limits) -> Bodies:
    kinds = {leaf.kind for leaf in shown_parts(part)}
    plain = reading(part, "text/plain", limits)
    if "text/html" not in kinds:
        return bodies(plain, None, limits)
    if "text/plain" not in kinds or is_placeholder(plain):
        return bodies(reading(part, "text/html", limits), None, limits)
    if not has_alternatives(part):
        return bodies(plain, None, limits)
    return bodies(plain, reading(part, "text/html", limits), limits)


def bodies(first: Shown, second: Shown | None, limits: Limits) -> Bodies:
    new, damage = settled(first, limits)
    if second is None:
        return Bodies(new.lines, None, tuple(first.struck), new.forwarded, damage)
    other, other_damage = settled(second, limits)
    return Bodies(
        new.lines,
        # A page that could not be parsed says nothing else than the text; the damage is told.
        None if Damage.TOO_DEEP in other_damage else other.lines,
        tuple(first.struck + second.struck),
        new.forwarded or other.forwarded,
        damage + other_damage,
    )


def settled(shown: Shown, limits: Limits) -> tuple[quoting.Written, tuple[Damage, ...]]:
    """What is new in it. Too long only matters where the sender's own words may go on beyond the limit."""
    damage = list(shown.damage)
    if len(shown.lines) > limits.text_lines:
        del shown.lines[limits.text_lines :]
        damage.append(Damage.TOO_LONG)
    new = quoting.written(shown)
    if new.inside_quote:
        damage = [one for one in damage if one is not Damage.TOO_LONG]
    return new, tuple(damage)


def reading(part: Part, preferred: str, limits: Limits) -> Shown:
    """All shown parts in order; of alternatives the preferred kind, or else the one there is."""
    shown = Shown()
    left = limits.text_bytes
    for leaf in chosen(part, preferred):
        data, damage = content_of(leaf, max(left, 0))
        left -= len(data)
        if leaf.kind == "text/html":
            shown.add(html.shown(data, leaf.parameters, limits.html_depth))
        else:
            shown.add(text.shown(data, leaf.parameters))
        shown.damage += damage
    return shown


def chosen(part: Part, preferred: str) -> Iterator[Part]:
    if part.kind == "multipart/alternative":
        branches = [(branch, {leaf.kind for leaf in shown_parts(branch)}) for branch in part.children]
        readable = [branch for branch, kinds in branches if kinds]
        fitting = [branch for branch, kinds in branches if preferred in kinds]
        # RFC 2046 section 5.1.4: the last alternative is the richest.
        for branch in (fitting or readable)[-1:]:
            yield from chosen(branch, preferred)
    elif part.children:
        for child in part.children:
            yield from chosen(child, preferred)
    elif part.is_body:
        yield part


def shown_parts(part: Part) -> Iterator[Part]:
    return (leaf for leaf in part.walk() if leaf.is_body)


def has_alternatives(part: Part) -> bool:
    """Whether some multipart/alternative says the same both in text and in HTML."""
    return any(
        {"text/plain", "text/html"} <= {leaf.kind for leaf in shown_parts(inner)}
        for inner in part.walk()
        if inner.kind == "multipart/alternative"
    )


def is_placeholder(shown: Shown) -> bool:
    """Whether the text part is empty or only says that the letter is in HTML."""
    told = " ".join(line for line, _ in shown.lines).strip()
    if not told:
        return True
    return len(told) < PLACEHOLDER_CHARACTERS and bool(PLACEHOLDER.search(told) and PLACEHOLDER_TELLS.search(told))
