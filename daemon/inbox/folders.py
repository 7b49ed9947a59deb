"""The folders by outcome: their names on this server, making them, and moving letters into them."""

from collections.abc import Iterable, Iterator, Sequence

from imapclient.exceptions import IMAPClientError

from daemon.inbox.errors import MailboxError
from daemon.inbox.wire import Session
from daemon.remote import told
from store.facts import Outcome

FOLDERS = {
    Outcome.DONE: "Done",
    Outcome.REFUSED: "Refused",
    Outcome.FAILED: "Failed",
    Outcome.PERSON: "For-a-person",
    Outcome.IGNORED: "Ignored",
    Outcome.HELD: "Held",
}
# RFC 7162, section 4: a command line should not be longer than 8,192 bytes.
LONGEST_SET = 7_000


def under_prefix(client: Session, prefix: str) -> str:
    """What to put before a folder's name here: the personal namespace, then `prefix` ("/" divides it into levels)."""
    namespace, separator = _personal_namespace(client)
    levels = [level for level in prefix.split("/") if level]
    inside = "".join(level + separator for level in levels)
    return inside if namespace and inside.startswith(namespace) else namespace + inside


def _personal_namespace(client: Session) -> tuple[str, str]:
    """Its prefix and the sign between levels; a flat server gets "-" between them."""
    if client.has_capability("NAMESPACE"):
        personal = client.namespace().personal
        if personal:
            return personal[0][0], personal[0][1] or "-"
    listed = client.list_folders("", "")
    sign = listed[0][1] if listed else None
    return "", sign.decode("ascii") if sign else "-"


def make_missing(client: Session, names: Iterable[str], below: str) -> None:
    """Makes and subscribes the folders that do not exist yet; a permanent MailboxError when the server will not."""
    there = _existing(client, below)
    for name in names:
        if name in there:
            continue
        try:
            client.create_folder(name)
        except IMAPClientError as error:
            if name not in _existing(client, below):  # else another daemon was quicker
                raise MailboxError(f"folder {name} cannot be made: {told(str(error))}", permanent=True) from None
        client.subscribe_folder(name)


def _existing(client: Session, below: str) -> set[str]:
    return {name for flags, _, name in client.list_folders("", below + "%") if b"\\NonExistent" not in flags}


def move(client: Session, uids: Iterable[int], folder: str) -> None:
    """Moves letters of the selected folder; those that are gone already are no matter.

    Without MOVE (RFC 6851): COPY, \\Deleted, and UID EXPUNGE (RFC 4315). Without UIDPLUS either, EXPUNGE only when
    nothing else is marked \\Deleted; otherwise the letters stay marked, which counts as gone (see
    `Mailbox.waiting`). Killed between COPY and \\Deleted, a letter is copied twice: it is recognised when it
    is read again, and only its second copy remains to be seen.
    """
    for chosen in sets(sorted(set(uids))):
        if client.has_capability("MOVE"):
            client.move(chosen, folder)
            continue
        client.copy(chosen, folder)
        client.add_flags(chosen, [b"\\Deleted"], silent=True)
        expunge(client, chosen)


def expunge(client: Session, chosen: str) -> None:
    """Removes these, all marked \\Deleted; without UIDPLUS only when nothing else is marked."""
    if client.has_capability("UIDPLUS"):
        client.uid_expunge(chosen)
    elif not client.search(["DELETED", "NOT", "UID", chosen]):
        client.expunge()


def sets(uids: Sequence[int]) -> Iterator[str]:
    """Ascending UIDs as sequence sets (RFC 3501: "1:4,9"), each short enough for one command line."""
    line = ""
    for first, last in _ranges(uids):
        part = str(first) if first == last else f"{first}:{last}"
        if line and len(line) + len(part) >= LONGEST_SET:
            yield line
            line = ""
        line += f",{part}" if line else part
    if line:
        yield line


def _ranges(uids: Sequence[int]) -> Iterator[tuple[int, int]]:
    if not uids:
        return
    first = last = uids[0]
    for uid in uids[1:]:
        if uid != last + 1:
            yield first, last
            first = uid
        last = uid
    yield first, last
