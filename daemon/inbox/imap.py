"""A mailbox: what waits in it, letters fetched from it, letters moved by outcome, waking up when more arrive."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, Protocol

from imapclient.exceptions import IMAPClientError, ProtocolError

from daemon.config import MailboxConfig
from daemon.inbox.arrived import (
    BATCH_BYTES,
    HEADER_BYTES,
    ORDINARY_BYTES,
    Arrived,
    arrival,
    headers_of,
    portion,
    section,
)
from daemon.inbox.clock import time_of
from daemon.inbox.errors import MailboxError, explain
from daemon.inbox.folders import FOLDERS, make_missing, move, sets, under_prefix
from daemon.inbox.login import connect
from daemon.inbox.wire import Session
from daemon.oauth import Tokens
from store.facts import Outcome

# imaplib takes a line of a million bytes at most, and a UID is ten digits long.
SEARCH_WINDOW = 50_000
WAITING_AT_ONCE = 10_000
# RFC 2177 asks for a renewal within 29 minutes; routers forget silent connections much sooner.
LONGEST_IDLE = 270.0
LOOK_UP = 0.4

__all__ = ["Arrived", "Mailbox", "MailboxError"]


class Stop(Protocol):
    """What `wait` needs of a threading.Event."""

    def is_set(self) -> bool: ...

    def wait(self, timeout: float | None = None, /) -> bool: ...


class Mailbox:
    """One connection to one mailbox, for one thread.

    Every method raises MailboxError when the server fails or does not answer in time; the connection is closed
    then, and `connect` begins anew. UIDs hold only as long as `uidvalidity` does: after connecting again, ask
    what is waiting instead of using UIDs from before.
    """

    uidvalidity: int

    def __init__(
        self, name: str, config: MailboxConfig, letter_bytes: int, folders: Mapping[Outcome, str] = FOLDERS
    ) -> None:
        self.name = name
        self.config = config
        self.letter_bytes = letter_bytes
        self.uidvalidity = 0
        self._leaves = dict(folders)
        self._folders: dict[Outcome, str] = {}
        self._tokens = Tokens(config.oauth, config.timeout_seconds) if config.oauth else None
        self._client: Session | None = None

    @property
    def connected(self) -> bool:
        return self._client is not None

    def connect(self) -> None:
        """Logs in, makes the folders that are missing (and subscribes them), selects the inbox."""
        self._drop()
        try:
            self._client = connect(self.config, self._tokens)
        except MailboxError as error:
            raise MailboxError(f"mailbox {self.name}: {error}", permanent=error.permanent) from None
        with self._step("making folders") as client:
            below = under_prefix(client, self.config.folder_prefix)
            self._folders = {outcome: below + leaf for outcome, leaf in self._leaves.items()}
            make_missing(client, self._folders.values(), below)
        self._select_inbox()

    def waiting(self) -> list[int]:
        """The oldest UIDs in the inbox, ascending, at most 10,000; what is marked \\Deleted counts as gone.

        The inbox is selected anew each time: that shows what a snapshot hides, notices a new UIDVALIDITY,
        and empties what the library piles up.
        """
        return next(self._search(self._select_inbox()), [])[:WAITING_AT_ONCE]

    def _search(self, exists: int) -> Iterator[list[int]]:
        """The letters of the selected folder that are not marked \\Deleted, oldest first, in portions."""
        for first in range(1, exists + 1, SEARCH_WINDOW):
            window = f"{first}:{min(exists, first + SEARCH_WINDOW - 1)}"
            # Not every server takes sequence numbers in UID SEARCH, so they are only used where they must be.
            criteria = ["UNDELETED"] if exists <= SEARCH_WINDOW else [window, "UNDELETED"]
            with self._step("searching") as client:
                found = sorted(client.search(criteria))
            if found:
                yield found

    def fetch(self, uids: Sequence[int]) -> list[Arrived]:
        """The letters by arrival, then UID. What is large is asked first; what is too large is told by its headers.

        At most about 16 MB are fetched at once: what lies beyond, like what has vanished, is missing
        from the result, and the next `waiting` tells which of the two it was.
        """
        asked = list(dict.fromkeys(uids))
        ordinary = min(self.letter_bytes, ORDINARY_BYTES, BATCH_BYTES // max(1, len(asked)))
        if not self._any_larger(asked, ordinary):
            arrived = self._fetch_whole(asked, dict.fromkeys(asked, ordinary))
        else:
            sizes = self._sizes(asked)
            small, large = portion(sizes, self.letter_bytes)
            arrived = self._fetch_whole(small, sizes) + self._fetch_headers(large, sizes)
        return sorted(arrived, key=lambda letter: (letter.arrived_at, letter.uid))

    def _any_larger(self, uids: list[int], size: int) -> bool:
        for chosen in sets(sorted(uids)):
            with self._step("asking for sizes") as client:
                if client.search(["UID", chosen, "LARGER", str(size)]):
                    return True
        return False

    def _sizes(self, uids: list[int]) -> dict[int, int]:
        sizes: dict[int, int] = {}
        for line in _lines(uids):
            with self._step("asking for sizes") as client:
                told = client.fetch(line, ["RFC822.SIZE"])
                sizes |= {uid: _whole_number(items.get(b"RFC822.SIZE")) for uid, items in told.items()}
        return sizes

    def _fetch_whole(self, uids: list[int], sizes: Mapping[int, int]) -> list[Arrived]:
        """The server cuts at the limit, for the sizes that servers tell are at times estimates."""
        arrived = []
        for line in _lines(uids):
            with self._step("fetching", sum(sizes[uid] for uid in line)) as client:
                found = client.fetch(line, [f"BODY.PEEK[]<0.{self.letter_bytes + 1}>", "INTERNALDATE"])
            for uid, items in found.items():
                if (raw := section(items)) is not None:
                    whole = len(raw) <= self.letter_bytes
                    kept = raw if whole else headers_of(raw)
                    arrived.append(self._arrived(uid, items, len(raw), kept, whole))
        return arrived

    def _fetch_headers(self, uids: list[int], sizes: Mapping[int, int]) -> list[Arrived]:
        arrived = []
        for line in _lines(uids):
            with self._step("fetching", HEADER_BYTES * len(line)) as client:
                found = client.fetch(line, [f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>", "INTERNALDATE"])
            for uid, items in found.items():
                if (raw := section(items)) is not None:
                    arrived.append(self._arrived(uid, items, sizes[uid], headers_of(raw), whole=False))
        return arrived

    def _arrived(self, uid: int, items: Mapping[bytes, Any], size: int, raw: bytes, whole: bool) -> Arrived:
        return Arrived(self.name, self.uidvalidity, uid, arrival(items), size, raw, whole)

    def move(self, uids_by_outcome: Mapping[Outcome, Sequence[int]]) -> None:
        """Moves letters out of the inbox, one command a folder; a letter that is gone already is no matter."""
        for outcome, uids in uids_by_outcome.items():
            if uids:
                with self._step(f"moving to {self._leaves[outcome]}", 1000 * len(uids)) as client:
                    move(client, uids, self._folders[outcome])

    def bring_back(self, outcome: Outcome, digests: Callable[[bytes], str], wanted: set[str]) -> set[str]:
        """Moves the letters of a folder whose digest is wanted back to the inbox, each once; those that were found."""
        with self._step(f"selecting {self._leaves[outcome]}") as client:
            exists = _whole_number(client.select_folder(self._folders[outcome]).get(b"EXISTS"))
        chosen = dict(self._matching(exists, digests, wanted))
        with self._step("moving to the inbox", 1000 * len(chosen)) as client:
            move(client, list(chosen.values()), self.config.inbox)
        self._select_inbox()
        return set(chosen)

    def _matching(self, exists: int, digests: Callable[[bytes], str], wanted: set[str]) -> Iterator[tuple[str, int]]:
        left = set(wanted)
        for uids in self._search(exists) if left else ():
            for letter in self._each(uids):
                if (digest := digests(letter.raw)) in left:
                    left.discard(digest)
                    yield digest, letter.uid
                if not left:
                    return

    def _each(self, uids: list[int]) -> Iterator[Arrived]:
        """The letters of the selected folder, never more of them in memory than a batch."""
        while uids:
            batch = uids[: self.config.batch]
            letters = self.fetch(batch)
            yield from letters
            seen = {letter.uid for letter in letters}
            # What did not come lay beyond the portion, or is gone; when nothing at all came, all of it is gone.
            missing = [uid for uid in batch if uid not in seen] if seen else []
            uids = missing + uids[self.config.batch :]

    def server_time(self) -> datetime:
        """What time the server says it is, to the second, by a note put into the folder Ignored and removed again."""
        with self._step("asking the time") as client:
            told = time_of(client, self._folders[Outcome.IGNORED])
        self._select_inbox()
        return told

    def wait(self, seconds: float, stop: Stop) -> bool:
        """Until there may be news (True), `stop` is set or the time is over (False); at most 270 s in one go.

        Uses IDLE where the server has it and the configuration allows it. Without it the answer after the
        time is True, for nobody can know.
        """
        if not self._may_idle():
            return not stop.wait(seconds)
        with self._step("waiting for news") as client:
            if client.wire.announced():
                return True
            client.idle()
            heard = _listen(client, min(seconds, LONGEST_IDLE), stop)
            client.wire.allow()
            heard = _arrivals(client.idle_done()[1]) or heard
            if heard or stop.is_set():
                return heard
            # Some servers tell what came during IDLE only now; and it shows that the line is alive.
            return _arrivals(client.noop()[1])

    def _may_idle(self) -> bool:
        with self._step("asking for capabilities") as client:
            return self.config.idle and bool(client.has_capability("IDLE"))

    def close(self) -> None:
        """Says goodbye if the server still listens; never raises."""
        client = self._client
        if client is not None:
            client.wire.allow(2.0)
            with suppress(OSError, IMAPClientError):  # what matters has been done by now
                client.logout()
        self._drop()

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.wire.shutdown()

    def _select_inbox(self) -> int:
        with self._step("selecting the inbox") as client:
            found = client.select_folder(self.config.inbox)
            self.uidvalidity = _whole_number(found.get(b"UIDVALIDITY"))
            return _whole_number(found.get(b"EXISTS"))

    @contextmanager
    def _step(self, doing: str, size: int = 0) -> Iterator[Session]:
        """One step with one deadline; whatever goes wrong in it closes the connection and is told in one line."""
        client = self._client
        if client is None:
            raise MailboxError(f"mailbox {self.name}: not connected")
        client.wire.allow(size=size)
        try:
            yield client
        except (MailboxError, OSError, IMAPClientError, ValueError) as error:
            self._drop()
            why = explain(error, doing, self.config.timeout_seconds)
            raise MailboxError(f"mailbox {self.name}: {why}", permanent=why.permanent) from None


def _listen(client: Session, seconds: float, stop: Stop) -> bool:
    """Whether the server announces something within the time; returns soon after `stop` is set."""
    until = time.monotonic() + seconds
    while not stop.is_set() and (left := until - time.monotonic()) > 0:
        line = client.wire.hear(min(left, LOOK_UP))
        if line is None:
            continue
        words = line.split()
        if len(words) > 1 and words[1].upper() == b"BYE":
            raise client.wire.abort("BYE")
        if len(words) > 2 and words[2].upper() == b"EXISTS":
            return True
    return False


def _arrivals(responses: Sequence[Any]) -> bool:
    return any(isinstance(said, tuple) and len(said) > 1 and said[1] == b"EXISTS" for said in responses)


def _lines(uids: list[int]) -> Iterator[list[int]]:
    """As many UIDs as fit into one command line of 8,192 bytes (RFC 7162, section 4)."""
    for start in range(0, len(uids), 500):
        yield uids[start : start + 500]


def _whole_number(told: object) -> int:
    if not isinstance(told, int):
        raise ProtocolError("a number is missing that every server tells")
    return told
