"""Greetings and closings: the lines of a letter that ask nothing, and those that end it."""

import re

from daemon.request.spelling import plain, words

CLOSING = re.compile(
    r"(?:(?P<long>(?:and )?(?:(?:many|kind|kindest|best|warm|warmest|with|with best|with kind|with many|"
    r"lots of) ){0,2}(?:thanks|thank you|thankyou|thx|thnx|tnx|cheers|regards|greetings|sincerely|respectfully|"
    r"cordially|wishes|gratefully|yours (?:truly|sincerely|faithfully)|sincerely yours|mfg|danke|merci|gracias|"
    r"grazie)(?: (?:very|so) much| a lot| a million| a bunch| again| in advance| ahead| everyone|"
    r" all){0,2}(?:,? and (?:best|kind|warm)? ?(?:regards|wishes|thanks))?)|(?P<short>best|love|end|yours|xx?|wishes|"
    r"later|bye|br|kr|ty))(?P<marks>[\s,.!;:)-]*)(?P<name>.{0,60})"
)
GREETING = re.compile(
    r"(?:hi|hello|hey|hiya|howdy|greetings|dear|good (?:morning|afternoon|evening|day)|to whom it may concern|"
    r"moin|hallo|bonjour|hola|ciao|sir|madam)(?: (?:[\w.'-]{1,20}|and|all|there)){0,4}[\s,.!:;-]*"
)
NAMES = re.compile(r"[^\W\d_][\w.'-]{0,25}(?: (?:(?:&|and) )?[^\W\d_][\w.'-]{0,25}){0,3}[\s.!,)]*")
NOT_NAMES = words(
    "for i we you it this that these those the a an my your our next order orders cancel item items ship send please "
    "not but if make no yes and also to of in on at is are was were will would could can do don't have has new last "
    "status help stop start product products more again lane street road avenue way drive court place buy need want "
    "one two d'annuler annuler commande stornieren bestellung cancelar pedido annullare ordine"
)


def is_closing(text: str, in_address: bool = False) -> bool:
    """Whether a line of its own ends the letter: "Many thanks, Ada", but not "Thanksgiving Lane" or "Thanks for ...".

    Inside an address a short word with a name after it ("Best Western") is part of the address.
    """
    words = plain(text)
    if len(words) > 90:
        return False
    closing = CLOSING.fullmatch(words)
    if closing is None:
        return False
    name, marks = closing["name"], closing["marks"]
    if not name:
        return True
    if not marks or not is_name(name):
        return False
    return any(mark in marks for mark in ",.!-") or not (closing["short"] or in_address)


def is_name(text: str) -> bool:
    words = text.replace(",", " ").replace(".", " ").split()
    figures = any(map(str.isdigit, text))
    return bool(NAMES.fullmatch(text)) and not figures and not any(word in NOT_NAMES for word in words)


NOT_GREETED = words(
    "keep add drop remove put include leave take rest this that these those it please send ship cancel want need make "
    "not no more also only just still i we my change"
)


def is_greeting(text: str) -> bool:
    """ "Hi there", "Dear Ada", but not "Hi keep the rest"."""
    said = plain(text)
    return bool(GREETING.fullmatch(said)) and NOT_GREETED.isdisjoint(said.strip(" .,!:;-").split())
