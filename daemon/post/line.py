"""One connection to the relay, kept open from mail to mail."""

import asyncio
import os
import socket
import ssl
from collections.abc import Collection
from contextlib import suppress

import aiosmtplib

from daemon.config import ConfigError, SmtpConfig
from daemon.oauth import OAuthError, Tokens
from daemon.post.addressing import Addressed, address
from daemon.post.shapes import Envelope, Receipt, RelayError, State, judged
from daemon.post.wire import Wire, taken_over
from daemon.remote import told

# RFC 4954, section 6: it is we who are not let in, whoever the mail is for.
NOT_LET_IN = (530, 534, 535, 538)
CLOSING, GO_ON, TAKEN = 421, 354, 250
DATA = b"DATA"
SLOWEST_BYTES_PER_SECOND = 50_000


class HungUpError(Exception):
    """The connection ended before anything of the message was sent."""


class Line:
    """For one mail at a time. `slow` is set once an answer did not come in time."""

    def __init__(self, config: SmtpConfig, tokens: Tokens | None, tls: ssl.SSLContext | None) -> None:
        self.config = config
        self.slow = False
        self._tokens = tokens
        self._tls = tls
        self._wire: Wire | None = None
        self._extensions: Collection[str] = ()
        self._begun = False

    async def send(self, envelope: Envelope) -> Receipt:
        """What became of the mail; RelayError, without the mail being tried, when there is no connection to be had.

        A connection that ended while nobody used it is opened anew, once.
        """
        reused = self._wire is not None and self._wire.is_open
        try:
            return await self._deliver(envelope)
        except HungUpError as hung_up:
            if not reused:
                return Receipt(State.TEMPORARY, None, str(hung_up))
        try:
            return await self._deliver(envelope)
        except HungUpError as hung_up:
            return Receipt(State.TEMPORARY, None, str(hung_up))

    async def open(self) -> Wire:
        """Connects, greets, secures and logs in, all within one deadline; RelayError when that fails."""
        if self._wire is not None and self._wire.is_open:
            return self._wire
        self.drop()
        try:
            async with asyncio.timeout(self.config.timeout_seconds):
                smtp = await self._connect()
            self._extensions = frozenset(smtp.esmtp_extensions)
            self._wire = taken_over(smtp)
        except (TimeoutError, OSError, ConfigError, OAuthError, aiosmtplib.SMTPException) as error:
            raise _explain(error, self.config) from None
        return self._wire

    async def check(self) -> None:
        """Opens the line and hears whether the relay answers; RelayError when it does not."""
        wire = await self.open()
        try:
            async with asyncio.timeout(self.config.timeout_seconds):
                await wire.ask(b"NOOP")
        except (TimeoutError, aiosmtplib.SMTPException) as error:
            self.drop()
            raise _explain(error, self.config) from None

    async def close(self) -> None:
        """Says goodbye; never raises."""
        if self._wire is not None and self._wire.is_open:
            with suppress(TimeoutError, aiosmtplib.SMTPException):  # every mail has its receipt by now
                async with asyncio.timeout(2.0):
                    await self._wire.ask(b"QUIT")
        self.drop()

    def drop(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    async def _connect(self) -> aiosmtplib.SMTP:
        """A refused token that was cached is answered with a fresh one, once: it may have been revoked."""
        token, fresh = await asyncio.to_thread(self._tokens.access) if self._tokens else ("", True)
        try:
            return await self._log_in(token)
        except aiosmtplib.SMTPAuthenticationError:
            if self._tokens is not None:
                self._tokens.forget()
            if fresh or self._tokens is None:
                raise
        token, _ = await asyncio.to_thread(self._tokens.access)
        return await self._log_in(token)

    async def _log_in(self, token: str) -> aiosmtplib.SMTP:
        config = self.config
        smtp = aiosmtplib.SMTP(
            hostname=config.host,
            port=config.port,
            # Never None, which means: encrypt if the server happens to offer it.
            start_tls=config.security == "starttls",
            use_tls=config.security == "tls",
            tls_context=self._tls,
            local_hostname=_own_name(),
            timeout=None,
        )
        await smtp.connect()
        try:
            await smtp.ehlo()
            if token:
                await smtp.auth_xoauth2(config.user, token)
            elif config.user:
                await smtp.login(config.user, config.secret or "")
        except BaseException:
            smtp.close()
            raise
        return smtp

    async def _deliver(self, envelope: Envelope) -> Receipt:
        wire = await self.open()
        addressed = address(envelope, self._extensions)
        if isinstance(addressed, Receipt):
            return addressed
        self._begun = False
        seconds = self.config.timeout_seconds + len(envelope.message) / SLOWEST_BYTES_PER_SECOND
        try:
            async with asyncio.timeout(seconds):
                return await self._transact(wire, addressed, envelope.message)
        except TimeoutError:
            self.slow = True
            why = f"no answer within {seconds:.0f} s"
        except aiosmtplib.SMTPServerDisconnected:
            why = "connection lost"
        except aiosmtplib.SMTPException as error:
            why = f"not the language of mail: {told(error.message)}"
        except asyncio.CancelledError:
            self.drop()  # the answer to what was said would be taken for the next mail's
            raise
        self.drop()
        if not self._begun and not self.slow:
            raise HungUpError(why)
        return Receipt(State.TEMPORARY, None, why, unknown=self._begun)

    async def _transact(self, wire: Wire, to: Addressed, message: bytes) -> Receipt:
        """One mail transaction (RFC 5321, section 3.3), its commands in one go where the relay takes that."""
        mail = b" ".join((b"MAIL FROM:<%b>" % to.sender, *to.options))
        rcpt = b"RCPT TO:<%b>" % to.recipient
        wire.begin()
        if "pipelining" in self._extensions:
            wire.say_ahead(mail, rcpt, DATA)
        reply = await wire.ask(mail)
        if reply.code == CLOSING:
            raise aiosmtplib.SMTPServerDisconnected(reply.message)
        if reply.code in NOT_LET_IN:
            self.drop()
            raise RelayError(f"the relay does not let us in: {reply.code} {told(reply.message)}", permanent=True)
        if reply.code // 100 != 2:
            return await self._refused(wire, judged(reply.code, reply.message, "mail"))
        reply = await wire.ask(rcpt)
        if reply.code // 100 != 2:
            return await self._refused(wire, judged(reply.code, reply.message, "rcpt"))
        self._begun = True
        reply = await wire.ask(DATA)
        if reply.code == GO_ON:
            reply = await wire.hand_over(message)
            if reply.code == TAKEN:
                return judged(reply.code, reply.message)
        if reply.code // 100 in (2, 3):  # an answer to another question than the one that was asked
            raise aiosmtplib.SMTPException(f"{reply.code} to DATA")
        return await self._refused(wire, judged(reply.code, reply.message, "data"))

    async def _refused(self, wire: Wire, receipt: Receipt) -> Receipt:
        """Clears the transaction, so that the next mail finds the connection as new."""
        try:
            last = await wire.hear_out()
            # Said ahead, DATA may be let through although there is nobody to write to: then no other command is heard.
            if receipt.code == CLOSING or (last is not None and last.code == GO_ON):
                self.drop()
            elif receipt.stage != "mail":
                await wire.ask(b"RSET")
        except aiosmtplib.SMTPException:
            self.drop()  # what the relay said of the mail holds all the same
        return receipt


def _own_name() -> str:
    """For EHLO. Asking the resolver for a full name can take longer than the whole mail."""
    name = socket.gethostname()
    return name if name and name.isascii() and not any(sign.isspace() for sign in name) else "localhost"


def _explain(error: Exception, config: SmtpConfig) -> RelayError:
    """What keeps us from the relay, as the operator should read it."""
    where = f"relay {config.host}:{config.port}"
    cause = error.__cause__ if isinstance(error, aiosmtplib.SMTPConnectError) and error.__cause__ else error
    match cause:
        case ConfigError():
            return RelayError(f"{where}: {cause}", permanent=True)
        case OAuthError():
            return RelayError(f"{where}: {cause}", permanent=cause.permanent)
        case ssl.SSLCertVerificationError():
            why = f"certificate refused ({told(cause.verify_message)})"
            return RelayError(f"{where}: {why}; if it is your own, name its authority in ca_file", permanent=True)
        case TimeoutError():
            return RelayError(f"{where}: no answer within {config.timeout_seconds:g} s")
        case aiosmtplib.SMTPAuthenticationError():
            reply = f"{cause.code} {told(cause.message)}"
            return RelayError(f"{where}: login refused: {reply}", permanent=cause.code >= 500)
        case aiosmtplib.SMTPResponseException():
            return RelayError(f"{where}: {cause.code} {told(cause.message)}")
        case aiosmtplib.SMTPServerDisconnected():
            return RelayError(f"{where}: connection lost")
        case aiosmtplib.SMTPException():
            return RelayError(f"{where}: {told(cause.message)}", permanent=True)
        case ssl.SSLError():
            return RelayError(f"{where}: TLS failed ({told(cause.reason or 'no reason given')})")
        case socket.gaierror():
            return RelayError(f"{where}: host name not found")
        case OSError():
            # asyncio puts the address into strerror, and the host is named here already.
            return RelayError(f"{where}: {os.strerror(cause.errno) if cause.errno else type(cause).__name__}")
        case _:
            return RelayError(f"{where}: {type(cause).__name__}")
