"""A refresh token that rotates is never lost, and one that has ended is told to the operator."""

import base64
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daemon.config import MailboxConfig, OAuthConfig
from daemon.inbox.errors import MailboxError
from daemon.inbox.imap import Mailbox
from daemon.oauth import OAuthError, Tokens
from tests.servers.scripted import DRIP, IMAP_ANSWERS, SILENT, Scripted
from tests.servers.tokens import TokenServer


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def provider() -> Iterator[TokenServer]:
    with TokenServer() as server:
        yield server


def oauth(server: TokenServer, folder: Path, **changes: Any) -> OAuthConfig:
    file = folder / "refresh.token"
    if not file.exists():
        server.token_file(folder)
    settings: dict[str, Any] = {"provider": "other", "client_id": "shop", "token_url": server.url}
    return OAuthConfig(**settings | {"token_file": file} | changes)


def test_a_token_is_used_until_shortly_before_its_end(provider: TokenServer, tmp_path: Path) -> None:
    clock = Clock()
    tokens = Tokens(oauth(provider, tmp_path), 5, clock)
    assert tokens.access() == ("access-0", True)
    clock.now += 3600 - 121
    assert tokens.access() == ("access-0", False)
    clock.now += 2
    assert tokens.access() == ("access-1", True)


def test_a_rotated_token_is_kept_privately_and_survives_a_restart(provider: TokenServer, tmp_path: Path) -> None:
    settings = oauth(provider, tmp_path)
    for number in range(3):
        assert Tokens(settings, 5).access() == (f"access-{number}", True)
        assert settings.token_file.read_text() == f"refresh-{number + 1}\n"
    assert stat.S_IMODE(settings.token_file.stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"refresh.token", "refresh.token.lock"}


def test_an_access_token_whose_refresh_token_cannot_be_kept_is_not_used(provider: TokenServer, tmp_path: Path) -> None:
    settings = oauth(provider, tmp_path)
    tokens = Tokens(settings, 5)
    # A folder in the way of the new file: writing fails, for root as well.
    in_the_way = tmp_path / "refresh.token.new"
    in_the_way.mkdir()
    with pytest.raises(OAuthError, match="cannot be written"):
        tokens.access()
    assert settings.token_file.read_text() == "refresh-0\n"

    in_the_way.rmdir()
    # The rotated token was not lost: it is kept first, and then refreshed.
    assert tokens.access() == ("access-1", True)
    assert settings.token_file.read_text() == "refresh-2\n"


def test_day_91_tells_the_operator_to_log_in_again(provider: TokenServer, tmp_path: Path) -> None:
    provider.valid = "another"
    settings = oauth(provider, tmp_path)
    settings.token_file.write_text("ended\n")
    with pytest.raises(OAuthError, match="log in again") as caught:
        Tokens(settings, 5).access()
    assert caught.value.permanent
    assert settings.token_file.read_text() == "ended\n"


@pytest.mark.parametrize(
    ("refusal", "permanent"),
    [((400, "invalid_client"), True), ((503, "temporarily_unavailable"), False), ((429, "demo@shop.example"), False)],
)
def test_refusals_are_told_without_the_providers_prose(
    provider: TokenServer, tmp_path: Path, refusal: tuple[int, str], permanent: bool
) -> None:
    provider.refusal = refusal
    with pytest.raises(OAuthError) as caught:
        Tokens(oauth(provider, tmp_path), 5).access()
    assert caught.value.permanent is permanent
    assert "@" not in str(caught.value)
    assert "refresh-0" not in str(caught.value)


