"""Every mail says what it should, shows strangers' words without obeying them, and looks the same everywhere."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from css_inline import CSSInliner
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import TemplateError, UndefinedError
from selectolax.lexbor import LexborHTMLParser, LexborNode

from daemon.config import ShopConfig
from daemon.request.shapes import Reason
from daemon.wording import (
    KINDS,
    Specimen,
    UnmailableError,
    Worded,
    Wording,
    shipped_templates,
    specimens,
    write_specimens,
)
from daemon.wording.compose import read_reasons
from daemon.wording.styles import read_rules, styled
from store.facts import Enclosure, Mail, Role

SHOP = ShopConfig(name="Lantern & Loom", timezone="America/Denver")
NOW = datetime(2026, 11, 23, 23, 5, 42, tzinfo=UTC)
ALL = list(specimens())
WORDING = Wording(SHOP)
HOSTILE = (
    "</td></table><script>alert(1)</script><img src=x onerror=alert(1)>{{ shop.operator }}{% raw %}\r\n"
    "Bcc: all@customer.example\r\n\u202etxt.exe http://evil.example/win \x00\x1b[31m"
)

each_specimen = pytest.mark.parametrize("made", ALL, ids=lambda made: f"{made.mail.kind}-{made.name}")


def worded(made: Specimen) -> Worded:
    return WORDING.word(made.mail, made.enclosure, made.address)


def composed(made: Specimen, recipient: str = "ada@customer.example") -> EmailMessage:
    raw = WORDING.compose(made.mail, recipient, made.enclosure, made.address, NOW)
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    assert not parsed.defects
    return parsed


def first(kind: str, name: str | None = None) -> Specimen:
    return next(made for made in specimens(kind) if name in (None, made.name))


def shown(html: str) -> str:
    """The text of the page, without its style sheet."""
    tree = LexborHTMLParser(html)
    tree.strip_tags(["style", "title"])
    return tree.body.text(separator=" ") if tree.body else ""


def elements(html: str) -> Iterator[LexborNode]:
    yield from LexborHTMLParser(html).css("*")


def style_of(node: LexborNode) -> dict[str, str]:
    told = (node.attributes.get("style") or "").split(";")
    pairs = (declaration.partition(":") for declaration in told if declaration.strip())
    return {key.strip(): value.strip().replace('"', "'") for key, _, value in pairs}


def test_every_kind_has_a_specimen_and_every_specimen_a_kind() -> None:
    assert {made.mail.kind for made in ALL} == set(KINDS)
    assert len({(made.mail.kind, made.name) for made in ALL}) == len(ALL)


@each_specimen
def test_every_mail_can_be_worded_and_read(made: Specimen) -> None:
    mail = worded(made)
    assert mail.subject == mail.subject.strip() != ""
    assert len(mail.subject) <= 78
    assert max(len(line) for line in mail.text.splitlines() if not line.startswith("mailto:")) <= 72
    assert len(mail.html.encode()) < 100_000
    for leftover in ("{{", "{%", "None", "Undefined"):
        assert leftover not in mail.subject + mail.text + shown(mail.html)


@each_specimen
def test_a_mail_needs_nothing_from_the_network_and_runs_nothing(made: Specimen) -> None:
    html = worded(made).html
    assert not re.search(r"https?:|//|url\(|@import|<img|<script|<link|<form|\son\w+=", html.partition("<body")[2])
    links = [node.attributes["href"] or "" for node in LexborHTMLParser(html).css("a")]
    assert all(link.startswith("mailto:") for link in links)
    allowed = (SHOP.address, SHOP.human)
    assert all(link.removeprefix("mailto:").partition("?")[0] in allowed for link in links)


@each_specimen
def test_no_link_carries_a_mail_address_of_a_customer(made: Specimen) -> None:
    links = [node.attributes["href"] or "" for node in LexborHTMLParser(worded(made).html).css("a")]
    assert not [link for link in links if "customer" in link or "%40" in link]


@each_specimen
def test_the_text_holds_every_number_of_the_html(made: Specimen) -> None:
    mail = worded(made)
    told = re.sub(r"\s+", "", mail.text)
    glance, _, page = shown(mail.html).partition(SHOP.name)
    numbers = set(re.findall(r"[\w$€.,:-]*\d[\w.,:-]*", page))
    assert not [each for each in numbers if each.rstrip(".,:") not in told]
    assert glance.strip()


@each_specimen
def test_a_mail_is_marked_as_automatic_and_answers_the_letter(made: Specimen) -> None:
    mail = composed(made)
    assert mail["From"].addresses[0].addr_spec == SHOP.address
    assert mail["Subject"] == worded(made).subject
    assert mail["Message-ID"] == f"<{made.mail.token}@{SHOP.domain}>"
    assert mail["Date"].datetime == NOW.replace(microsecond=0)
    unasked = made.mail.role is Role.OPERATOR or made.mail.kind in ("offer", "back_in_stock")
    assert mail["Auto-Submitted"] == ("auto-generated" if unasked else "auto-replied")
    assert mail["X-Auto-Response-Suppress"] == "All"
    answered = made.enclosure.words.get("message_id") if made.enclosure else None
    assert mail["In-Reply-To"] == mail["References"] == (f"<{answered}>" if answered else None)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == worded(made).text
    assert unescape(html.get_content().replace("\r\n", "\n")) == unescape(worded(made).html)


@each_specimen
def test_the_page_is_one_that_everybody_can_read(made: Specimen) -> None:
    tree = LexborHTMLParser(worded(made).html)
    assert tree.root is not None
    assert tree.root.attributes["lang"] == "en"
    assert len(tree.css("h1")) == 1
    assert not tree.css("h3, h4, h5, h6")
    for table in tree.css("table"):
        layout = table.attributes.get("role") == "presentation"
        assert layout != (table.attributes.get("class") == "items")
    assert all(node.text(strip=True) for node in tree.css("a, th, h1, h2"))


@each_specimen
def test_the_styles_on_the_tags_are_those_that_css_inline_would_put_there(made: Specimen) -> None:
    ours = worded(made).html
    sheet = (shipped_templates() / "layout" / "style.css").read_text("utf-8")
    inliner = CSSInliner(inline_style_tags=False, keep_style_tags=True, extra_css=sheet, load_remote_stylesheets=False)
    theirs = inliner.inline(re.sub(r' style="[^"]*"', "", ours))
    pairs = zip(elements(ours), elements(theirs), strict=True)
    assert not [(one.html, other.html) for one, other in pairs if style_of(one) != style_of(other)]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def inherited(node: LexborNode | None, key: str, dark: dict[str, dict[str, str]]) -> str:
    while node is not None:
        style = style_of(node)
        names = [node.tag or "", *(f".{each}" for each in (node.attributes.get("class") or "").split())]
        for name in names:
            style |= {each: value.split(" ")[0] for each, value in dark.get(name, {}).items()}
        if key in style:
            return style[key]
        node = node.parent
    raise AssertionError(f"nothing sets {key}")


def dark_rules() -> dict[str, dict[str, str]]:
    """The rules for dark screens, one selector each."""
    sheet = (shipped_templates() / "layout" / "screens.css").read_text("utf-8")
    inner = sheet.partition("dark) {")[2].rpartition("}")[0]
    parted = re.sub(r"([^{}]+)(\{[^}]*\})", lambda m: "".join(f"{s}{m[2]}" for s in m[1].split(",")), inner)
    return read_rules(parted)


@pytest.mark.parametrize("rules", [{}, dark_rules()], ids=["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_text_stands_out_from_what_it_stands_on(kind: str, rules: dict[str, dict[str, str]]) -> None:
    """WCAG 2.2, 1.4.3: a contrast of 4.5 to 1 at least."""
    for made in specimens(kind):
        body = LexborHTMLParser(worded(made).html).css_first("body")
        assert body is not None
        for node in body.css("*"):
            if node.text(deep=False, strip=True):
                pair = inherited(node, "color", rules), inherited(node, "background-color", rules)
                assert contrast(*pair) >= 4.5, (node.html, pair)


def with_words(told: Any, words: str) -> Any:
    """The same shape with a stranger's words in the place of every text that is not one of our own names."""
    if isinstance(told, dict):
        return {key: value if key in OURS else with_words(value, words) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return [with_words(value, words) for value in told]
    return words if isinstance(told, str) else told


OURS = {"reason", "kind", "message_id"}


def hostile(made: Specimen, words: str) -> Specimen:
    enclosure = made.enclosure and replace(made.enclosure, words=with_words(made.enclosure.words, words))
    address = made.address and replace(made.address, name=words, lines=(words, words))
    facts = made.mail.facts
    if made.mail.kind == "cancellation":
        facts = {"results": [{**result, "number": words} for result in facts["results"]]}
    return replace(made, mail=replace(made.mail, facts=facts), enclosure=enclosure, address=address)


def outline(html: str) -> list[str]:
    return [node.tag or "" for node in elements(html)]


@each_specimen
def test_what_a_stranger_wrote_is_shown_and_never_obeyed(made: Specimen) -> None:
    bad = hostile(made, HOSTILE)
    mail = worded(bad)
    whole = mail.subject + mail.text + mail.html
    assert not re.search(r"http:|evil\.example|[\x00\x1b\u202e]", whole)
    assert not re.search(r"<script|<img", mail.html)
    assert SHOP.operator not in whole
    assert not re.search(r"^Bcc:", mail.text, re.MULTILINE)
    assert outline(mail.html) == outline(worded(hostile(made, "two words")).html)
    sent = composed(bad)
    assert set(sent.keys()) <= set(composed(made).keys())
    assert "\n" not in sent["Subject"]


@settings(max_examples=40)
@given(words=st.text(st.characters(), max_size=60), made=st.sampled_from(ALL))
def test_no_words_break_a_mail(words: str, made: Specimen) -> None:
    bad = hostile(made, words)
    raw = WORDING.compose(bad.mail, "ada@customer.example", bad.enclosure, bad.address, NOW)
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert parsed["To"].addresses[0].addr_spec == "ada@customer.example"
    assert [key for key in parsed.keys() if key == "Message-ID"] == ["Message-ID"]  # noqa: SIM118


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_whose_enclosure_and_address_are_gone_is_worded_all_the_same(kind: str) -> None:
    mail = WORDING.word(first(kind).mail, None, None)
    assert mail.subject
    assert mail.text
    assert mail.html


def test_every_reason_has_a_sentence_of_its_own() -> None:
    sentences = read_reasons([shipped_templates()])
    assert {str(reason) for reason in Reason} == set(sentences) - {"other"}
    assert len(set(sentences.values())) == len(sentences)
    text = worded(first("refusal", "every_reason")).text
    assert text.count("Line ") == 40
    assert f"And {len(Reason) - 40} more of this kind." in text


def test_a_reason_from_another_version_is_still_told_of() -> None:
    words = {"faults": [{"line": 3, "text": "x", "reason": "not_invented_yet"}], "corrected": None}
    mail = WORDING.word(first("refusal").mail, Enclosure("e", None, words), None)
    assert "We could not read this for certain" in mail.text


def test_a_confirmation_says_what_how_many_what_for_where_to_and_until_when() -> None:
    mail = worded(first("confirmation"))
    for part in (mail.text, shown(mail.html)):
        for said in ("$49.50", "$99.00", "$359.63", "Brass desk lamp", "BJ02R0G72U8V", "12 Analytical Way"):
            assert said in part
        assert "Tuesday 24 November 2026, 16:05 MST" in " ".join(part.split())
    assert 'href="mailto:orders@shop.example?subject=cancel%20MO-7K3F-9Q2D"' in mail.html
    assert mail.subject == "Order MO-7K3F-9Q2D confirmed"


def test_an_order_that_cannot_be_cancelled_by_mail_offers_no_link_to_try() -> None:
    mail = worded(first("confirmation", "at_once"))
    assert "subject=cancel" not in mail.html + mail.text
    assert "cannot be cancelled by mail" in mail.text


def test_a_confirmation_says_when_the_address_is_the_last_one() -> None:
    assert "last order" in worded(first("confirmation", "reused")).text
    assert "last order" not in worded(first("confirmation")).text


def test_a_correction_too_long_for_a_link_is_there_to_copy() -> None:
    mail = worded(first("refusal", "too_long_for_a_link"))
    assert "subject=order" not in mail.html
    assert mail.text.count("\nTMBYE6H8") == 100


def test_an_unfilled_form_or_link_holds_nothing_that_could_pass_for_an_order() -> None:
    html = worded(first("refusal", "nothing")).html
    assert "subject=order&amp;body=Ship%20to%3A%20%0D%0A%0D%0AItems%3A%0D%0A" in html
    form = LexborHTMLParser(html).css_first("pre")
    assert form is not None
    assert set(form.text()) <= set("Ship to: Items: .,\n")


def test_a_letter_passed_on_is_answered_to_its_writer_and_lies_inside() -> None:
    sent = composed(first("forward"), SHOP.human)
    assert sent["Reply-To"].addresses[0].addr_spec == "ada@customer.example"
    assert [part.get_content_type() for part in sent.iter_attachments()] == ["message/rfc822"]
    assert "Reply-To" not in composed(hostile(first("forward"), HOSTILE), SHOP.human)
    assert "Reply-To" not in composed(first("refusal"))


def test_only_a_mail_to_a_person_carries_the_letter() -> None:
    letter = Enclosure("e", "h1", {}, b"Subject: mine\r\n\r\n")
    sent = WORDING.compose(first("passed_on").mail, "ada@customer.example", letter, None, NOW)
    assert b"mine" not in sent


def test_a_recipient_that_is_no_address_is_refused() -> None:
    made = first("passed_on")
    with pytest.raises(UnmailableError):
        WORDING.compose(made.mail, "ada@customer.example\r\nBcc: b@customer.example", None, None, NOW)


def template_of(folder: Path, name: str, content: str) -> Wording:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return Wording(SHOP, folder)


def test_a_folder_of_ones_own_replaces_single_files(tmp_path: Path) -> None:
    own = template_of(tmp_path, "passed_on/subject.txt", "Hello from {{ shop.name }}")
    mail = own.word(first("passed_on").mail, None, None)
    assert mail.subject == "Hello from Lantern & Loom"
    assert mail.text == worded(first("passed_on")).text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('<p class="invented">x</p>', "invented"),
        ("<p class=\"{{ 'soft' if total else 'last' }}\">x</p>", "is not in"),
        ("{{ nothing_of_that_name }}", "nothing_of_that_name"),
        ("{% if %}", "Expected"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
    ],
)
def test_a_template_that_asks_too_much_says_so(tmp_path: Path, content: str, said: str) -> None:
    own = template_of(tmp_path, "passed_on/body.html", content)
    with pytest.raises(TemplateError, match=re.escape(said)):
        own.word(first("passed_on").mail, None, None)


