"""The relay's promises, on a real SMTP server whose faults are chosen by address."""

import asyncio
import base64
import socket
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from daemon.config import OAuthConfig, SmtpConfig
from daemon.post.smtp import Envelope, Receipt, Relay, RelayError, State
from daemon.simulator.servers import ImapServer, SmtpServer
from tests.servers.certificates import make_certificate
from tests.servers.scripted import DRIP, HANG_UP, SILENT, SMTP_ANSWERS, Answer, Scripted
from tests.servers.tokens import TokenServer

# The servers here are on loopback, where a login in clear is in nobody's way.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")

SHOP = "orders@shop.example"
MESSAGE = b"From: orders@shop.example\r\nSubject: Your order\r\n\r\nThank you.\r\n"
Result = TypeVar("Result")


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


def config(port: int, **changes: Any) -> SmtpConfig:
    settings: dict[str, Any] = {"port": port, "security": "none", "timeout_seconds": 5, "connections": 1}
    return SmtpConfig(**settings | changes)


def using(settings: SmtpConfig, work: Callable[[Relay], Awaitable[Result]]) -> Result:
    """What `work` does with a relay, in a loop of its own."""

    async def run() -> Result:
        relay = Relay(settings)
        try:
            return await work(relay)
        finally:
            await relay.close()

    return asyncio.run(run())


def to(*names: str, message: bytes = MESSAGE) -> list[Envelope]:
    return [Envelope(SHOP, name if "@" in name else f"{name}@customer.example", message) for name in names]


def send(settings: SmtpConfig, envelopes: list[Envelope]) -> list[Receipt]:
    return using(settings, lambda relay: relay.send(envelopes))


def test_a_mail_arrives_with_its_envelope(smtp: SmtpServer) -> None:
    [receipt] = send(config(smtp.port), to("ada"))
    assert (receipt.state, receipt.code, receipt.stage) == (State.ACCEPTED, 250, "")
    [kept] = smtp.kept
    assert (kept.sender, kept.recipients, kept.message) == (SHOP, ("ada@customer.example",), MESSAGE)


@pytest.mark.parametrize(
    "body",
    [
        b".\r\n..\r\n.\r\n.a\r\n",
        b"one\r\n.\r\nMAIL FROM:<x@customer.example>\r\n",
        b"one\n.\nQUIT\n",  # a relay that takes bare line feeds for line ends would see the end of the message
        b"one\r.\rtwo\r\n.\n\r\n",
        b"without an end",
        b".",
    ],
)
def test_no_line_of_a_message_is_taken_for_its_end(smtp: SmtpServer, body: bytes) -> None:
    message = b"Subject: dots\r\n\r\n" + body
    receipts = send(config(smtp.port), to("ada", message=message) + to("bob"))
    assert [receipt.state for receipt in receipts] == [State.ACCEPTED] * 2
    arrived = [kept.message for kept in smtp.kept]
    assert arrived[0].strip().splitlines() == message.strip().splitlines()
    assert arrived[1] == MESSAGE


def test_the_null_return_path_is_possible(smtp: SmtpServer) -> None:
    send(config(smtp.port), [Envelope("", "ada@customer.example", MESSAGE)])
    assert [kept.sender for kept in smtp.kept] == [""]


def test_mail_for_the_shop_lies_in_its_inbox() -> None:
    with ImapServer() as imap, SmtpServer(imap, {SHOP: "demo"}) as smtp:
        send(config(smtp.port), [Envelope("ada@customer.example", SHOP, MESSAGE)])
        assert imap.letters() == [b"Return-Path: <ada@customer.example>\r\n" + MESSAGE]
        assert not smtp.kept


