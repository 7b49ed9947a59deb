"""Mails to who may not have asked: a forged sender must not make us send somebody a letter of many KB."""

from enum import IntEnum

from store.facts import JSON

MOST_FAULTS = 5
MOST_LINES = 5
LONGEST = 60
SHORTENED = frozenset({"name", "text", "texts", "sought", "category"})
"""What may be long and has no meaning for a program: no number, no address, no link."""


class Form(IntEnum):
    """How much of a mail is sent; each of these is smaller than the one before."""

    WHOLE = 0
    TEXT = 1
    BRIEF = 2


LARGEST = {Form.WHOLE: 12_000, Form.TEXT: 7_900, Form.BRIEF: 7_900}
"""Bytes of such a mail, with its headers; with HTML what the confirmation of a small order has."""

FORMS = {None: (Form.WHOLE,), "small": tuple(Form), "text": (Form.TEXT, Form.BRIEF)}
"""By what a mail's facts say under "lean": the forms to try, until one is small enough."""


def shortened(told: JSON) -> JSON:
    """The same with long names and words cut."""
    return {key: shortened_one(key, value) for key, value in told.items()}


def shortened_one(key: str, value: object) -> object:
    if isinstance(value, str):
        return value[: LONGEST - 1].rstrip() + "…" if key in SHORTENED and len(value) > LONGEST else value
    if isinstance(value, dict):
        return shortened(value)
    if isinstance(value, list):
        return [shortened_one(key, one) for one in value]
    return value


def first_lines(corrected: JSON | None) -> JSON | None:
    """An order put right, without its address and with its first lines only, which are not for sending: half an order
    is worse than none. The total stays that of all.
    """
    if corrected is None:
        return None
    items, left_open = corrected["items"], corrected.get("open", ())
    left_out = max(0, len(items) + len(left_open) - MOST_LINES)
    shown = {"items": items[:MOST_LINES], "open": left_open[:MOST_LINES]}
    told = {**shown, "ship_to": None, "hidden": corrected.get("hidden", 0) + left_out}
    return shortened({**corrected, **told, "unsendable": bool(left_out or corrected["ship_to"])})
