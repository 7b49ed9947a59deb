"""Due rows of the outbox become mail: the only place where a fact is sent."""

from daemon.dispatch.dispatch import Dispatch, Sent

__all__ = ["Dispatch", "Sent"]
