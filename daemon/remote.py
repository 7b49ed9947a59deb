"""What both doors must know of a server: how its certificate is checked and how its words may be repeated."""

import re
import ssl

from daemon.config import Account

LONGEST_REPLY = 200
ADDRESS = re.compile(r"""(?:"[^"]*"|[^\s<>(),;:"]+)@[^\s<>(),;:"']+""")


class CertificateFileError(Exception):
    """The file named by `ca_file` cannot be used; the message names it."""


def tls_context(account: Account) -> ssl.SSLContext:
    """Verifies chain and host name, by `ca_file` when it is given, else by the system's authorities.

    Raises CertificateFileError.
    """
    try:
        return ssl.create_default_context(cafile=account.ca_file)
    except OSError as error:
        reason = error.strerror or "holds no certificate"
        raise CertificateFileError(f"ca_file {account.ca_file}: {reason}") from None


def told(reply: str | bytes) -> str:
    """A server's words for our logs: one line, at most 200 characters, without addresses."""
    text = (reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply)[:4000]
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    line = " ".join(text.split())
    if "@" in line:
        line = ADDRESS.sub("[address]", line)
    return line if len(line) <= LONGEST_REPLY else line[: LONGEST_REPLY - 1] + "…"
