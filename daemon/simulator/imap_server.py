"""An IMAP server on loopback, pymap in a thread, into whose inboxes letters can be put directly."""

import asyncio
import ssl
from argparse import Namespace
from collections.abc import Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from proxyprotocol.reader import ProxyProtocolReader
from proxyprotocol.version import ProxyProtocolVersion
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import FetchRequirement
from pymap.user import Passwords, UserMetadata
from pysasl.hashing import Cleartext

from daemon.simulator.background import Background

HOST = "127.0.0.1"


class _Settings(Config):
    @property
    def greeting(self) -> bytes:
        # The library asks the resolver for a name at each connection; offline that takes seconds.
        return b"Simulator ready"


class ImapServer:
    """One IMAP server; `port` is chosen free when it is 0. A user's mailbox is forgotten when it stops.

    `users` are name and password. Every letter keeps the arrival time it was given.
    """

    def __init__(self, users: Mapping[str, str] | None = None, port: int = 0) -> None:
        self.users = dict(users or {"demo": "demo"})
        self.host = HOST
        self.port = port
        self._background = Background("imap-server")

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

    def append(self, raw: bytes, arrived_at: datetime | None = None, folder: str = "INBOX", user: str = "demo") -> int:
        """Puts a letter into a folder, as delivery would; returns its UID. The folder must exist."""
        return self.deliver(raw, arrived_at, folder, user).result(10.0)

    def deliver(
        self, raw: bytes, arrived_at: datetime | None = None, folder: str = "INBOX", user: str = "demo"
    ) -> "Future[int]":
        """The same without waiting, for callers that live in a loop of their own."""
        when = arrived_at or datetime.now(UTC)
        return asyncio.run_coroutine_threadsafe(self._append(raw, when, folder, user), self._background.loop)

    def letters(self, folder: str = "INBOX", user: str = "demo") -> list[bytes]:
        """The letters of a folder as they lie there, in UID order; none when there is no such folder."""
        return self._background.call(self._letters(folder, user))

    def renew(self, user: str = "demo") -> None:
        """Forgets a user's mailbox and begins another, with a UIDVALIDITY of its own, as a restored server would."""
        self._background.call(self._renew(user))

    async def _open(self) -> None:
        # Tickets and hashes are of no use on loopback, but the library wants its command line.
        self._settings = _Settings(
            Namespace(passlib_cfg=None, proxy_protocol=None),
            host=HOST,
            port=self.port,
            tls_enabled=False,
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
            demo_data=False,
            demo_user="",
            demo_password="",
            # Half a million rounds of hashing make a login cost what a hundred letters do, and guard nothing here.
            hash_context=Cleartext(),
        )
        login = Login(self._settings)
        for name, password in self.users.items():
            secret = await Passwords(self._settings).hash_password(password)
            login.users_dict[name] = UserMetadata(self._settings, name, password=secret)
            await self._renew(name)
        accept = ProxyProtocolReader(ProxyProtocolVersion.get(None)).get_callback(IMAPServer(login, self._settings))
        self._server = await asyncio.start_server(accept, host=HOST, port=self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _renew(self, user: str) -> None:
        self._settings.set_cache[user] = (MailboxSet(), FilterSet())

    async def _folder(self, folder: str, user: str) -> MailboxData:
        return await self._settings.set_cache[user][0].get_mailbox(folder)

    async def _append(self, raw: bytes, when: datetime, folder: str, user: str) -> int:
        mailbox = await self._folder(folder, user)
        uid: int = (await mailbox.append(AppendMessage(raw, when), recent=True)).uid
        return uid

    async def _letters(self, folder: str, user: str) -> list[bytes]:
        try:
            mailbox = await self._folder(folder, user)
        except KeyError:
            return []
        loaded = [await message.load_content(FetchRequirement.CONTENT) async for message in mailbox.messages()]
        return [bytes(message.get_body(None)) for message in loaded]
