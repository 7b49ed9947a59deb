"""Letters to requests: a small explicit grammar that asks back when in doubt."""

from daemon.request.read import read
from daemon.request.stopping import says_stop

__all__ = ["read", "says_stop"]
