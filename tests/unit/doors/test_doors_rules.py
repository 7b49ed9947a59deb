"""The doors' pure rules, tried with many cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.inbox.folders import LONGEST_SET, sets
from daemon.post.addressing import Addressed, address
from daemon.post.shapes import Envelope, Receipt, State, judged
from daemon.remote import LONGEST_REPLY, told
from daemon.simulator.faults import Fault, Kind, fault_for

MESSAGE = b"Subject: x\r\n\r\nx\r\n"


def written_out(chosen: str) -> list[int]:
    ends = [part.split(":") for part in chosen.split(",")]
    return [uid for part in ends for uid in range(int(part[0]), int(part[-1]) + 1)]


@given(st.sets(st.integers(1, 4_294_967_295), max_size=2000) | st.sets(st.integers(1, 3000), max_size=2000))
def test_sequence_sets_name_exactly_the_uids_in_short_lines(uids: set[int]) -> None:
    lines = list(sets(sorted(uids)))
    assert [uid for line in lines for uid in written_out(line)] == sorted(uids)
    assert all(len(line) <= LONGEST_SET for line in lines)


def test_runs_of_uids_are_written_as_ranges() -> None:
    assert list(sets([1, 2, 3, 7, 9, 10])) == ["1:3,7,9:10"]
    assert list(sets([])) == []


@given(st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape")))
def test_told_words_are_one_short_line_without_addresses(reply: str) -> None:
    line = told(reply + " <ada.lovelace@customer.example> is unknown")
    assert len(line) <= LONGEST_REPLY
    assert line.isprintable()
    assert "lovelace@" not in line
    assert line.encode("utf-8")


@pytest.mark.parametrize(
    "written", ["ada@x.example", '"ada l"@x.example', "o'ada@x.example", "<ada@x.example>:", "ada@bücher.example"]
)
def test_no_way_to_write_an_address_gets_through(written: str) -> None:
    line = told(f"550 {written} unknown")
    assert "ada" not in line
    assert "example" not in line


@given(st.text(), st.sets(st.sampled_from(["smtputf8", "8bitmime", "size"])))
def test_no_recipient_can_say_more_than_an_address(recipient: str, extensions: set[str]) -> None:
    made = address(Envelope("orders@shop.example", recipient, MESSAGE), extensions)
    if isinstance(made, Receipt):
        assert made.state is State.PERMANENT
        return
    text = made.recipient.decode("utf-8")
    assert text.count("@") >= 1
    unquoted = text if not text.startswith('"') else text[text.rindex('"') + 1 :]
    assert not set(unquoted) & set(' <>"\r\n\t\0')
    assert all(char >= " " and char != "\x7f" for char in text)
    assert text.isascii() or b"SMTPUTF8" in made.options


@pytest.mark.parametrize("recipient", ["a@b.example", '"a b"@b.example', "a+b@b.example", "o'hara@b.example"])
def test_addresses_people_have_pass_unchanged(recipient: str) -> None:
    made = address(Envelope("", recipient, MESSAGE), ())
    assert made == Addressed(b"", recipient.encode(), ())


@pytest.mark.parametrize(
    ("domain", "written"),
    [
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("ſhop.example", "xn--hop-f3a.example"),
    ],
)
def test_no_domain_becomes_somebody_elses(domain: str, written: str) -> None:
    made = address(Envelope("", f"ada@{domain}", MESSAGE), ())
    assert made == Addressed(b"", f"ada@{written}".encode(), ())


@pytest.mark.parametrize("domain", ["\u212aelvin.example", "sh\u200bop.example", "ü" * 64 + ".example", "ü..example"])
def test_a_domain_that_nobody_has_is_refused(domain: str) -> None:
    made = address(Envelope("", f"ada@{domain}", MESSAGE), ("smtputf8",))
    assert isinstance(made, Receipt)


@pytest.mark.parametrize(
    ("code", "reply", "state", "status"),
    [
        (250, "2.0.0 queued", State.ACCEPTED, "2.0.0"),
        (451, "4.7.1 greylisted", State.TEMPORARY, "4.7.1"),
        (550, "no such user 5.1.1", State.PERMANENT, ""),
        (550, "5.1.10 null mx", State.PERMANENT, "5.1.10"),
        (354, "go on", State.TEMPORARY, ""),
        (-1, "", State.TEMPORARY, ""),
        (999, "", State.TEMPORARY, ""),
    ],
)
def test_codes_are_judged_by_their_first_digit(code: int, reply: str, state: State, status: str) -> None:
    receipt = judged(code, reply, "rcpt")
    assert (receipt.state, receipt.status) == (state, status)


@pytest.mark.parametrize(
    ("local", "fault"),
    [
        ("ada", None),
        ("later-451", Fault(Kind.REPLY, "451 as the address asks for")),
        ("policy-554-5.7.1", Fault(Kind.REPLY, "554 5.7.1 as the address asks for")),
        ("later-once-451", Fault(Kind.REPLY, "451 as the address asks for", once=True)),
        ("drop-once-after-data", Fault(Kind.DROP_AFTER_DATA, once=True)),
        ("slow-3", Fault(Kind.SLOW, seconds=3.0)),
        ("slow-99", Fault(Kind.SLOW, seconds=60.0)),
        ("ok-250", None),
        ("order-4517", None),
    ],
)
def test_faults_are_chosen_by_the_local_part(local: str, fault: Fault | None) -> None:
    assert fault_for(f"{local}@customer.example") == fault


@pytest.mark.parametrize("reply", ["as the address asks for", "", "4.3.0 as <ada@customer.example> asks for"])
def test_what_a_relay_said_keeps_its_code(reply: str) -> None:
    receipt = judged(451, reply)
    assert receipt.reply.split()[0] == "451"
    assert "ada" not in receipt.reply
    assert receipt.status == ("4.3.0" if "4.3.0" in reply else "")
