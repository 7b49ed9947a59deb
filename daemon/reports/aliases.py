"""Short names for customers, so that a report can be talked about without saying who they are."""

import hashlib
from collections import Counter
from collections.abc import Collection

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that are not taken for one another when read aloud or copied: no 0 O 1 I L U."""
SHORTEST = 4


def aliases(hashed_emails: Collection[str]) -> dict[str, str]:
    """A name for each: always the same for the same customer, and no two alike among those asked for together.

    Made of a digest of the hash, cut short: 20 bits of one, which lead back to nobody. Where two begin alike, both are
    written longer.
    """
    whole = {one: spelled(one) for one in hashed_emails}
    length = SHORTEST
    found: dict[str, str] = {}
    while len(found) < len(whole):
        taken = Counter(name[:length] for name in whole.values())
        for one, name in whole.items():
            if one not in found and taken[name[:length]] == 1:
                found[one] = f"C-{name[:length]}"
        length += 1
    return found


def spelled(hashed_email: str) -> str:
    number = int.from_bytes(hashlib.sha256(f"alias\0{hashed_email}".encode()).digest(), "big")
    name = ""
    while number:
        number, digit = divmod(number, len(LETTERS))
        name += LETTERS[digit]
    return name
