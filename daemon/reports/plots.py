"""The plots of a report, drawn in a short-lived process of its own: the daemon never loads matplotlib."""

import base64
import binascii
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from daemon.reports.process import environment

SECONDS = 60.0
"""Drawing takes two; the first time on a machine matplotlib looks at every font there is."""
LONGEST_REASON = 200


class PlotError(Exception):
    """The plots could not be drawn; the message says why, in one line."""


@dataclass(frozen=True, slots=True)
class Point:
    """A week of the curve: its first day and its value, in pieces or in cents."""

    first_day: date
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """One plot: weekly points, the last of them the week reported, with the daily line behind.

    `currency` is None for a count; else values are cents of it. `when_empty` stands in an empty frame.
    """

    name: str
    title: str
    weeks: tuple[Point, ...]
    days: tuple[tuple[date, int], ...]
    locale: str
    currency: str | None = None
    when_empty: str = ""


def draw(drawings: Sequence[Drawing], seconds: float = SECONDS, program: Sequence[str] = ()) -> list[bytes]:
    """Each drawing as a PNG, the same bytes for the same drawing. Raises PlotError after `seconds` or any mishap.

    `program` is what draws, by default this Python; it gets no secret of ours in its environment.
    """
    command = program or (sys.executable, "-P", "-m", "daemon.reports.drawing")
    told = json.dumps([asdict(drawing) for drawing in drawings], default=date.isoformat).encode()
    try:
        done = subprocess.run(  # noqa: S603
            command, input=told, capture_output=True, timeout=seconds, check=True, env=environment()
        )
        drawn = [base64.b64decode(picture, validate=True) for picture in json.loads(done.stdout)]
    except subprocess.TimeoutExpired:
        raise PlotError(f"drawing took more than {seconds:g} seconds") from None
    except subprocess.CalledProcessError as error:
        raise PlotError(f"drawing ended with {error.returncode}: {last_line(error.stderr)}") from None
    except (OSError, ValueError, TypeError, binascii.Error) as error:
        raise PlotError(f"drawing did not work: {type(error).__name__}") from None
    if len(drawn) != len(drawings):
        raise PlotError(f"{len(drawn)} plots were drawn instead of {len(drawings)}")
    return drawn


def last_line(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:LONGEST_REASON] if lines else "it said nothing"
