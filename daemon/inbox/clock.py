"""The mail server's clock, by which letters arrive."""

import secrets
from datetime import datetime

from daemon.inbox.arrived import arrival
from daemon.inbox.errors import MailboxError
from daemon.inbox.folders import expunge
from daemon.inbox.wire import Session


def time_of(client: Session, folder: str) -> datetime:
    """What time the server says it is, to the second; selects the folder.

    IMAP has no command that tells the time. So a note is put into the folder, already marked as deleted, for the
    INTERNALDATE that the server gives it (RFC 9051 section 6.3.12), and is removed again.
    """
    token = f"{secrets.token_hex(16)}@clock.invalid"
    note = f"Message-ID: <{token}>\r\nSubject: What time is it?\r\n\r\n"
    client.append(folder, note.encode(), [b"\\Seen", b"\\Deleted"])
    client.select_folder(folder)
    uids = client.search(["HEADER", "Message-ID", token])
    if not uids:
        raise MailboxError("a note put into a folder is not to be found there", permanent=True)
    told = client.fetch(uids, ["INTERNALDATE"])
    expunge(client, ",".join(map(str, uids)))
    return arrival(told[uids[0]])
