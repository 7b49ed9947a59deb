"""Letters made by hand, without a mail around them."""

from typing import Any

from daemon.letter import Letter, Verdict


def letter(subject: str = "order", body: str = "", **more: Any) -> Letter:
    lines = tuple(enumerate(body.split("\n"), 1)) if body else ()
    told: dict[str, Any] = {
        "lines": lines,
        "sender": "ada@customer.example",
        "sender_name": "Ada Lovelace",
        "sender_count": 1,
        "message_id": "1@customer.example",
        "digest": "0",
        "verdict": Verdict.NONE,
    }
    return Letter(subject=subject, **{**told, **more})
