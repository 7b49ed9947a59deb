"""Which parts beside the text are read, which are passed over in silence, and which are told as unopened."""

from collections.abc import Iterator
from dataclasses import replace

from daemon.letter import sheets
from daemon.letter.parts import ENCRYPTED, Part
from daemon.letter.shapes import Damage, Limits, Sheet, Unopened
from daemon.letter.transfer import content_of

CSV_NAMES = (".csv", ".tsv", ".tab")
CSV_KINDS = ("text/csv", "text/tab-separated-values", "text/comma-separated-values", "application/csv")
XLSX_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Decoration of a letter and proofs of its sender: nothing that anybody orders by.
PASSED_NAMES = (
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".bmp",
    ".svg",
    ".webp",
    ".heic",
    ".ico",
    ".tif",
    ".tiff",
    ".vcf",
    ".p7s",
    ".asc",
    ".sig",
    ".ics",
)
PASSED_KINDS = frozenset(
    {
        "text/vcard",
        "text/x-vcard",
        "text/directory",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-keys",
        "text/calendar",
        "application/ics",
        "message/delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
        "text/rfc822-headers",
        "text/x-amp-html",
        "text/watch-html",
        "message/global-delivery-status",
    }
)
# Files by kind; any other name beside these is judged by the name.
MESSAGE_KINDS = ("message/rfc822", "message/global")


def read(root: Part, limits: Limits) -> tuple[tuple[Sheet, ...], tuple[Unopened, ...]]:
    """Sheets and unopened attachments in the order they stand; all sheets together may be as large as one."""
    found: list[Sheet] = []
    unopened: list[Unopened] = []
    for part in attached(root):
        result, unpacked = opened(part, limits)
        limits = replace(limits, sheet_bytes=limits.sheet_bytes - unpacked)
        if isinstance(result, Unopened):
            unopened.append(result)
        else:
            found += result
    return tuple(found), tuple(unopened)


def attached(part: Part) -> Iterator[Part]:
    """The parts to open or to tell of; of alternatives none, since the text says the same."""
    for child in part.children:
        if child.children or part.kind != "multipart/alternative":
            yield from attached(child)
    is_file = not part.kind.startswith("multipart/") or part.kind == ENCRYPTED
    if is_file and not part.is_body and not is_passed_over(part):
        yield part


def is_passed_over(part: Part) -> bool:
    if part.kind.startswith("image/") or part.kind in PASSED_KINDS:
        return True
    return part.kind not in MESSAGE_KINDS and part.name.lower().endswith(PASSED_NAMES)


def opened(part: Part, limits: Limits) -> tuple[list[Sheet] | Unopened, int]:
    """What the part holds, or why it was not opened; and how many bytes were unpacked for that."""
    read_as = readable_as(part)
    if read_as is None:
        return Unopened(part.name, "wrong_kind"), 0
    data, damage = content_of(part)
    if Damage.CUT_OFF in damage or Damage.UNDECODABLE in damage or not data.strip():
        return Unopened(part.name, "unreadable"), len(data)
    if read_as == "csv":
        return sheets.from_csv(part.name, data, part.parameters.get("charset", ""), limits), len(data)
    return sheets.from_xlsx(part.name, data, limits)


def readable_as(part: Part) -> str | None:
    """csv, xlsx or None: by the file's name; by the declared kind where the name tells nothing."""
    name = part.name.lower()
    named = "." in name[-6:]
    if name.endswith(CSV_NAMES) or (not named and part.kind in CSV_KINDS):
        return "csv"
    return "xlsx" if name.endswith(".xlsx") or (not named and part.kind == XLSX_KIND) else None
