"""The relay: many mails over a few connections, a receipt for each."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence

from daemon.config import SmtpConfig
from daemon.oauth import Tokens
from daemon.post.line import Line
from daemon.post.shapes import Envelope, Receipt, RelayError, State, unsent
from daemon.remote import CertificateFileError, tls_context

__all__ = ["Envelope", "Receipt", "Relay", "RelayError", "State"]


class Relay:
    """Keeps up to `config.connections` connections open, within one asyncio loop."""

    def __init__(self, config: SmtpConfig) -> None:
        self.config = config
        self._lines: list[Line] = []
        self._tokens = Tokens(config.oauth, config.timeout_seconds) if config.oauth else None

    async def send(self, envelopes: Sequence[Envelope], seconds: float = 120.0) -> list[Receipt]:
        """A receipt for each envelope, in their order; never raises for what a relay or a recipient does.

        Mails to one recipient go one after the other, as given. A connection that cannot be opened, or that
        leaves us without an answer, is not used again in this call; when none is left, or `seconds` are over,
        what has not been tried is returned as such.
        """
        receipts: list[Receipt | None] = [None] * len(envelopes)
        work = _by_recipient(envelopes)
        until = time.monotonic() + seconds
        failures: list[str] = []
        try:
            lines = self._ready()[: len(work)]
        except RelayError as error:
            return [unsent(str(error))] * len(envelopes)
        async with asyncio.TaskGroup() as group:
            for line in lines:
                group.create_task(self._work(line, work, envelopes, receipts, failures, until))
        why = failures[-1] if failures else f"not tried within {seconds:g} s"
        return [receipt or unsent(why) for receipt in receipts]

    async def check(self) -> None:
        """Connects, logs in and hears an answer, without sending anything; RelayError with the reason when it fails."""
        await self._ready()[0].check()

    async def close(self) -> None:
        """Ends all connections; never raises."""
        lines, self._lines = self._lines, []
        await asyncio.gather(*(line.close() for line in lines))

    async def _work(
        self,
        line: Line,
        work: deque[deque[int]],
        envelopes: Sequence[Envelope],
        receipts: list[Receipt | None],
        failures: list[str],
        until: float,
    ) -> None:
        """Takes from the work until there is none, the time is over or the line is of no more use."""
        line.slow = False
        while work and not line.slow and time.monotonic() < until:
            mine = work.popleft()
            try:
                receipts[mine[0]] = await line.send(envelopes[mine[0]])
            except RelayError as error:
                work.appendleft(mine)
                failures.append(str(error))
                return
            mine.popleft()
            if mine:
                work.appendleft(mine)
        if line.slow:
            failures.append("the relay does not answer in time")

    def _ready(self) -> list[Line]:
        if not self._lines:
            config = self.config
            try:
                tls = None if config.security == "none" else tls_context(config)
            except CertificateFileError as error:
                raise RelayError(str(error), permanent=True) from None
            self._lines = [Line(config, self._tokens, tls) for _ in range(config.connections)]
        return self._lines


def _by_recipient(envelopes: Sequence[Envelope]) -> deque[deque[int]]:
    """The places of the envelopes, those for one recipient together."""
    groups: dict[str, deque[int]] = {}
    for place, envelope in enumerate(envelopes):
        groups.setdefault(envelope.recipient.lower(), deque()).append(place)
    return deque(groups.values())
