"""The simulator's servers in one place; faults of the relay are chosen by address (`daemon.simulator.faults`)."""

from daemon.simulator.imap_server import ImapServer
from daemon.simulator.smtp_server import Kept, SmtpServer

__all__ = ["ImapServer", "Kept", "SmtpServer"]