@pytest.mark.parametrize(
    ("written", "arrived"),
    [
        (b"a: b\r\n\r\n.\r\n..\r\n.x\r\n", b"a: b\r\n\r\n.\r\n..\r\n.x\r\n"),
        (b"a: b\r\n\r\nlast line open", b"a: b\r\n\r\nlast line open\r\n"),
        (b"a: b\r\n\r\nbare\nand\rmixed\r\n", b"a: b\r\n\r\nbare\r\nand\r\nmixed\r\n"),
        (b"a: b\r\n\r\nx\n.\nRSET\n", b"a: b\r\n\r\nx\r\n.\r\nRSET\r\n"),
        (
            b"a: b\r\n\r\nx\r.\rMAIL FROM:<evil@evil.example>\r",
            b"a: b\r\n\r\nx\r\n.\r\nMAIL FROM:<evil@evil.example>\r\n",
        ),
        (b"a: b\r\n\r\n", b"a: b\r\n\r\n"),
    ],
)
def test_no_message_can_end_itself_or_begin_another(smtp: SmtpServer, written: bytes, arrived: bytes) -> None:
    receipts = send(config(smtp.port), [*to("ada", message=written), *to("bob")])
    assert [receipt.state for receipt in receipts] == [State.ACCEPTED] * 2
    assert [kept.message for kept in smtp.kept] == [arrived, MESSAGE]


@pytest.mark.parametrize(
    "recipient",
    ["ada", "", "ada@", "@x.example", "a@x.example>\r\nRCPT TO:<b@y.example", "a b@x.example", "a@x.example> X=Y"],
)
def test_what_is_no_address_never_reaches_the_relay(smtp: SmtpServer, recipient: str) -> None:
    [refused, sent] = send(config(smtp.port), [Envelope(SHOP, recipient, MESSAGE), *to("ada")])
    assert (refused.state, refused.code) == (State.PERMANENT, None)
    assert [kept.recipients for kept in smtp.kept] == [("ada@customer.example",)]
    assert sent.state is State.ACCEPTED


@pytest.mark.parametrize(
    ("name", "state", "code", "stage", "status"),
    [
        ("later-451", State.TEMPORARY, 451, "rcpt", ""),
        ("full-452", State.TEMPORARY, 452, "rcpt", ""),
        ("gone-550", State.PERMANENT, 550, "rcpt", ""),
        ("gone-550-5.1.1", State.PERMANENT, 550, "rcpt", "5.1.1"),
        ("policy-554-5.7.1", State.PERMANENT, 554, "rcpt", "5.7.1"),
        ("data-452", State.TEMPORARY, 452, "data", ""),
        ("data-554", State.PERMANENT, 554, "data", ""),
        ("bye-421", State.TEMPORARY, 421, "rcpt", ""),
    ],
)
def test_a_refusal_costs_only_its_own_mail(
    smtp: SmtpServer, name: str, state: State, code: int, stage: str, status: str
) -> None:
    before, refused, after = send(config(smtp.port), to("ada", name, "bob"))
    assert (refused.state, refused.code, refused.stage, refused.status) == (state, code, stage, status)
    assert refused.tried
    assert not refused.unknown
    assert (before.state, after.state) == (State.ACCEPTED, State.ACCEPTED)
    assert [kept.recipients[0] for kept in smtp.kept] == ["ada@customer.example", "bob@customer.example"]


def test_a_refusal_that_passes_is_over_at_the_next_attempt(smtp: SmtpServer) -> None:
    states = [send(config(smtp.port), to("later-once-451"))[0].state for _ in range(2)]
    assert states == [State.TEMPORARY, State.ACCEPTED]


@pytest.mark.parametrize(("name", "kept"), [("drop-at-data", 0), ("drop-after-data", 1)])
def test_a_line_that_breaks_in_data_leaves_the_outcome_unknown(smtp: SmtpServer, name: str, kept: int) -> None:
    broken, after = send(config(smtp.port), to(name, "bob"))
    assert (broken.state, broken.code, broken.unknown) == (State.TEMPORARY, None, True)
    assert after.state is State.ACCEPTED
    assert len(smtp.kept) == kept + 1  # sent once, and not again behind our back


