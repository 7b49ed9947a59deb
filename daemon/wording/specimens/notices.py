"""Specimens of short notices to a customer, and of mail to the house itself."""

from collections.abc import Iterator

from daemon.request.shapes import Reason
from daemon.wording.specimens.made import NUMBER, PLACED, WRITTEN, Specimen, fault, specimen
from store.facts import JSON, Role


def notices() -> Iterator[Specimen]:
    answered: JSON = {"message_id": WRITTEN}
    yield specimen("plain", "passed_on", {}, answered)
    done = [{"what": "booked", "number": NUMBER}, {"what": "stopped", "number": None}]
    yield specimen("done", "passed_on", {"done": done}, answered)
    yield specimen("plain", "too_large", {"size": 7_412_345, "limit": 5_000_000}, answered)
    yield specimen("plain", "slow_down", {"limit": 20, "minutes": 60}, answered)
    yield specimen("held", "declined", {"number": NUMBER}, answered)
    yield specimen("offer", "declined", {"number": None}, answered)
    yield specimen("erase", "declined", {"number": None, "asked": "erase"}, answered)
    yield specimen("export", "declined", {"number": None, "asked": "export"}, answered)
    yield specimen("plain", "unreadable", {}, {**answered, "faults": [fault(None, "", Reason.UNDECODABLE)]})
    yield specimen("bare", "unreadable", {}, answered)


def to_the_house() -> Iterator[Specimen]:
    asked = {"from": "ada@customer.example", "subject": "Is the brass lamp dimmable?", "reason": "prose"}
    letter = b"From: ada@customer.example\r\nSubject: Is the brass lamp dimmable?\r\n\r\nAnd does it tilt?\r\n"
    yield specimen("plain", "forward", {}, asked, role=Role.HUMAN, letter=letter)
    eight_bit = letter + "Viele Grüße\r\n".encode("latin-1")
    yield specimen("eight_bit", "forward", {}, {**asked, "subject": ""}, role=Role.HUMAN, letter=eight_bit)
    done = [{"what": "answered", "number": None}]
    yield specimen("done", "forward", {"done": done}, asked, role=Role.HUMAN, letter=letter)
    failed = {"what": "letter_failed", "reference": "L-20261123-0042", "reason": "RecursionError", "when": PLACED}
    failed["command"] = "mailorder letters show L-20261123-0042"
    trace = 'Traceback (most recent call last):\n  File "daemon/letter/parse.py", line 88, in parse\nRecursionError'
    yield specimen("plain", "alert", failed, {"trace": trace}, role=Role.OPERATOR)
    dead = {**failed, "what": "mail_dead", "reference": "1742", "reason": "550 5.1.1 no such user"}
    yield specimen("dead", "alert", {**dead, "command": "mailorder outbox show 1742"}, role=Role.OPERATOR)
