"""An SMTP server on loopback: the shop's own mail goes to its inbox, everybody else's is kept to look at."""

import asyncio
import ssl
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import AnyStr, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from daemon.simulator.background import Background
from daemon.simulator.faults import Fault, Kind, fault_for
from daemon.simulator.imap_server import HOST, ImapServer


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail the server accepted, with the envelope it came in; `sender` is "" for the null return path."""

    sender: str
    recipients: tuple[str, ...]
    message: bytes
    at: datetime


class SmtpServer:
    """A relay that accepts everything and misbehaves by recipient (see `daemon.simulator.faults`).

    Mail for an address of `inboxes` is put into that user's inbox of `imap`, under a Return-Path and, with
    `authserv_id`, an Authentication-Results line that passes. What is for anybody else is kept in `kept`
    (the newest `keep`). `heard` is called with each of those, in the server's thread. With `login` AUTH is required.
    `clock` says when a mail arrives; a `patient` server misbehaves for no address.
    """

    def __init__(
        self,
        imap: ImapServer | None = None,
        inboxes: dict[str, str] | None = None,
        *,
        port: int = 0,
        keep: int = 10_000,
        heard: Callable[[Kept], None] | None = None,
        authserv_id: str = "",
        login: tuple[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        implicit_tls: bool = False,
        smtputf8: bool = True,
        clock: Callable[[], datetime] = utc_now,
        patient: bool = False,
    ) -> None:
        self.host = HOST
        self.port = port
        self.imap = imap
        self.inboxes = {address.lower(): user for address, user in (inboxes or {}).items()}
        self.kept: deque[Kept] = deque(maxlen=keep)
        self.heard = heard
        self.authserv_id = authserv_id
        self.login = login
        self.connections = 0
        self.logins = 0
        self.refuse_greeting = 0
        self._tls = tls
        self._implicit = implicit_tls
        self._smtputf8 = smtputf8
        self.clock = clock
        self._patient = patient
        self._failed_once: set[str] = set()
        self._arrival = threading.Condition()
        self._open_now: set[_Session] = set()
        self._background = Background("smtp-server")

    def start(self) -> Self:
        self._background.start()
        self._background.call(self._open())
        return self

    def stop(self) -> None:
        self._background.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def wait_for(self, count: int, seconds: float = 10.0) -> list[Kept]:
        """What is kept, as soon as there are `count` of them; TimeoutError after `seconds`."""
        with self._arrival:
            if not self._arrival.wait_for(lambda: len(self.kept) >= count, seconds):
                raise TimeoutError(f"{len(self.kept)} of {count} mails within {seconds} s")
            return list(self.kept)

    def hang_up(self) -> None:
        """Closes every connection at once, as a server does that restarts."""
        self._background.call(self._hang_up())

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        context = self._tls if self._implicit else None
        server = await loop.create_server(lambda: _Session(self, loop), HOST, self.port, ssl=context)
        self._server = server
        self.port = server.sockets[0].getsockname()[1]

    async def _hang_up(self) -> None:
        for session in tuple(self._open_now):
            session.drop()

    def fault(self, address: str) -> Fault | None:
        """What is to happen to this attempt at an address; a fault of the kind `once` is over after the first."""
        fault = None if self._patient else fault_for(address)
        if fault is None or not fault.once:
            return fault
        if address in self._failed_once:
            return None
        self._failed_once.add(address)
        return fault

    async def take(self, kept: Kept) -> None:
        """Delivers what is for the shop, keeps the rest."""
        for user in {self.inboxes[name.lower()] for name in kept.recipients if name.lower() in self.inboxes}:
            if self.imap is not None:
                put = self.imap.deliver(self._trace(kept) + kept.message, kept.at, user=user)
                await asyncio.wrap_future(put)
        others = tuple(name for name in kept.recipients if name.lower() not in self.inboxes)
        if others:
            self._keep(replace(kept, recipients=others))

    def _keep(self, kept: Kept) -> None:
        with self._arrival:
            self.kept.append(kept)
            self._arrival.notify_all()
        if self.heard is not None:
            self.heard(kept)

    def _trace(self, kept: Kept) -> bytes:
        """The lines a receiving server puts on top."""
        lines = f"Return-Path: <{kept.sender}>\r\n"
        if self.authserv_id:
            domain = kept.sender.rpartition("@")[2] or "invalid"
            lines += f"Authentication-Results: {self.authserv_id}; dmarc=pass header.from={domain}\r\n"
        return lines.encode("utf-8")


class _Session(SMTP):
    """One connection to the server; the hooks of aiosmtpd, and what it has no hooks for."""

    def __init__(self, server: SmtpServer, loop: asyncio.AbstractEventLoop) -> None:
        self.server = server
        self.faults: list[Fault] = []
        starttls = None if server._implicit else server._tls
        super().__init__(
            self,
            loop=loop,
            hostname="relay.shop.example",
            ident="simulator",
            enable_SMTPUTF8=server._smtputf8,
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_required=server.login is not None,
            auth_require_tls=False,
            authenticator=self.authenticate,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.server._open_now.add(self)
        self.server.connections += 1

    def connection_lost(self, error: Exception | None) -> None:
        self.server._open_now.discard(self)
        super().connection_lost(error)

    async def push(self, status: AnyStr) -> None:
        # The greeting has no hook of its own.
        if isinstance(status, str) and status.startswith("220 relay") and self.server.refuse_greeting:
            self.server.refuse_greeting -= 1
            await super().push("421 too busy to talk")
            self.drop()
            return
        await super().push(status)

    def drop(self) -> None:
        if self.transport is not None:
            self.transport.close()

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """It reads line by line, and so takes commands ahead of their answers as relays do (RFC 2920)."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        self.server.logins += 1
        known = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == self.server.login
        return AuthResult(success=known, handled=False)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802 - named by the library
        # The library takes no null return path, which every bounce has (RFC 5321, 4.5.5).
        self.faults.clear()
        await super().smtp_MAIL(arg.replace("<>", "<null@return-path.invalid>", 1) if arg else arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if any(fault.kind is Kind.DROP_AT_DATA for fault in self.faults):
            self.drop()
            return
        await super().smtp_DATA(arg)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = self.server.fault(address)
        if fault is None:
            envelope.rcpt_tos.append(address)
            return "250 OK"
        return await self._misbehave(fault, envelope, address)

    async def _misbehave(self, fault: Fault, envelope: Envelope, address: str) -> str:
        match fault.kind:
            case Kind.REPLY:
                return fault.reply
            case Kind.MUTE:
                await asyncio.Event().wait()
            case Kind.SLOW:
                await asyncio.sleep(fault.seconds)
            case Kind.BYE | Kind.GREET:
                self.server.refuse_greeting += fault.kind is Kind.GREET
                asyncio.get_running_loop().call_soon(self.drop)
                return fault.reply
        self.faults.append(fault)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        for fault in self.faults:
            if fault.kind is Kind.DATA_REPLY:
                return fault.reply
        sender = envelope.mail_from or ""
        kept = Kept(
            "" if sender == "null@return-path.invalid" else sender,
            tuple(envelope.rcpt_tos),
            envelope.original_content or b"",
            self.server.clock(),
        )
        await self.server.take(kept)
        if any(fault.kind is Kind.DROP_AFTER_DATA for fault in self.faults):
            self.drop()
            await asyncio.Event().wait()
        return "250 OK"