def test_of_two_rules_the_later_in_the_sheet_wins() -> None:
    rules = read_rules("p { color: red; margin: 0 } .first { color: green } .second { color: blue }")
    assert styled('<p class="second first">x > y</p>', rules, "t") == (
        '<p class="second first" style="color:blue;margin:0">x > y</p>'
    )
    tag = '<a title="a > b" href="{{ link }}">'
    assert styled(tag, rules, "t") == tag


def test_a_rule_that_is_not_plain_is_refused() -> None:
    with pytest.raises(TemplateError, match="not plain"):
        read_rules(".panel p { margin: 0 }")


def test_a_fact_that_is_missing_is_never_passed_over(tmp_path: Path) -> None:
    facts = {key: value for key, value in first("confirmation").mail.facts.items() if key != "cancel_until"}
    mail: Mail = replace(first("confirmation").mail, facts=facts)
    with pytest.raises(UndefinedError, match="cancel_until"):
        WORDING.word(mail, None, None)


@pytest.mark.parametrize("kind", KINDS)
def test_specimens_are_written_to_be_looked_at(kind: str, tmp_path: Path) -> None:
    written = write_specimens(kind, WORDING, tmp_path / "out", NOW)
    assert {path.suffix for path in written} == {".eml", ".txt", ".html"}
    assert len(written) == 3 * len(list(specimens(kind))) == len(list((tmp_path / "out").iterdir()))
    for path in written:
        assert path.read_bytes()