def test_many_threads_and_accounts_share_one_file_without_burning_tokens(provider: TokenServer, tmp_path: Path) -> None:
    settings = oauth(provider, tmp_path)
    accounts = [Tokens(settings, 5) for _ in range(3)]
    failed: list[Exception] = []

    def use(tokens: Tokens) -> None:
        try:
            tokens.access()
        except OAuthError as error:
            failed.append(error)

    threads = [threading.Thread(target=use, args=[tokens]) for tokens in accounts * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(provider.granted) == 3


def test_the_known_providers_are_asked_for_the_right_thing(provider: TokenServer, tmp_path: Path) -> None:
    secret = tmp_path / "client.secret"
    secret.write_text("hush\n")
    microsoft = oauth(provider, tmp_path, provider="microsoft", client_secret_file=secret)
    Tokens(microsoft, 5).access()
    Tokens(oauth(provider, tmp_path, provider="google"), 5).access()
    assert provider.asked[0]["scope"].split() == [
        "https://outlook.office.com/IMAP.AccessAsUser.All",
        "https://outlook.office.com/SMTP.Send",
        "offline_access",
    ]
    assert provider.asked[0]["client_secret"] == "hush"
    assert provider.asked[1]["scope"] == "https://mail.google.com/"
    assert provider.asked[1]["grant_type"] == "refresh_token"


@pytest.mark.parametrize("fault", [SILENT, DRIP], ids=["silent", "dripping"])
@pytest.mark.parametrize("step", ["greeting", "POST"])
def test_a_token_endpoint_that_stalls_is_given_up_in_time(tmp_path: Path, step: str, fault: object) -> None:
    with Scripted({"greeting": "", step: fault}) as server:
        file = tmp_path / "refresh.token"
        file.write_text("x")
        url = f"http://127.0.0.1:{server.port}/token"
        began = time.monotonic()
        with pytest.raises(OAuthError) as caught:
            Tokens(OAuthConfig(provider="other", token_url=url, token_file=file), 0.4).access()
        assert time.monotonic() - began < 2
        assert not caught.value.permanent


@pytest.mark.parametrize("url", ["http://login.example/token", "", "ftp://127.0.0.1/"])
def test_tokens_are_asked_for_over_https_only(tmp_path: Path, url: str) -> None:
    file = tmp_path / "refresh.token"
    file.write_text("x")
    with pytest.raises(OAuthError) as caught:
        Tokens(OAuthConfig(provider="other", token_url=url, token_file=file), 1).access()
    assert caught.value.permanent


XOAUTH2 = {
    **IMAP_ANSWERS,
    "AUTHENTICATE": "+ \r\n",
    "ACCEPT": "{tag} OK in\r\n",
    "CHALLENGE": "+ eyJzdGF0dXMiOiI0MDEifQ==\r\n",
    "REFUSE": "{tag} NO [AUTHENTICATIONFAILED] no\r\n",
}


class TokenMailServer(Scripted):
    """An IMAP server that takes the access tokens it is told to, and notes what the token file held then."""

    def __init__(self, good: set[str], file: Path) -> None:
        super().__init__(XOAUTH2)
        self.good = good
        self.file = file
        self.seen: list[tuple[str, str]] = []
        self._pending = ""

    def _understand(self, text: str, tag: str) -> tuple[str, str]:
        if text == "":
            return "REFUSE", tag
        verb, understood = super()._understand(text, tag)
        if verb:
            return verb, understood
        user, auth = base64.b64decode(text).decode().split("\1")[:2]
        token = auth.removeprefix("auth=Bearer ")
        assert user == "user=demo@shop.example"
        self.seen.append((token, self.file.read_text().strip()))
        return ("ACCEPT" if token in self.good else "CHALLENGE"), tag


def login(server: TokenMailServer, settings: OAuthConfig) -> Mailbox:
    config = MailboxConfig(
        port=server.port, security="none", user="demo@shop.example", oauth=settings, timeout_seconds=2
    )
    return Mailbox("shop", config, 1000)


def test_the_rotated_token_lies_on_the_disk_before_the_mail_server_sees_the_access_token(
    provider: TokenServer, tmp_path: Path
) -> None:
    settings = oauth(provider, tmp_path)
    with TokenMailServer({"access-0"}, settings.token_file) as server:
        login(server, settings).connect()
        assert server.seen == [("access-0", "refresh-1")]


def test_a_revoked_access_token_is_answered_with_a_fresh_one(provider: TokenServer, tmp_path: Path) -> None:
    settings = oauth(provider, tmp_path)
    with TokenMailServer({"access-0"}, settings.token_file) as server:
        mailbox = login(server, settings)
        mailbox.connect()
        server.good = {"access-1"}
        mailbox.connect()
        assert [token for token, _ in server.seen] == ["access-0", "access-0", "access-1"]


def test_a_fresh_token_that_is_refused_is_the_operators_matter(provider: TokenServer, tmp_path: Path) -> None:
    settings = oauth(provider, tmp_path)
    with TokenMailServer(set(), settings.token_file) as server:
        with pytest.raises(MailboxError) as caught:
            login(server, settings).connect()
        assert caught.value.permanent
        assert "access-0" not in str(caught.value)
        assert len(server.seen) == 1


def test_a_mailbox_whose_grant_ended_says_so(provider: TokenServer, tmp_path: Path) -> None:
    settings = oauth(provider, tmp_path)
    provider.valid = "another"
    with TokenMailServer(set(), settings.token_file) as server:
        with pytest.raises(MailboxError, match="log in again") as caught:
            login(server, settings).connect()
        assert caught.value.permanent
