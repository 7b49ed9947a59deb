"""Which parts beside the text are read, which are passed over in silence, and which are told as unopened."""

from collections.abc import Iterator

from daemon.letter import sheets
from daemon.letter.parts import Part
from daemon.letter.shapes import Damage, Limits, Sheet, Unopened
from daemon.letter.transfer import content_of

CSV_NAMES = (".csv", ".tsv", ".tab")
CSV_KINDS = ("text/csv", "text/tab-separated-values", "text/comma-separated-values", "application/csv")
XLSX_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Decoration of a letter and proofs of its sender: nothing that anybody orders by.
PASSED_NAMES = tuple(".png .jpg .jpeg .gif .bmp .svg .webp .heic .ico .tif .tiff .vcf .p7s .asc .sig .ics".split())
PASSED_KINDS = frozenset(
    "text/vcard text/x-vcard text/directory application/pkcs7-signature application/x-pkcs7-signature"
    " application/pgp-signature application/pgp-keys text/calendar application/ics message/delivery-status"
    " message/disposition-notification message/feedback-report text/rfc822-headers text/x-amp-html text/watch-html"
    " message/global-delivery-status".split()
)
# Files by kind; any other name beside these is judged by the name.
MESSAGE_KINDS = ("message/rfc822", "message/global")


def read(root: Part, limits: Limits) -> tuple[tuple[Sheet, ...], tuple[Unopened, ...]]:
    """Sheets and unopened attachments in the order they stand."""
    found: list[Sheet] = []
    unopened: list[Unopened] = []
    left = limits.sheet_bytes
    for part in attached(root):
        # What all sheets together may take in memory is what one may.
        result = opened(part, limits) if left > 0 else Unopened(part.name, "too_large")
        left -= len(part.content) if isinstance(result, list) else 0
        if isinstance(result, list):
            found += result
        else:
            unopened.append(result)
    return tuple(found), tuple(unopened)


def attached(part: Part) -> Iterator[Part]:
    """The parts to open or to tell of; of alternatives none, since the text says the same."""
    if part.kind == "multipart/encrypted":
        yield part
        return
    for child in part.children:
        if part.kind == "multipart/alternative" and not child.children:
            continue
        yield from attached(child)
    if not part.children and not part.kind.startswith("multipart/") and not part.is_body and not is_passed_over(part):
        yield part


def is_passed_over(part: Part) -> bool:
    if part.kind.startswith("image/") or part.kind in PASSED_KINDS:
        return True
    return part.kind not in MESSAGE_KINDS and part.name.lower().endswith(PASSED_NAMES)


def opened(part: Part, limits: Limits) -> list[Sheet] | Unopened:
    name = part.name.lower()
    named = "." in name[-6:]
    if name.endswith(CSV_NAMES) or (not named and part.kind in CSV_KINDS):
        read_as = "csv"
    elif name.endswith(".xlsx") or (not named and part.kind == XLSX_KIND):
        read_as = "xlsx"
    else:
        return Unopened(part.name, "wrong_kind")
    data, damage = content_of(part)
    if Damage.CUT_OFF in damage or Damage.UNDECODABLE in damage or not data.strip():
        return Unopened(part.name, "unreadable")
    if read_as == "xlsx":
        return sheets.from_xlsx(part.name, data, limits)
    sheet = sheets.from_csv(part.name, data, part.parameters.get("charset", ""), limits)
    return [sheet] if isinstance(sheet, Sheet) else sheet
