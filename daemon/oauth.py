"""Access tokens for XOAUTH2 (RFC 6749, section 6), refreshed in time; a rotated refresh token is kept before use."""

import fcntl
import http.client
import json
import os
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from daemon.config import ConfigError, OAuthConfig
from daemon.config.secrets import read_secret
from daemon.config.sections import LOOPBACK

LONGEST_ANSWER = 100_000
# A token that ends while a login is under way is of no use.
EARLY = 120.0
# RFC 6749, section 5.2: only the operator can mend these.
FINAL = {
    "invalid_grant": "the refresh token is no longer valid; log in again and put the new one into {file}",
    "invalid_client": "client_id or client_secret is wrong",
    "unauthorized_client": "the provider does not let this client_id refresh tokens",
    "invalid_scope": "the provider does not grant the scope asked for",
    "unsupported_grant_type": "the provider does not refresh tokens at this address",
}


@dataclass(frozen=True, slots=True)
class Provider:
    """Where tokens come from and what they are for."""

    token_url: str
    scope: str


PROVIDERS = {
    "google": Provider("https://oauth2.googleapis.com/token", "https://mail.google.com/"),
    "microsoft": Provider(
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
        "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
    ),
    "other": Provider("", ""),
}


class OAuthError(Exception):
    """No access token can be had; `permanent` when the operator must log in again or mend the configuration."""

    def __init__(self, line: str, *, permanent: bool = False) -> None:
        super().__init__(f"oauth: {line}")
        self.permanent = permanent


class Tokens:
    """The access token of one account, safe to use from several threads and processes.

    `seconds` bounds one refresh. `clock` counts seconds. The file is locked while a token is refreshed, for a
    provider that rotates refresh tokens takes each of them only once.
    """

    def __init__(self, config: OAuthConfig, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.config = config
        self.seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._access = ""
        self._until = 0.0
        self._unsaved = ""

    def access(self) -> tuple[str, bool]:
        """An access token, and whether it was got just now; OAuthError when there is none to be had."""
        with self._lock:
            if self._access and self._clock() < self._until:
                return self._access, False
            with _locked(self.config.token_file, self.seconds):
                self._refresh()
            return self._access, True

    def forget(self) -> None:
        """The server refused the token: the next one is a new one."""
        with self._lock:
            self._access = ""

    def _refresh(self) -> None:
        if self._unsaved:
            self._keep(self._unsaved)
        current = _read(self.config.token_file)
        answer = self._ask(current)
        rotated = answer.get("refresh_token")
        if isinstance(rotated, str) and rotated and rotated != current:
            self._keep(rotated)
        self._access = str(answer["access_token"])
        lasts = answer.get("expires_in")
        self._until = self._clock() + max(0.0, float(lasts if isinstance(lasts, (int, float)) else 3600) - EARLY)

    def _keep(self, refresh_token: str) -> None:
        # Until it lies on the disk it is remembered here: the old one may already be worth nothing.
        self._unsaved = refresh_token
        write_secret(self.config.token_file, refresh_token)
        self._unsaved = ""

    def _ask(self, refresh_token: str) -> dict[str, Any]:
        """The provider's answer, which holds an access token."""
        provider = PROVIDERS[self.config.provider]
        url = (self.config.token_url or provider.token_url).replace("{tenant}", self.config.tenant)
        form = {
            "grant_type": "refresh_token",
            "client_id": self.config.client_id,
            "client_secret": self._client_secret(),
            "refresh_token": refresh_token,
            "scope": self.config.scope or provider.scope,
        }
        status, body = _post(url, {key: value for key, value in form.items() if value}, self.seconds)
        answer = _parsed(body)
        if status == 200 and answer.get("access_token"):
            return answer
        raise self._refusal(status, answer)

    def _client_secret(self) -> str:
        try:
            return read_secret(self.config.client_secret, self.config.client_secret_file) or ""
        except ConfigError as error:
            raise OAuthError(str(error), permanent=True) from None

    def _refusal(self, status: int, answer: dict[str, Any]) -> OAuthError:
        # Only the error's name is told: its description may name the account.
        name = re.sub(r"[^a-z_]", "", str(answer.get("error", "")))[:40]
        if name in FINAL:
            return OAuthError(f"{FINAL[name].format(file=self.config.token_file)} ({name})", permanent=True)
        return OAuthError(f"the token endpoint answered {status} {name}".rstrip())


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _post(url: str, form: dict[str, str], seconds: float) -> tuple[int, bytes]:
    """Status and body. Everything is over in `seconds`, even when the answer comes byte by byte."""
    connection = _connection(url, seconds)
    watchdog = threading.Timer(seconds, _cut, [connection])
    watchdog.daemon = True
    watchdog.start()
    path = urlsplit(url).path or "/"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    try:
        connection.request("POST", path, urlencode(form), headers)
        response = connection.getresponse()
        return response.status, response.read(LONGEST_ANSWER)
    except ssl.SSLCertVerificationError as error:
        why = f"certificate of the token endpoint refused ({error.verify_message})"
        raise OAuthError(why, permanent=True) from None
    except (OSError, http.client.HTTPException) as error:
        raise OAuthError(f"the token endpoint cannot be asked ({type(error).__name__})") from None
    finally:
        watchdog.cancel()
        connection.close()


def _connection(url: str, seconds: float) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    if not parts.hostname:
        raise OAuthError("token_url is missing", permanent=True)
    if parts.scheme == "https":
        return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=seconds)
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return http.client.HTTPConnection(parts.hostname, parts.port, timeout=seconds)
    raise OAuthError("token_url must begin with https://", permanent=True)


def _cut(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        with suppress(OSError):  # it may be closed already
            # Not the TLS socket's own method, which is not made to be called beside a read.
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)


@contextmanager
def _locked(file: Path, seconds: float) -> Iterator[None]:
    """Alone with the token file; OAuthError when another process holds it for longer than its own refresh can take."""
    until = time.monotonic() + 2 * seconds
    with _opened_lock(file) as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise OAuthError(f"{file} is in use by another process") from None
                time.sleep(0.05)
        yield


@contextmanager
def _opened_lock(file: Path) -> Iterator[int]:
    try:
        lock = os.open(file.with_name(file.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise OAuthError(f"{file} cannot be locked ({error.strerror})", permanent=True) from None
    try:
        yield lock
    finally:
        os.close(lock)


def _read(file: Path) -> str:
    try:
        token = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        token = ""
    if not token:
        raise OAuthError(f"{file} holds no refresh token; log in and put it there", permanent=True)
    return token


def write_secret(file: Path, secret: str) -> None:
    """Replaces a secret's file as a whole, 0600 from its first byte on, and on the disk when this returns.

    For one writer at a time (see `_locked`). Raises OAuthError when it cannot be kept; the old one stands then.
    """
    fresh = file.with_name(file.name + ".new")
    try:
        fresh.unlink(missing_ok=True)  # what a crash left behind
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(secret + "\n")
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
        directory = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    except OSError as error:
        raise OAuthError(f"{file} cannot be written ({error.strerror})") from None
