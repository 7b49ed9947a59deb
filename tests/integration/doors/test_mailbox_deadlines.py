"""No step of reading a mailbox outlasts its time, whatever the server does or leaves undone."""

import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from daemon.config import MailboxConfig
from daemon.inbox.errors import MailboxError
from daemon.inbox.imap import Mailbox
from daemon.inbox.reconnect import LONGEST_PAUSE, pause
from store.facts import Outcome
from tests.servers.certificates import make_certificate
from tests.servers.scripted import DRIP, HANG_UP, IMAP_ANSWERS, SILENT, Scripted

SECONDS = 0.4


def config(port: int, **changes: Any) -> MailboxConfig:
    settings: dict[str, Any] = {"port": port, "security": "none", "user": "demo", "password": "open sesame"}
    return MailboxConfig(**settings | {"timeout_seconds": SECONDS} | changes)


def use(mailbox: Mailbox) -> None:
    """Every step there is."""
    mailbox.connect()
    mailbox.waiting()
    mailbox.fetch([5])
    mailbox.move({Outcome.DONE: [5]})
    mailbox.wait(0.2, threading.Event())


def failing(answers: dict[str, Any]) -> tuple[MailboxError, float]:
    """How using a mailbox of such a server fails, and after how many seconds."""
    with Scripted({**IMAP_ANSWERS, **answers}) as server:
        mailbox = Mailbox("shop", config(server.port), 1000)
        began = time.monotonic()
        with pytest.raises(MailboxError) as caught:
            use(mailbox)
        return caught.value, time.monotonic() - began


def test_the_script_itself_is_sound() -> None:
    with Scripted(IMAP_ANSWERS) as server:
        use(Mailbox("shop", config(server.port), 1000))


@pytest.mark.parametrize("fault", [SILENT, DRIP], ids=["silent", "dripping"])
@pytest.mark.parametrize(
    "step", ["greeting", "CAPABILITY", "LOGIN", "LIST", "CREATE", "SELECT", "SEARCH", "FETCH", "MOVE", "IDLE", "DONE"]
)
def test_a_server_that_stalls_is_given_up_in_time(step: str, fault: object) -> None:
    error, took = failing({step: fault})
    assert took < 4 * SECONDS
    assert not error.permanent
    assert "no answer within 0.4 s" in str(error)


@pytest.mark.parametrize("step", ["greeting", "LOGIN", "SELECT", "FETCH", "MOVE", "DONE"])
def test_a_server_that_hangs_up_is_told_at_once(step: str) -> None:
    error, took = failing({step: HANG_UP})
    assert took < 4 * SECONDS
    assert not error.permanent
    assert "connection lost" in str(error)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("* SEARCH junk\r\n{tag} OK done\r\n", "searching"),
        ("gibberish\r\n", "searching"),
        ("{tag} NO not today, demo@shop.example\r\n", "not today, [address]"),
        ("* BYE overloaded\r\n", "searching"),
        ("x" * 1_100_000 + "\r\n", "without end"),
    ],
)
def test_nonsense_is_told_in_one_line(answer: str, words: str) -> None:
    error, _ = failing({"SEARCH": answer})
    assert words in str(error)
    assert "\n" not in str(error)
    assert len(str(error)) < 400


def test_a_literal_that_promises_too_much_costs_no_memory() -> None:
    error, _ = failing({"FETCH": "* 1 FETCH (UID 5 RFC822.SIZE 10 BODY[]<0> {4000000000}\r\nabc"})
    assert "shop" in str(error)


@pytest.mark.parametrize("ending", [HANG_UP, "+ idling\r\n* BYE too long\r\n"], ids=["end of file", "bye"])
def test_the_end_of_the_line_during_idle_is_told_once_and_at_once(ending: object) -> None:
    heard: list[float] = []

    def hang_up(verb: str, sock: socket.socket) -> None:
        if verb == "IDLE":
            sock.shutdown(socket.SHUT_RDWR)

    answers = {**IMAP_ANSWERS, **({} if ending is HANG_UP else {"IDLE": ending})}
    with Scripted(answers, then=hang_up if ending is HANG_UP else lambda verb, sock: None) as server:
        mailbox = Mailbox("shop", config(server.port), 1000)
        mailbox.connect()
        began, cpu = time.monotonic(), time.process_time()
        with pytest.raises(MailboxError, match="connection lost"):
            mailbox.wait(30, threading.Event())
        heard.append(time.monotonic() - began)
        assert heard[0] < 1
        assert time.process_time() - cpu < 0.5


def test_what_idle_tells_in_one_packet_is_heard() -> None:
    with Scripted({**IMAP_ANSWERS, "IDLE": "+ idling\r\n* OK still here\r\n* 2 EXISTS\r\n"}) as server:
        mailbox = Mailbox("shop", config(server.port), 1000)
        mailbox.connect()
        began = time.monotonic()
        assert mailbox.wait(30, threading.Event()) is True
        assert time.monotonic() - began < 1


