"""Where an order goes: the lines after "Ship to:" made into a name and an address."""

import re
from collections.abc import Sequence

from daemon.request.shapes import Fault, Reason, ShipTo
from daemon.request.spelling import fold, plain, squeezed

MOST_LINES = 10
LONGEST_LINE = 200
STATE_AND_ZIP = re.compile(r"[A-Za-z]{2}\.? \d{5}(?:-\d{4})?|[A-Za-z]{2}|\d{5}(?:-\d{4})?")
STREET = (
    r"(?:street|st|str|strasse|straße|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|way|square|"
    r"sq|terrace|parkway|pkwy|highway|hwy|row|close|crescent|apt|apartment|suite|unit|floor|p\.? ?o\.? ?box|rue|via|"
    r"calle|weg|platz)"
)
LOOKS_LIKE_STREET = re.compile(
    rf"(?<!\w)\d{{1,6}}[a-z]?,? (?:[\w.'-]+ ){{1,4}}{STREET}(?!\w)|(?<!\w){STREET}\.? \d{{1,6}}(?!\w)|(?<!\w)p\.? "
    rf"?o\.? ?box "
    r"|\w{2,30}(?:strasse|straße|str\.|weg|gasse|platz|laan|straat|gatan|vej) ?\d{1,5}"
)
LOOKS_LIKE_CITY = re.compile(
    r"(?:[\w.'-]+,? ){1,4}[a-z]{2}\.? \d{5}(?:-\d{4})?|\d{4,5} [^\W\d_]{3,}(?: [^\W\d_]+){0,2}"
)

MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
TIME = (
    r"(?:(?:this |next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|tonight|today|noon|midnight|christmas|"
    r"xmas|easter|thanksgiving|(?:the |this |next )(?:weekend|week|month|year)|(?:the )?end of .{1,20}|"
    rf"the {DAY}|{MONTH} {DAY}|{DAY} (?:of )?{MONTH}|\d{{1,2}}[./-]\d{{1,2}}[./-]?\d{{0,4}}|"
    r"\d{1,2} ?(?:am|pm|o'clock))"
)
TIES = re.compile(
    r"(?:^|[\s,;(-]+)(?:(?:but|please|pls|only|and|to be|must|deliver(?:ed|y)?|sen[dt]|ship(?:ped)?|arriv\w{1,4}|"
    r"needed|it|them|should) ?)*"
    rf"(?:(?:(?:by|before|until|till|after|on|from|not before|no later than|not later than|at the latest) {TIME}"
    r"(?: ?,? (?:please|pls|thanks|thank you|at the latest|latest|if possible))*)"
    r"|(?:only )?(?:if|unless|provided|as long as) (?:you|it|they|we|i|he|she|possible|not|there|nobody|no|the|in|"
    r"available|still|that|this)(?!\w).*)[\s.!)]*$",
    re.IGNORECASE,
)
"""A condition at the end of a line, which no parcel has on it: "by Friday", "if it is still there"."""


def to_ship_to(lines: Sequence[str], name: str = "") -> ShipTo | None:
    """The address in these lines, None when there is none.

    One line is parted at its commas, a US state and ZIP code staying with their city. `name` is a `Name:` line's.
    """
    clean = [" ".join(line.replace("\xad", "").split()).strip(" ,;") for line in lines]
    clean = [line for line in clean if line]
    if len(clean) == 1:
        clean = at_commas(clean[0])
    elif clean and not name and "," in clean[0] and any(map(str.isdigit, clean[0])):
        clean = [*at_commas(clean[0]), *clean[1:]]
    if name and clean and squeezed(clean[0]) != squeezed(name):
        return ShipTo(name, tuple(clean))
    return ShipTo(clean[0], tuple(clean[1:])) if clean else None


def at_commas(line: str) -> list[str]:
    parts = [part.strip() for part in re.split("[,;，、]", line) if part.strip()]
    if len(parts) > 2 and STATE_AND_ZIP.fullmatch(fold(parts[-1])) and not parts[-2][:1].isdigit():
        parts[-2:] = [f"{parts[-2]}, {parts[-1]}"]
    return parts


def address_faults(number: int, ship_to: ShipTo) -> list[Fault]:
    """What keeps an address from being one: a name and at least a line to go to, of human length."""
    whole = ", ".join([ship_to.name, *ship_to.lines])
    everything = [ship_to.name, *ship_to.lines]
    says_something = sum(any(map(str.isalnum, line)) for line in everything)
    too_much = len(everything) > MOST_LINES or any(len(line) > LONGEST_LINE for line in everything)
    if says_something < 2 or too_much or not any(map(str.isalpha, ship_to.name)):
        return [Fault(number, whole[:LONGEST_LINE], Reason.ADDRESS_INCOMPLETE)]
    return []


def untied(number: int, ship_to: ShipTo) -> tuple[ShipTo, list[Fault]]:
    """The address without the conditions and questions that stand in it, and a fault for each of them."""
    lines, faults = [], []
    for line in ship_to.lines:
        tie = TIES.search(line[:LONGEST_LINE])
        reason = Reason.CONDITION if tie else Reason.QUESTION if line.endswith("?") else None
        if reason is not None:
            faults.append(Fault(number, line[:LONGEST_LINE], reason))
        lines.append(line[: tie.start()] if tie else line)
    return ShipTo(ship_to.name, tuple(filter(None, lines))), faults


def looks_like_address(text: str) -> bool:
    """Whether a line that nobody announced is part of an address."""
    words = plain(text)
    if len(words) > 120 or not ("box" in words or any(map(str.isdigit, words))):  # what is sought needs one of these
        return False
    return bool(LOOKS_LIKE_STREET.search(words) or LOOKS_LIKE_CITY.fullmatch(words))


def same_address(one: ShipTo, other: ShipTo) -> bool:
    return run_together(one) == run_together(other)


def run_together(ship_to: ShipTo | None) -> str:
    """An address without what may be written in several ways."""
    return squeezed("".join([ship_to.name, *ship_to.lines])) if ship_to else ""
