"""Why a mailbox cannot be read, in one line an operator can act on."""

import re
import socket
import ssl

from imapclient.exceptions import CapabilityError, IMAPClientAbortError, LoginError

from daemon.remote import told

# RFC 5530: the server itself says that it will be well again.
PASSING = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG|OVERQUOTA)\b", re.IGNORECASE)
BYTES = re.compile(r"""b(['"]).*\1""", re.DOTALL)


class MailboxError(Exception):
    """The mailbox cannot be used; `permanent` when trying again is of no use until somebody acts.

    The message is one line without secrets and without addresses. The connection is closed by then.
    """

    def __init__(self, line: str, *, permanent: bool = False) -> None:
        super().__init__(line)
        self.permanent = permanent


def explain(error: Exception, doing: str, seconds: float) -> MailboxError:
    """What went wrong while `doing` something, as the operator should read it."""
    match error:
        case MailboxError():
            return error
        case ssl.SSLCertVerificationError():
            why = f"certificate refused ({told(error.verify_message)})"
            return MailboxError(f"{doing}: {why}; if it is your own, name its authority in ca_file", permanent=True)
        case TimeoutError():
            return MailboxError(f"{doing}: no answer within {seconds:g} s")
        case ssl.SSLError():
            return MailboxError(f"{doing}: TLS failed ({told(error.reason or 'no reason given')})")
        case socket.gaierror():
            return MailboxError(f"{doing}: host name not found")
        case OSError():
            return MailboxError(f"{doing}: {told(error.strerror or type(error).__name__)}")
        case CapabilityError():
            return MailboxError(f"{doing}: {told(str(error))}", permanent=True)
        case IMAPClientAbortError():
            return MailboxError(f"{doing}: connection lost")
        case LoginError():
            return _explain_login(error, doing)
        case _:
            return MailboxError(f"{doing}: {told(plainly(error))}")


def plainly(error: Exception) -> str:
    """The server's words; the library hands on some of them as Python writes bytes."""
    words = str(error)
    return words[2:-1] if BYTES.fullmatch(words) else words


def _explain_login(error: LoginError, doing: str) -> MailboxError:
    # The library makes a LoginError of everything; what it was at first is a connection that broke, or a refusal.
    if isinstance(error.__context__, IMAPClientAbortError):
        return MailboxError(f"{doing}: connection lost")
    reply = told(plainly(error))
    return MailboxError(f"{doing}: refused ({reply})", permanent=not PASSING.search(reply))