def test_what_is_told_only_after_idle_is_heard() -> None:
    with Scripted({**IMAP_ANSWERS, "NOOP": "* 2 EXISTS\r\n{tag} OK done\r\n"}) as server:
        mailbox = Mailbox("shop", config(server.port), 1000)
        mailbox.connect()
        assert mailbox.wait(0.1, threading.Event()) is True


def test_without_starttls_the_password_is_not_sent() -> None:
    with Scripted(IMAP_ANSWERS) as server:
        with pytest.raises(MailboxError) as caught:
            Mailbox("shop", config(server.port, security="starttls"), 1000).connect()
        assert caught.value.permanent
        assert not [line for line in server.heard if "LOGIN" in line or "sesame" in line]


def test_a_greeting_that_pretends_to_be_logged_in_does_not_avoid_starttls() -> None:
    answers = {
        **IMAP_ANSWERS,
        "greeting": "* PREAUTH welcome\r\n",
        "CAPABILITY": "* CAPABILITY IMAP4rev1 STARTTLS\r\n{tag} OK done\r\n",
    }
    with Scripted(answers) as server:
        with pytest.raises(MailboxError):
            Mailbox("shop", config(server.port, security="starttls"), 1000).connect()
        assert not [line for line in server.heard if "LOGIN" in line or "SELECT" in line]


def test_words_slipped_in_before_tls_are_not_believed(tmp_path: Path) -> None:
    """CVE-2021-38371 and its kin: what an attacker adds behind the answer to STARTTLS must not count afterwards."""
    context = make_certificate(tmp_path).server_context()
    secured: list[str] = []

    def secure(verb: str, sock: socket.socket) -> None:
        if verb == "STARTTLS":
            with context.wrap_socket(sock, server_side=True) as tls:
                for line in tls.makefile("rb"):
                    tag, verb = line.decode().split()[:2]
                    secured.append(verb)
                    tls.sendall(f"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK done\r\n".encode())

    answers = {
        "greeting": "* OK ready\r\n",
        "CAPABILITY": "* CAPABILITY IMAP4rev1 STARTTLS\r\n{tag} OK done\r\n",
        "STARTTLS": "{tag} OK go\r\n* CAPABILITY IMAP4rev1 LOGINDISABLED EVIL\r\n* BYE gone\r\n",
    }
    with Scripted(answers, then=secure) as server:
        ca_file = tmp_path / "certificate.pem"
        with pytest.raises(MailboxError):
            Mailbox("shop", config(server.port, security="starttls", ca_file=ca_file), 1000).connect()
    assert "LOGIN" in secured
    assert "AUTHENTICATE" not in secured


def test_a_server_that_takes_no_passwords_in_clear_gets_none() -> None:
    with Scripted(
        {**IMAP_ANSWERS, "CAPABILITY": "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n{tag} OK done\r\n"}
    ) as server:
        with pytest.raises(MailboxError, match="starttls") as caught:
            Mailbox("shop", config(server.port), 1000).connect()
        assert caught.value.permanent
        assert not [line for line in server.heard if "sesame" in line]


@pytest.mark.parametrize(
    ("reply", "permanent"),
    [
        ("{tag} NO [AUTHENTICATIONFAILED] bad\r\n", True),
        ("{tag} NO LOGIN failed\r\n", True),
        ("{tag} NO [UNAVAILABLE] later\r\n", False),
        ("{tag} NO [LIMIT] too many connections\r\n", False),
        ("* BYE shutting down\r\n", False),
    ],
)
def test_a_refused_login_says_whether_trying_again_helps(reply: str, permanent: bool) -> None:
    error, _ = failing({"LOGIN": reply})
    assert error.permanent is permanent
    assert "sesame" not in str(error)


def test_no_one_listening_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(MailboxError, match="refused") as caught:
        Mailbox("shop", config(port), 1000).connect()
    assert not caught.value.permanent


def test_closing_never_raises_nor_hangs() -> None:
    with Scripted({**IMAP_ANSWERS, "LOGOUT": SILENT}) as server:
        mailbox = Mailbox("shop", config(server.port), 1000)
        mailbox.connect()
        began = time.monotonic()
        mailbox.close()
        mailbox.close()
        assert time.monotonic() - began < 3


def test_pauses_grow_to_five_minutes_and_never_beyond() -> None:
    pauses = [pause(attempt, 0.0) for attempt in range(2000)]
    assert pauses[:4] == [1, 2, 4, 8]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE
    assert all(0.75 * whole <= pause(attempt, 0.99) <= whole for attempt, whole in enumerate(pauses))
