"""TLS to a mailbox, on a real Dovecot: verified, or refused before anything is said."""

from pathlib import Path
from typing import Any

import pytest

from daemon.config import MailboxConfig
from daemon.inbox.errors import MailboxError
from daemon.inbox.imap import Mailbox
from tests.servers.certificates import make_certificate
from tests.servers.dovecot import Dovecot
from tests.servers.scripted import IMAP_ANSWERS, Scripted


def mailbox(dovecot: Dovecot, security: str, **changes: Any) -> Mailbox:
    port = dovecot.tls_port if security == "tls" else dovecot.port
    settings: dict[str, Any] = {"ca_file": dovecot.certificate.certificate, "user": "tls", "password": "demo"}
    return Mailbox("shop", MailboxConfig(**{"port": port, "security": security} | settings | changes), 100_000)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_letters_are_read_and_waited_for_over_tls(dovecot: Dovecot, security: str) -> None:
    dovecot.append(b"Subject: x\r\n\r\n" + b"line\r\n" * 10_000, user="tls" + security)
    box = mailbox(dovecot, security, user="tls" + security)
    box.connect()
    [letter] = box.fetch(box.waiting())
    assert letter.whole
    assert letter.size == 60_014
    box.close()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_unknown_certificate_is_refused(dovecot: Dovecot, security: str) -> None:
    with pytest.raises(MailboxError, match="ca_file") as caught:
        mailbox(dovecot, security, ca_file=None).connect()
    assert caught.value.permanent


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    made = make_certificate(tmp_path, "DNS:other.example")
    with Scripted(IMAP_ANSWERS, tls=made.server_context()) as server:
        config = MailboxConfig(port=server.port, ca_file=made.certificate, user="demo", password="demo")
        with pytest.raises(MailboxError, match="certificate refused"):
            Mailbox("shop", config, 1000).connect()
        assert server.heard == []


def test_a_ca_file_that_is_none_is_named(dovecot: Dovecot, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for ca_file in (empty, tmp_path / "missing.pem"):
        with pytest.raises(MailboxError, match=ca_file.name) as caught:
            mailbox(dovecot, "tls", ca_file=ca_file).connect()
        assert caught.value.permanent
