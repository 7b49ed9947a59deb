"""Mails written to files, to be looked at in a mail program or a browser."""

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path, PurePath

from daemon.wording.carried import Carried
from daemon.wording.compose import Worded, Wording
from daemon.wording.specimens import Specimen, specimens

RECIPIENT = "customer@customer.example"
CONTENT_ID = re.compile(r'cid:([a-z]+)\.[^"\s]+')


def write_specimens(
    kind: str, wording: Wording, folder: Path, now: datetime, others: Iterable[Specimen] = ()
) -> list[Path]:
    """Every specimen of a kind as KIND-NAME.eml, .txt and .html in `folder`, which is made when missing.

    `others` are specimens from rooms above this one. The paths written; none when there is no such kind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for made in (*specimens(kind), *(one for one in others if one.mail.kind == kind)):
        worded = wording.word(made.mail, made.enclosure, made.address, made.carried)
        whole = wording.compose(made.mail, RECIPIENT, made.enclosure, made.address, now, made.carried)
        for name, content in as_files(worded, whole, made.carried, f"{kind}-{made.name}").items():
            path = folder / name
            path.write_bytes(content)
            written.append(path)
    return written


def as_files(worded: Worded, whole: bytes, carried: Carried, stem: str) -> dict[str, bytes]:
    """A mail as files by their names: the message, its two readings, and what it carries.

    The HTML is for a browser, which knows no Content-ID: it shows the pictures from files beside it.
    """
    html = CONTENT_ID.sub(lambda found: f"{stem}-{found[1]}.png", worded.html)
    contents = {
        f"{stem}.eml": whole,
        f"{stem}.txt": f"{worded.subject}\n\n{worded.text}".encode(),
        f"{stem}.html": html.encode(),
    }
    contents |= {f"{stem}-{picture.name}.png": picture.content for picture in carried.pictures}
    return contents | {f"{stem}{PurePath(file.name).suffix}": file.content for file in carried.files}
