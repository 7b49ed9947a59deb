"""What the receiving server found: believed only from the server we name, in its topmost header."""

import authres
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.letter import Verdict, parse
from daemon.letter.verdict import finding_of, of, split, tokens
from tests.unit.letter.specimens import letter, read

PASS, FAIL, NONE = Verdict.PASS, Verdict.FAIL, Verdict.NONE
AR = "Authentication-Results: "


def verdict(*results: str, headers: str = "", sender: str = "ada@customer.example") -> Verdict:
    told = "; ".join(("mx.shop.example", *results))
    return read(letter(headers=f"{headers}{AR}{told}", sender=sender)).verdict


@pytest.mark.parametrize(
    ("results", "meant"),
    [
        (("dmarc=pass header.from=customer.example",), PASS),
        (("dmarc=pass",), PASS),
        (("DMARC=Pass (p=none dis=none) header.from=Customer.Example",), PASS),
        (("dmarc=pass header.from=evil.example",), FAIL),
        (("dmarc=pass header.from=ada@evil.example",), FAIL),
        (("dmarc=pass header.from=evil.example", "dkim=pass header.d=customer.example"), FAIL),
        (("dmarc=pass header.from=customer.example", "dmarc=pass header.from=evil.example"), FAIL),
        (("dmarc=none header.from=evil.example",), NONE),
        (('dmarc=pass header.from=""',), NONE),
        (("dmarc=pass header.from=customer.example.",), PASS),
        (("dkim=pass header.d=customer.example",), PASS),
        (("dkim=pass header.i=@customer.example",), PASS),
        (("dkim=pass header.i=@mail.customer.example",), NONE),
        (("dkim=pass header.d=evil.example",), NONE),
        (("dkim=pass header.d=evilcustomer.example",), NONE),
        (("dkim=pass header.d=example",), NONE),
        (("dkim=pass",), NONE),
        (("dkim=fail header.d=customer.example", "dkim=pass header.d=customer.example"), PASS),
        (("spf=pass smtp.mailfrom=customer.example",), PASS),
        (("spf=pass smtp.mailfrom=bounce@customer.example",), PASS),
        (("spf=pass smtp.mailfrom=evil.example",), NONE),
        (("spf=pass smtp.helo=customer.example",), NONE),
        (('spf=pass smtp.mailfrom="customer.example"@evil.example',), NONE),
        (('spf=pass smtp.mailfrom="x@customer.example"@evil.example',), NONE),
        (('spf=pass smtp.mailfrom="x@customer.example"',), NONE),
        (('spf=pass smtp.mailfrom="a\\"@customer.example"@evil.example',), NONE),
        (('spf=pass smtp.mailfrom="customer.example',), NONE),
        (('spf=pass smtp.mailfrom="a smtp.mailfrom=customer.example b"@evil.example',), NONE),
        (('spf=pass smtp.mailfrom="a;spf=pass smtp.mailfrom=customer.example;"@evil.example',), NONE),
        (("spf=pass smtp.mailfrom=customer.example=x@evil.example",), NONE),
        (('spf=pass smtp.mailfrom="ada l"@customer.example',), PASS),
        (("spf=pass smtp.mailfrom=prvs=1a2b=ada@customer.example",), PASS),
        (('dkim=pass header.i="customer.example"@evil.example',), NONE),
        (('dkim=pass header.i="x@customer.example"@evil.example',), NONE),
        (('dkim=pass header.d="customer.example" header.b="a=="',), PASS),
        (("dkim = pass (ok) header.d = (really) customer.example",), PASS),
        (("dkim=pass(ok)header.d=customer.example",), PASS),
        (("spf=pass (evil smtp.mailfrom=customer.example)",), NONE),
        (('spf=pass reason="smtp.mailfrom=customer.example"',), NONE),
        (("dmarc=fail header.from=customer.example",), FAIL),
        (("dmarc=fail", "dkim=pass header.d=customer.example"), FAIL),
        (("spf=fail smtp.mailfrom=customer.example",), NONE),
        (("dkim=fail header.d=customer.example",), NONE),
        (("dkim=fail header.d=customer.example", "spf=fail smtp.mailfrom=customer.example"), FAIL),
        (("dkim=fail", "spf=fail", "dkim=pass header.d=list.example"), NONE),
        (("dkim=fail", "spf=softfail"), NONE),
        (("dmarc=temperror", "spf=neutral", "dkim=permerror"), NONE),
        (("dmarc=none",), NONE),
        (("none",), NONE),
        (("arc=pass", "compauth=pass reason=100"), NONE),
        ((), NONE),
    ],
)
def test_results(results: tuple[str, ...], meant: Verdict) -> None:
    assert verdict(*results) is meant