def test_replies_are_told_in_one_line_without_addresses() -> None:
    answers = {**SMTP_ANSWERS, "RCPT": "550-5.1.1 <ada@customer.example>:\r\n550 no such\tuser" + " x" * 300 + "\r\n"}
    with Scripted(answers) as server:
        [receipt] = send(config(server.port), to("ada"))
    assert receipt.reply.startswith("550 5.1.1 <[address]>: no such user x x")
    assert len(receipt.reply) == 200
    assert receipt.status == "5.1.1"


def test_connections_are_kept_from_call_to_call(smtp: SmtpServer) -> None:
    async def twice(relay: Relay) -> None:
        await relay.send(to("a", "b"))
        await relay.send(to("c"))

    using(config(smtp.port), twice)
    assert (smtp.connections, len(smtp.kept)) == (1, 3)


def test_a_connection_that_ended_while_idle_is_opened_anew_unnoticed(smtp: SmtpServer) -> None:
    async def apart(relay: Relay) -> list[Receipt]:
        await relay.send(to("a"))
        await asyncio.to_thread(smtp.hang_up)
        return await relay.send(to("b"))

    [receipt] = using(config(smtp.port), apart)
    assert receipt.state is State.ACCEPTED
    assert (smtp.connections, len(smtp.kept)) == (2, 2)


@pytest.mark.parametrize("answer", ["421 idle for too long\r\n", HANG_UP])
def test_a_line_found_dead_at_mail_is_opened_anew_once(answer: object) -> None:
    with Scripted(SMTP_ANSWERS) as server:

        async def apart(relay: Relay) -> list[Receipt]:
            first = await relay.send(to("a"))
            server.answers = {**SMTP_ANSWERS, "MAIL": answer}
            return first + await relay.send(to("b"))

        first, second = using(config(server.port), apart)
        greetings = [line for line in server.heard if line.startswith("EHLO")]
    assert first.state is State.ACCEPTED
    assert (second.state, second.unknown) == (State.TEMPORARY, False)
    assert len(greetings) == 2


def test_two_hundred_mails_over_four_connections_arrive_once_each(smtp: SmtpServer) -> None:
    envelopes = to(*(f"customer-number-{number}" for number in range(200)))
    receipts = send(config(smtp.port, connections=4), envelopes)
    assert {receipt.state for receipt in receipts} == {State.ACCEPTED}
    counted = Counter(kept.recipients[0] for kept in smtp.kept)
    assert counted == Counter(envelope.recipient for envelope in envelopes)
    assert smtp.connections == 4


def test_receipts_come_in_the_order_of_the_envelopes(smtp: SmtpServer) -> None:
    names = [name for number in range(20) for name in (f"ok{number}", f"word-45{number % 10}", f"data-55{number % 10}")]
    receipts = send(config(smtp.port, connections=4), to(*names))
    codes = [code for number in range(20) for code in (250, 450 + number % 10, 550 + number % 10)]
    assert [receipt.code for receipt in receipts] == codes


def test_mails_to_one_recipient_arrive_in_order_though_the_first_is_slow(smtp: SmtpServer) -> None:
    names = ["slow-once-1", "ada", "Slow-Once-1@customer.example", "bob", "slow-once-1"]
    numbered = [to(name, message=MESSAGE + b"%d\r\n" % number)[0] for number, name in enumerate(names)]
    send(config(smtp.port, connections=4), numbered)
    arrived = [int(kept.message.split()[-1]) for kept in smtp.kept]
    assert sorted(arrived) == [0, 1, 2, 3, 4]
    assert [number for number in arrived if number % 2 == 0] == [0, 2, 4]


def test_a_busy_greeting_for_one_connection_leaves_the_work_to_the_others(smtp: SmtpServer) -> None:
    smtp.refuse_greeting = 1
    receipts = send(config(smtp.port, connections=3), to(*(f"n{number}" for number in range(30))))
    assert {receipt.state for receipt in receipts} == {State.ACCEPTED}
    assert len(smtp.kept) == 30


