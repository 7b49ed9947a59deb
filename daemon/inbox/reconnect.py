"""How long to stay away from a server that failed."""

LONGEST_PAUSE = 300.0


def pause(attempt: int, jitter: float) -> float:
    """Seconds to wait before connecting again after `attempt` failures in a row (0 is the first).

    Doubles from one second to five minutes. `jitter` in 0..1 takes up to a quarter off, so that many
    clients of a server that comes back do not all knock at once.
    """
    doubled = 2.0 ** min(max(attempt, 0), 20)
    return float(min(doubled, LONGEST_PAUSE) * (1.0 - 0.25 * jitter))
