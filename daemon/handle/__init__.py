"""Letters to facts: the only place where a decision is written down."""

from daemon.handle.handle import Handled, handle
from daemon.handle.prepare import Desk

__all__ = ["Desk", "Handled", "handle"]