def test_a_relay_that_is_not_there_has_tried_nothing() -> None:
    with Scripted(SMTP_ANSWERS) as server:
        port = server.port
    receipts = send(config(port, connections=4), to("a", "b", "c"))
    assert {(receipt.state, receipt.tried) for receipt in receipts} == {(State.TEMPORARY, False)}
    with pytest.raises(RelayError, match="refused") as caught:
        using(config(port), Relay.check)
    assert not caught.value.permanent


STEPS = ["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "."]


@pytest.mark.parametrize("fault", [SILENT, DRIP], ids=["silent", "dripping"])
@pytest.mark.parametrize("step", STEPS)
def test_a_relay_that_stalls_is_given_up_in_time(step: str, fault: object) -> None:
    with Scripted({**SMTP_ANSWERS, step: fault}) as server:
        settings = config(server.port, timeout_seconds=0.4, user="shop", password="open sesame")
        began = time.monotonic()
        receipts = send(settings, to("a", "b", "c"))
        assert time.monotonic() - began < 1.5
    assert {receipt.state for receipt in receipts} == {State.TEMPORARY}
    assert receipts[0].unknown is (step in ("DATA", "."))
    assert [receipt.tried for receipt in receipts] == [step in STEPS[3:], False, False]
    assert not any("sesame" in receipt.reply for receipt in receipts)


def test_time_that_is_over_leaves_the_rest_untried(smtp: SmtpServer) -> None:
    receipts = using(config(smtp.port), lambda relay: relay.send(to("slow-1", "a", "b"), seconds=0.5))
    assert [receipt.tried for receipt in receipts] == [True, False, False]
    assert receipts[0].state is State.ACCEPTED


def test_a_call_that_is_cancelled_does_not_mix_up_the_next_answers(smtp: SmtpServer) -> None:
    async def cancelled(relay: Relay) -> list[Receipt]:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(relay.send(to("slow-2")), 0.3)
        return await relay.send(to("gone-550", "a"))

    assert [receipt.code for receipt in using(config(smtp.port), cancelled)] == [550, 250]


@pytest.mark.parametrize("answer", ["250 nothing to say\r\n", "what?\r\n", "999 x\r\n"])
def test_nonsense_to_data_is_never_taken_for_yes(answer: str) -> None:
    with Scripted({**SMTP_ANSWERS, "DATA": answer}) as server:
        [receipt] = send(config(server.port, timeout_seconds=1), to("a"))
    assert receipt.state is State.TEMPORARY


def test_a_login_that_is_refused_is_the_relays_failure_and_no_mails() -> None:
    with SmtpServer(login=("shop", "open sesame")) as smtp:
        good = config(smtp.port, user="shop", password="open sesame")
        assert send(good, to("a"))[0].state is State.ACCEPTED
        using(good, Relay.check)

        bad = config(smtp.port, user="shop", password="close sesame", connections=2)
        receipts = send(bad, to("a", "b"))
        assert {(receipt.state, receipt.tried) for receipt in receipts} == {(State.TEMPORARY, False)}
        assert not any("sesame" in receipt.reply for receipt in receipts)
        with pytest.raises(RelayError, match="535") as caught:
            using(bad, Relay.check)
        assert caught.value.permanent

        # Without a login the server says so at MAIL; it is not the customer's address that is wrong.
        [receipt] = send(config(smtp.port), to("a"))
        assert (receipt.state, receipt.tried) == (State.TEMPORARY, False)
        assert len(smtp.kept) == 1


def test_the_check_sends_nothing(smtp: SmtpServer) -> None:
    using(config(smtp.port), Relay.check)
    assert (smtp.connections, len(smtp.kept)) == (1, 0)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls_is_verified_and_then_used(tmp_path: Path, security: str) -> None:
    made = make_certificate(tmp_path)
    with SmtpServer(tls=made.server_context(), implicit_tls=security == "tls", login=("shop", "secret")) as smtp:
        trusted = config(smtp.port, security=security, ca_file=made.certificate, user="shop", password="secret")
        # So many, because the answers to what was said ahead come now in one piece and now in several.
        receipts = send(trusted, to(*map(str, range(40))))
        assert {receipt.state for receipt in receipts} == {State.ACCEPTED}

        with pytest.raises(RelayError, match="certificate refused") as caught:
            using(trusted.model_copy(update={"ca_file": None}), Relay.check)
        assert caught.value.permanent
        assert smtp.logins == 1


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    made = make_certificate(tmp_path, "DNS:other.example")
    server = SmtpServer(tls=made.server_context(), implicit_tls=True)
    with server as smtp, pytest.raises(RelayError, match="certificate refused"):
        using(config(smtp.port, security="tls", ca_file=made.certificate), Relay.check)


def test_without_starttls_the_password_is_not_sent() -> None:
    with Scripted(SMTP_ANSWERS) as server:
        settings = config(server.port, security="starttls", user="shop", password="open sesame")
        with pytest.raises(RelayError, match="STARTTLS") as caught:
            using(settings, Relay.check)
        assert caught.value.permanent
        assert not [line for line in server.heard if line.startswith(("AUTH", "MAIL"))]


def test_addresses_beyond_ascii_ask_for_smtputf8_only_when_they_need_it(smtp: SmtpServer) -> None:
    with Scripted({**SMTP_ANSWERS, "EHLO": "250-relay\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"}) as server:
        receipts = send(config(server.port), to("ada", "ada@bücher.example", "änne@bücher.example"))
        said = [line for line in server.heard if line.startswith(("MAIL", "RCPT"))]
    assert {receipt.state for receipt in receipts} == {State.ACCEPTED}
    assert said == [
        f"MAIL FROM:<{SHOP}>",
        "RCPT TO:<ada@customer.example>",
        f"MAIL FROM:<{SHOP}>",
        "RCPT TO:<ada@xn--bcher-kva.example>",
        f"MAIL FROM:<{SHOP}> SMTPUTF8",
        "RCPT TO:<änne@xn--bcher-kva.example>",
    ]


def test_without_smtputf8_such_an_address_is_refused_with_the_reason() -> None:
    with SmtpServer(smtputf8=False) as smtp:
        refused, sent = send(config(smtp.port), to("änne@customer.example", "ada"))
    assert (refused.state, refused.code) == (State.PERMANENT, None)
    assert "SMTPUTF8" in refused.reply
    assert sent.state is State.ACCEPTED


def test_eight_bits_are_announced(smtp: SmtpServer) -> None:
    message = b"Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + "süß\r\n".encode()
    with Scripted({**SMTP_ANSWERS, "EHLO": "250-relay\r\n250-SIZE 1000000\r\n250 8BITMIME\r\n"}) as server:
        assert send(config(server.port), to("ada", message=message))[0].state is State.ACCEPTED
        assert f"MAIL FROM:<{SHOP}> SIZE={len(message)} BODY=8BITMIME" in server.heard
    with Scripted(SMTP_ANSWERS) as server:
        assert "8BITMIME" in send(config(server.port), to("ada", message=message))[0].reply


def test_xoauth2_asks_for_a_fresh_token_when_the_cached_one_is_refused(tmp_path: Path) -> None:
    answers = {**SMTP_ANSWERS, "EHLO": "250-relay\r\n250 AUTH XOAUTH2\r\n"}

    def refuse_once(verb: str, sock: socket.socket) -> None:
        if verb == "AUTH":
            server.answers = answers

    with TokenServer() as provider, Scripted(answers, then=refuse_once) as server:
        file = provider.token_file(tmp_path)
        oauth = OAuthConfig(provider="other", client_id="shop", token_url=provider.url, token_file=file)
        settings = config(server.port, user=SHOP, oauth=oauth)

        async def revoked(relay: Relay) -> list[Receipt]:
            first = await relay.send(to("a"))
            await relay.close()
            server.answers = {**answers, "AUTH": "535 revoked\r\n"}
            return first + await relay.send(to("b"))

        receipts = using(settings, revoked)
        given = [base64.b64decode(line.split()[2]) for line in server.heard if line.startswith("AUTH")]
    assert [receipt.state for receipt in receipts] == [State.ACCEPTED] * 2
    tokens = ["access-0", "access-0", "access-1"]
    assert given == [f"user={SHOP}\1auth=Bearer {token}\1\1".encode() for token in tokens]


def test_a_fresh_token_that_is_refused_is_the_operators_matter(tmp_path: Path) -> None:
    answers = {**SMTP_ANSWERS, "EHLO": "250-relay\r\n250 AUTH XOAUTH2\r\n", "AUTH": "535 no\r\n"}
    with TokenServer() as provider, Scripted(answers) as server:
        file = provider.token_file(tmp_path)
        oauth = OAuthConfig(provider="other", client_id="shop", token_url=provider.url, token_file=file)
        with pytest.raises(RelayError, match="login refused") as caught:
            using(config(server.port, user=SHOP, oauth=oauth), Relay.check)
    assert caught.value.permanent
    assert len(provider.granted) == 1


AHEAD = {**SMTP_ANSWERS, "EHLO": "250-relay\r\n250 PIPELINING\r\n"}


def test_commands_go_ahead_of_their_answers_where_the_relay_takes_that() -> None:
    together = {"MAIL": "", "RCPT": "", "DATA": "250 ok\r\n250 ok\r\n354 go on\r\n"}
    with Scripted({**AHEAD, **together}) as server:
        receipts = send(config(server.port), to("a", "b"))
    assert [receipt.state for receipt in receipts] == [State.ACCEPTED] * 2


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
@pytest.mark.parametrize("answer", ["550 no\r\n", "451 not now\r\n"])
@pytest.mark.parametrize("data", ["354 go on\r\n", "503 nobody to write to\r\n", HANG_UP])
def test_what_is_refused_is_not_sent_though_data_was_asked_ahead(step: str, answer: str, data: object) -> None:
    after = {"RCPT": "503 no\r\n"} if step == "MAIL" else {}
    with Scripted({**AHEAD, **after, step: answer, "DATA": data}) as server:

        async def both(relay: Relay) -> list[Receipt]:
            refused = await relay.send(to("a"))
            server.answers = AHEAD
            return refused + await relay.send(to("b"))

        refused, sent = using(config(server.port), both)
        assert server.heard.count("Thank you.") == 1
    assert (refused.code, refused.stage, refused.unknown) == (int(answer[:3]), step.lower(), False)
    assert sent.state is State.ACCEPTED


@pytest.mark.parametrize("extensions", [SMTP_ANSWERS, AHEAD], ids=["one by one", "ahead"])
def test_what_a_relay_says_unasked_is_no_answer(extensions: dict[str, Answer]) -> None:
    with Scripted({**extensions, ".": "250 taken\r\n250 and this too\r\n"}) as server:

        async def both(relay: Relay) -> list[Receipt]:
            first = await relay.send(to("a"))
            server.answers = {**extensions, "RCPT": "550 gone\r\n"}
            return first + await relay.send(to("b"))

        receipts = using(config(server.port), both)
    assert [receipt.code for receipt in receipts] == [250, 550]


def test_an_answer_in_pieces_is_one_answer() -> None:
    def drip(verb: str, sock: socket.socket) -> None:
        if verb == ".":
            for piece in ("250-2.0.0 ta", "ken\r", "\n250", " as 17\r\n"):
                sock.sendall(piece.encode())

    with Scripted({**AHEAD, ".": ""}, then=drip) as server:
        [receipt] = send(config(server.port), to("a"))
    assert (receipt.state, receipt.reply) == (State.ACCEPTED, "250 2.0.0 taken as 17")
