"""Letters to facts: the only place where a decision is written down."""

from daemon.handle.handle import handle
from daemon.handle.known import Handled
from daemon.handle.prepare import Desk

__all__ = ["Desk", "Handled", "handle"]