def test_a_parent_domain_counts_on_a_label_boundary() -> None:
    assert verdict("dkim=pass header.d=customer.example", sender="ada@mail.customer.example") is PASS
    assert verdict("dkim=pass header.d=tomer.example", sender="ada@customer.example") is NONE


def test_dmarc_for_the_parent_a_policy_was_found_at_neither_proves_nor_contradicts() -> None:
    assert verdict("dmarc=pass header.from=customer.example", sender="ada@mail.customer.example") is NONE
    assert verdict("dmarc=pass header.from=mail.customer.example") is FAIL


def test_a_domain_is_the_same_however_it_is_encoded() -> None:
    for told in ("bücher.example", "BÜCHER.example", "xn--bcher-kva.example"):
        assert verdict(f"dmarc=pass header.from={told}", sender="ada@bücher.example") is PASS
    assert verdict("dmarc=pass header.from=strasse.example", sender="ada@straße.example") is FAIL


def test_a_domain_cut_by_the_limit_proves_nothing() -> None:
    start = "; dkim=pass header.d="
    before = f"mx.shop.example{'; dkim=none'}" + " " * 20
    before += " " * (10_000 - len(before + start + "customer.example"))
    told = f"{before}{start}customer.example.evil.example"
    assert told[:10_000].endswith("=customer.example")
    assert of([told], "mx.shop.example", "ada@customer.example") is NONE


def test_only_the_topmost_header_of_our_server_counts() -> None:
    fail = AR + "mx.shop.example; dmarc=fail\n"
    assert verdict("dmarc=pass", headers=fail) is FAIL
    assert verdict("dmarc=pass", headers=AR + "mx.evil.example; dmarc=fail\n") is PASS
    assert verdict("dmarc=pass", headers=AR + "mx.shop.example; garbage ((\n") is NONE
    assert verdict("dmarc=pass", headers=AR + "mx.shop.example\n") is NONE
    assert verdict("dmarc=pass", headers=AR + "(mx.shop.example) mx.shop.example 1; none\n") is NONE


def test_without_a_configured_server_nothing_is_believed() -> None:
    raw = letter(headers=AR + "mx.shop.example; dmarc=pass")
    assert parse(raw).verdict is NONE
    assert parse(letter(headers=AR + '""; dmarc=pass')).verdict is NONE
    assert parse(raw, authserv_id="MX.shop.example").verdict is PASS


def test_another_servers_word_is_nothing() -> None:
    for told in ("mx.shop.example.evil.example; dmarc=pass", "; dmarc=pass", "dmarc=pass", "spf=pass mx.shop.example;"):
        assert read(letter(headers=AR + told)).verdict is NONE


def test_nobody_passes_with_two_senders() -> None:
    raw = letter(headers=f"From: b@customer.example\n{AR}mx.shop.example; dmarc=pass")
    assert read(raw).verdict is NONE


METHODS = st.sampled_from(["dkim", "spf", "dmarc", "iprev"])
RESULTS = st.sampled_from(["pass", "fail", "softfail", "none", "temperror"])
PROPERTIES = st.sampled_from(["header.d", "header.i", "header.from", "smtp.mailfrom"])
VALUES = st.sampled_from(["customer.example", "@customer.example", "ada@customer.example", "x.evil.example"])
COMMENTS = st.sampled_from(["", " ", " (ok)", " (dmarc=pass; (nested) header.d=evil.example)"])


@st.composite
def statements(draw: st.DrawFn) -> str:
    told = f"{draw(METHODS)}{draw(COMMENTS)}={draw(COMMENTS)}{draw(RESULTS)}{draw(COMMENTS)}"
    for name in draw(st.lists(PROPERTIES, max_size=3, unique=True)):
        told += f" {name}={draw(VALUES)}{draw(COMMENTS)}"
    return told


@settings(deadline=None)  # a busy machine is not a slow letter
@given(st.lists(statements(), min_size=1, max_size=4))
def test_reads_as_the_reference_parser_does(told: list[str]) -> None:
    value = "; ".join(("mx.shop.example", *told))
    reference = authres.AuthenticationResultsHeader.parse(AR + value)  # type: ignore[no-untyped-call, call-arg]
    mine = [finding for one in split(value)[1:] if (finding := finding_of(one))]
    assert [(one.method, one.result, one.properties) for one in mine] == [
        (one.method, one.result, {f"{p.type}.{p.name}": p.value for p in one.properties}) for one in reference.results
    ]


@given(st.text(st.sampled_from("ab=; \t@.\u00a0"), max_size=25))
def test_a_header_without_quotes_and_comments_has_the_same_tokens_as_with_an_empty_comment(value: str) -> None:
    assert list(tokens(value)) == list(tokens(f"{value};()"))[:-1]
