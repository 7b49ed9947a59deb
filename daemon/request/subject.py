"""The subject line: a command, or the thread it continues."""

import re
from dataclasses import dataclass
from functools import lru_cache

from daemon.request.asides import asks_price, doubt_beside
from daemon.request.commands import Command, read_command
from daemon.request.doubt import Doubt, doubt_in
from daemon.request.numbers import Named, named_orders
from daemon.request.spelling import fold, plain

PREFIX = re.compile(
    r"\s*(?:(?P<reply>(?:re|aw|antw|sv|vs|odp|rif|ref|res|r)(?:\[\d{1,3}\]|\(\d{1,3}\))?)|fwd?|wg|tr|vl|"
    r"\[[^\]]{1,40}\])\s*:\s*|\s*\[[^\]]{1,40}\]\s*",
    re.IGNORECASE,
)
OUR_ORDER = re.compile(r"(?:your )?order\W{0,3}(?:#|no\.?|number)?\W{0,3}$", re.IGNORECASE)
ORDERISH = re.compile(r"(?<!\w)(?:orders?|ordering|purchase|po|buy|want|need|shopping list)(?!\w)")
PAPERS = re.compile(
    r"(?<!\w)(?:invoice|delivery note|packing (?:list|slip)|stock ?list|price ?list|inventory|pro ?forma|receipt)(?!\w)"
)
NONE = re.compile(
    r"[(\[]?(?:no subject|kein betreff|sans (?:objet|sujet)|sin asunto|nessun oggetto|geen onderwerp)[)\]]?"
)
"""What mail programs put where nothing was written."""
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject as it was read.

    `reply` says that it was carried over from a thread, so that a command in it counts only where the letter
    itself is empty or agrees. `numbers` are of the order that one of our subjects names; `about` those, well-formed or
    not, that a customer's own subject names without being a command.
    """

    text: str
    command: Command | None
    reply: bool
    numbers: tuple[str, ...]
    doubt: Doubt | None
    announces_order: bool
    item: str = ""  # an item written behind the word order
    papers: bool = False
    about: tuple[str, ...] = ()


# Read anew for each question about a letter, and most orders come under the same few.
@lru_cache(maxsize=64)
def read_subject(text: str, replies: bool, currency: str) -> Subject:
    text = "" if NONE.fullmatch(plain(text[:LONGEST])) else text
    core, reply = without_prefixes(fold(text)[:LONGEST])
    command = read_command(core, currency)
    named = named_orders(core)
    ours = bool(named.numbers) and command is None
    about = (
        (*named.numbers, *named.malformed) if command is None and not is_carried_over(named, reply or replies) else ()
    )
    words = plain(core)
    item = "" if command or ours else behind_order(core)
    if not (command or ours or item) and (item := behind_quote(core)):
        command = Command("quote", text=core)
    judged = about or not (command or ours or (reply and replies))
    rest = named.rest.rstrip(" ?!.") if about else core
    doubt = doubt_in(rest, additions=False) or doubt_beside(rest) if judged else None
    announces = (command is not None and command.kind in ("order", "quote", "change")) or (
        not ours and bool(ORDERISH.search(words))
    )
    return Subject(
        text=text,
        command=command,
        reply=reply,
        numbers=named.numbers if ours and names_thread(core) else (),
        doubt=doubt,
        announces_order=announces,
        item=item,
        papers=bool(PAPERS.search(words)),
        about=about,
    )


# The subjects in templates/ that name an order, without its number; a test words every specimen against this list.
OURS = re.compile(
    r"(?:your )?order(?: (?:confirmed|is (?:booked|changed|cancelled)|was (?:sent|cancelled(?: already)?|not booked)|"
    r"waits for your answer))?|"
    r"order : too late to cancel|"
    r"we do not know the order|how would you like to change \?|we have not changed|"
    r"once more: it costs more now|this looks like : would you like it again\?|.{1,60}: an idea after|"
    r".{1,60} and \d{1,3} more ideas? after"
)


def is_carried_over(named: Named, reply: bool) -> bool:
    """Whether a reply has kept one of our subjects, which says nothing of what the reply wants."""
    return reply and bool(OURS.fullmatch(plain(named.rest)))


def without_prefixes(text: str) -> tuple[str, bool]:
    """Without "Re:", "Fwd:" and list tags, and whether it was a reply."""
    reply = False
    for _ in range(6):
        prefix = PREFIX.match(text)
        if prefix is None:
            break
        reply = reply or prefix["reply"] is not None
        text = text[prefix.end() :]
    return " ".join(text.split()), reply


def names_thread(core: str) -> bool:
    """ "Order MO-... confirmed" names its order; "This looks like MO-..." names another one than it asks about."""
    head, _, _ = core.upper().partition("MO")
    return bool(OUR_ORDER.fullmatch(head.strip().lower() + " ") or OUR_ORDER.fullmatch(head.strip().lower()))


BEHIND_ORDER = re.compile(r"(?:please |new |my )?(?:order|buy)[:\s,-]{1,4}(?=\S)(?P<item>.{3,120})", re.IGNORECASE)


def behind_order(core: str) -> str:
    found = BEHIND_ORDER.fullmatch(core)
    return found["item"] if found else ""


BEHIND_QUOTE = re.compile(
    r"(?P<asked>[^\W\d_]{1,20}(?: [^\W\d_]{1,10}){0,3})[:\s,-]{1,4}(?P<item>(?=\S{0,20}\d).{3,120})"
)


def behind_quote(core: str) -> str:
    """An item behind words that ask what it costs: "price of BJ02R0G72U8V, 2"."""
    found = BEHIND_QUOTE.fullmatch(core)
    return found["item"] if found and asks_price(found["asked"]) else ""
