"""Specimens written to files, to be looked at in a mail program or a browser."""

from datetime import datetime
from pathlib import Path

from daemon.wording.compose import Wording
from daemon.wording.specimens import specimens

RECIPIENT = "customer@customer.example"


def write_specimens(kind: str, wording: Wording, folder: Path, now: datetime) -> list[Path]:
    """Every specimen of a kind as KIND-NAME.eml, .txt and .html in `folder`, which is made when missing.

    The paths written; none when there is no such kind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for made in specimens(kind):
        worded = wording.word(made.mail, made.enclosure, made.address)
        whole = wording.compose(made.mail, RECIPIENT, made.enclosure, made.address, now)
        stem = f"{kind}-{made.name}"
        contents = {
            ".eml": whole,
            ".txt": f"{worded.subject}\n\n{worded.text}".encode(),
            ".html": worded.html.encode(),
        }
        for ending, content in contents.items():
            path = folder / f"{stem}{ending}"
            path.write_bytes(content)
            written.append(path)
    return written
