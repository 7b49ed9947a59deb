"""Short names for customers, so that a report can be talked about without saying who they are."""

import hashlib

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that are not taken for one another when read aloud or copied: no 0 O 1 I L U."""
LENGTH = 6


def alias(hashed_email: str) -> str:
    """The name of one customer, in every report the same: LENGTH letters of a digest of the hash.

    They are 29 bits, which lead back to nobody. Two customers share them once in 729 million pairs.
    """
    number = int.from_bytes(hashlib.sha256(f"alias\0{hashed_email}".encode()).digest(), "big")
    name = ""
    for _ in range(LENGTH):
        number, digit = divmod(number, len(LETTERS))
        name += LETTERS[digit]
    return f"C-{name}"
