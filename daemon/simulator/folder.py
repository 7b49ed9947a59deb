"""The answers of a demo kept for people: each as .eml and .html, and a page that lists them."""

import re
from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from pathlib import Path

from daemon.simulator.smtp_server import Kept

OURS = re.compile(r"\d{3}-[a-z0-9-]*\.(?:eml|html)")

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>What the shop mailed</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }}
li {{ margin: .6rem 0; }} small {{ opacity: .7; }}
</style></head><body>
<h1>What the shop mailed</h1>
<p>{count} mails, oldest first. Open one as a page, or its .eml in a mail program.</p>
<ol>
{rows}
</ol></body></html>
"""


def keep(mails: Sequence[Kept], folder: Path) -> Path:
    """Write every mail and the index, in the place of those of a former demo; returns the index."""
    folder.mkdir(parents=True, exist_ok=True)
    for former in folder.iterdir():
        if OURS.fullmatch(former.name):
            former.unlink()
    rows = [keep_one(number, kept, folder) for number, kept in enumerate(mails, 1)]
    index = folder / "index.html"
    index.write_text(PAGE.format(count=len(rows), rows="\n".join(rows)), "utf-8")
    return index


def keep_one(number: int, kept: Kept, folder: Path) -> str:
    message = message_from_bytes(kept.message, policy=policy.default)
    stem = f"{number:03}-{re.sub(r'[^a-z0-9]+', '-', str(message['Subject']).lower())[:60].strip('-')}"
    (folder / f"{stem}.eml").write_bytes(kept.message)
    (folder / f"{stem}.html").write_text(html_of(message), "utf-8")
    to = escape(", ".join(kept.recipients))
    subject = escape(str(message["Subject"]))
    return f'<li><a href="{stem}.html">{subject}</a> <small>to {to} · <a href="{stem}.eml">.eml</a></small></li>'


def html_of(message: EmailMessage) -> str:
    part = message.get_body(("html", "plain"))
    return str(part.get_content()) if part is not None else ""
