"""Letters to requests: a small explicit grammar that asks back when in doubt."""

from daemon.request.read import read

__all__ = ["read"]
