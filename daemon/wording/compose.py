"""The templates and what they are told: a mail's facts and a stranger's words in, three texts out."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Template

from daemon.config import ShopConfig
from daemon.wording import lean
from daemon.wording.carried import NOTHING, Carried, Picture
from daemon.wording.fold import fold
from daemon.wording.inert import inert, inert_all, inert_lines, one_line
from daemon.wording.lean import Form
from daemon.wording.links import mailto, order_block
from daemon.wording.mime import UnmailableError, addressed, dated, encoded, message, message_id
from daemon.wording.sandbox import environment
from store.facts import JSON, OFFER, Enclosure, Mail, Role, ShippingAddress

# Every kind of mail, and what its template reads when the enclosure is gone or does not say.
KINDS: dict[str, JSON] = {
    "confirmation": {},
    "refusal": {"faults": (), "corrected": None},
    "unclear": {"faults": (), "kind": "", "done": ()},
    "cancellation": {},
    "held": {},
    "offer": {},
    "preferences": {},
    "changed": {},
    "not_changed": {"faults": (), "corrected": None, "now": None, "apart": None},
    "transcript": {"texts": ()},
    "prove": {},
    "wish": {},
    "back_in_stock": {},
    "own_data": {},
    "erased": {},
    "not_erased": {},
    "my_orders": {},
    "status": {"said_yes": False},
    "products": {"sought": ""},
    "recommend": {"sought": ""},
    "quote": {"faults": (), "corrected": None},
    "help": {},
    "declined": {"asked": None},
    "passed_on": {"done": ()},
    "forward": {"from": "", "subject": "", "reason": "", "done": ()},
    "too_large": {},
    "slow_down": {},
    "unreadable": {"faults": ()},
    "alert": {"trace": ""},
}
MOST_FAULTS = 40  # a mail over 102 KB is cut off by Gmail, and nobody reads that many
NO_FAULT: JSON = {"line": None, "suggestion": None, "nearest": None, "in_stock": None, "price": None, "wish": None}
ABOUT_THE_ADDRESS = {"no_address", "address_incomplete", "two_addresses", "address_unknown", "address_in_sheet"}


def shipped_templates() -> Path:
    """The templates that come with mailorder: inside the installed package, or beside it in a checkout."""
    packaged = Path(__file__).parents[1] / "templates"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "templates"


@dataclass(frozen=True, slots=True)
class Worded:
    """A mail in words; `html` has its styles inline and is empty where text is all, `text` no line over 72 letters."""

    subject: str
    text: str
    html: str


class Wording:
    """Words mails in the shop's name; the templates are compiled once, at the first mail of their kind.

    `templates` is a folder whose files take the place of the shipped ones of the same name. Raises
    ConfigError when shop.locale is not a locale.
    """

    def __init__(self, shop: ShopConfig, templates: Path | None = None) -> None:
        self._shop = shop
        self._folders = [folder for folder in (templates, shipped_templates()) if folder is not None]
        self._templates = environment(shop, self._folders)
        self._reasons = {name: self._templates.from_string(told) for name, told in read_reasons(self._folders).items()}
        self._zone = shop.zone
        self._sender = addressed(shop.address, shop.name)

    def word(
        self,
        mail: Mail,
        enclosure: Enclosure | None,
        address: ShippingAddress | None,
        carried: Carried = NOTHING,
        form: Form = Form.WHOLE,
    ) -> Worded:
        """Subject, text and HTML; what customers wrote is shown and never obeyed.

        Raises jinja2.TemplateError when a template is missing, broken, or asks for what the mail
        does not tell.
        """
        told = self._told(mail, enclosure, address, form)
        if carried is not NOTHING:
            told |= inert_all(carried.told)
            told["sources"] = {each.name: f"cid:{self._content_id(mail, each)}" for each in carried.pictures}
        subject = one_line(self._template(mail.kind, "subject.txt").render(told))
        text = self._template(mail.kind, "body.txt").render(told)
        whole = form is Form.WHOLE
        html = self._template(mail.kind, "body.html").render(told, title=subject) if whole else ""
        return Worded(subject, fold(text), html)

    def compose(
        self,
        mail: Mail,
        recipient: str,
        enclosure: Enclosure | None,
        address: ShippingAddress | None,
        now: datetime,
        carried: Carried = NOTHING,
    ) -> bytes:
        """The whole message with CRLF line ends, ready for SMTP; `now` is aware and becomes its Date.

        A lean mail goes in the first form that is small enough. Raises UnmailableError when the recipient is not a
        single well-formed address, and what `word` raises.
        """
        for form in lean.FORMS[mail.facts.get("lean")]:
            worded = self.word(mail, enclosure, address, carried, form)
            made = self._put_together(mail, recipient, enclosure, worded, now, carried)
            if len(made) <= lean.LARGEST[form]:
                break
        return made

    def _put_together(
        self,
        mail: Mail,
        recipient: str,
        enclosure: Enclosure | None,
        worded: Worded,
        now: datetime,
        carried: Carried,
    ) -> bytes:
        letter = enclosure.letter if enclosure is not None and mail.kind == "forward" else None
        headers = self._headers(mail, recipient, enclosure, worded.subject, now)
        pictures = {self._content_id(mail, picture): picture for picture in carried.pictures}
        return message(headers, worded.text, worded.html or None, mail.token, letter, pictures, carried.files)

    def _content_id(self, mail: Mail, picture: Picture) -> str:
        return f"{picture.name}.{mail.token}@{self._shop.domain}"

    def _headers(
        self, mail: Mail, recipient: str, enclosure: Enclosure | None, subject: str, now: datetime
    ) -> list[tuple[str, str]]:
        words = enclosure.words if enclosure is not None else {}
        headers = [
            ("From", self._sender),
            ("To", addressed(recipient)),
            ("Subject", encoded(subject)),
            ("Date", dated(now.replace(microsecond=0), self._zone)),
            ("Message-ID", f"<{mail.token}@{self._shop.domain}>"),
        ]
        if answered := message_id(words.get("message_id")):
            headers += [("In-Reply-To", answered), ("References", answered)]
        if mail.kind == "forward" and (customer := well_formed(words.get("from"))):
            # So that the person's reply goes to the customer and not back to the counter.
            headers.append(("Reply-To", customer))
        if mail.kind == OFFER:
            # RFC 2369 section 3.2. One-click unsubscribing (RFC 8058) needs an HTTPS address here as well, and
            # List-Unsubscribe-Post beside it: docs/offers.md says where they will go.
            headers.append(("List-Unsubscribe", f"<{mailto(self._shop.address, 'stop')}>"))
        # RFC 3834 section 5: alerts, reports, offers and what comes back in stock answer nobody's letter.
        unasked = mail.role in (Role.OPERATOR, Role.STAFF) or mail.kind in (OFFER, "back_in_stock")
        automatic = "auto-generated" if unasked else "auto-replied"
        return [*headers, ("Auto-Submitted", automatic), ("X-Auto-Response-Suppress", "All")]

    def _template(self, kind: str, part: str) -> Template:
        return self._templates.get_template(f"{kind}/{part}")

    def _told(
        self, mail: Mail, enclosure: Enclosure | None, address: ShippingAddress | None, form: Form = Form.WHOLE
    ) -> JSON:
        """What the templates read: the enclosure's words, then the facts (which a word never overrides)."""
        words = enclosure.words if enclosure is not None else {}
        told = {**KINDS.get(mail.kind, {}), **inert_all(words), **inert_all(mail.facts)}
        corrected, apart = words.get("corrected"), words.get("apart")
        if form is Form.BRIEF:
            told, corrected, apart = lean.shortened(told), lean.first_lines(corrected), lean.first_lines(apart)
        told["address"] = address and ship_to({"name": address.name, "lines": address.lines})
        told["attached"] = enclosure is not None and enclosure.letter is not None
        if "faults" in told:
            most = lean.MOST_FAULTS if mail.facts.get("lean") else MOST_FAULTS
            told["hidden_faults"] = max(0, len(told["faults"]) - most)
            told["faults"] = [self._explained(fault) for fault in told["faults"][:most]]
        if "corrected" in told:
            told["corrected"] = self._correction(corrected, told)
        if "apart" in told:
            told["apart"] = self._correction(apart, {**told, "command": "order"})
        if "texts" in told:
            # The words lie in the vault and may be gone; what became of each line is in the books.
            texts = [*told["texts"], *[""] * len(told["lines"])]
            told["lines"] = [{**line, "text": text} for line, text in zip(told["lines"], texts, strict=False)]
        if "trace" in told:
            told["trace"] = inert_lines(str(words.get("trace") or ""))
        return told

    def _explained(self, fault: JSON) -> JSON:
        told = {**NO_FAULT, **fault}
        told["why"] = self._reasons.get(told["reason"], self._reasons["other"]).render(told)
        if told["suggestion"] and told["suggestion"] in told["why"]:
            told["suggestion"] = None
        if told["reason"] == "not_enough_stock" and told["in_stock"] == 0 and told["nearest"]:
            told["suggestion"] = None
            told["wish"] = mailto(self._shop.address, f"notify {told['nearest']['product_id']}")
        return told

    def _correction(self, corrected: Mapping[str, Any] | None, mail: JSON) -> JSON | None:
        """The order as it would be accepted: what to show, the block to copy and the link that sends it."""
        left_open = inert_all((corrected or {}).get("open", ()))
        if not corrected or not (corrected["items"] or left_open or corrected["ship_to"]):
            return None
        lines = inert_all(corrected["items"])
        blank = corrected.get("blank_address") or any(fault["reason"] in ABOUT_THE_ADDRESS for fault in mail["faults"])
        told_where = ship_to(corrected["ship_to"]) if corrected["ship_to"] else mail["address"]
        where = None if blank else told_where
        block = order_block([*lines, *left_open], where, blank)
        link = mailto(self._shop.address, mail.get("command", "order"), block)
        told = {
            "lines": lines,
            "open": left_open,
            "ship_to": where,
            "blank_address": blank,
            "block": block,
            "link": link,
        }
        hidden = corrected.get("hidden", 0)
        unsendable = bool(hidden) or corrected.get("unsendable", False)
        return {**told, "hidden": hidden, "unsendable": unsendable, "total": corrected["total"]}


def read_reasons(folders: list[Path]) -> dict[str, str]:
    """The sentence for each reason of a refusal, the first folder's before the shipped ones."""
    sentences: dict[str, str] = {}
    for folder in reversed(folders):
        file = folder / "layout" / "reasons.toml"
        if file.is_file():
            sentences |= tomllib.loads(file.read_text("utf-8"))
    return sentences


def ship_to(address: Mapping[str, Any]) -> JSON:
    """An address made harmless; daemon.request takes none whose lines `inert` would shorten."""
    return {"name": inert(address["name"]), "lines": [inert(line) for line in address["lines"]]}


def well_formed(address: object) -> str | None:
    try:
        return addressed(address) if isinstance(address, str) else None
    except UnmailableError:
        return None
