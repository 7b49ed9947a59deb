"""The figures as a table for people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.latency import Latency
from bench.opened import Spent
from bench.path import Whole
from bench.watched import STAGES

LESS = "-"


@dataclass(frozen=True, slots=True)
class Round:
    """The daemon and its stages alone, one right after the other: milliseconds an order by stage."""

    whole: Whole
    stages: dict[str, float]
    floors: dict[str, float]

    @property
    def ratio(self) -> float:
        """The daemon's processor time as a multiple of the sum of its stages alone."""
        return self.whole.cpu_order / sum(self.floors.values())


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a run of the bench found.

    `yardstick` is what the standard library took for a mail before and after, so that runs can be compared.
    """

    yardstick: float
    idle: Spent
    wholes: list[Whole]
    rounds: list[Round]
    latencies: dict[str, Latency]

    @property
    def stages(self) -> dict[str, float]:
        return medians([one.stages for one in self.rounds])

    @property
    def floors(self) -> dict[str, float]:
        return medians([one.floors for one in self.rounds])


def medians(told: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {stage: median(one[stage] for one in told) for stage in told[0]}


def table(rows: Iterable[tuple[str, ...]]) -> str:
    """Columns aligned, the first to the left, figures to the right."""
    told = list(rows)
    widths = [max(len(row[column]) for row in told) for column in range(len(told[0]))]
    return "\n".join(
        "  ".join(cell.rjust(width) if column else cell.ljust(width) for column, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(row, widths, strict=True)) for row in told)
    )


def as_text(figures: Figures) -> str:
    return "\n\n".join(
        (
            yardstick_line(figures),
            whole_table(figures),
            stage_table(figures.stages, figures.floors),
            ratio_line(figures),
            latency_table(figures.latencies),
        )
    )


def yardstick_line(figures: Figures) -> str:
    return f"yardstick: EmailMessage builds a mail in {figures.yardstick:.2f} ms CPU here and now"


def whole_table(figures: Figures) -> str:
    head = ("letters waiting", "orders/s", "wall s", "CPU ms an order", "peak MB", "desk + delivery")
    rows = [
        (f"{one.orders:,}", f"{one.rate:.0f}", f"{one.wall:.2f}", f"{one.cpu_order:.2f}", *memory(one))
        for one in figures.wholes
    ]
    idle, told = figures.idle, " MB, ".join(memory(figures.idle))
    note = f"opening and closing alone: {idle.cpu:.2f} s CPU (not counted above), {told}"
    return f"{table([head, *rows])}\n{note}"


def memory(one: Spent | Whole) -> tuple[str, str]:
    """Of all processes with each page counted once; and of each by itself."""
    return f"{one.peak_mb:.0f}", " + ".join(f"{peak:.0f}" for peak in one.peaks_mb)


def stage_table(stages: Mapping[str, float], floors: Mapping[str, float]) -> str:
    rows = [("CPU ms an order", "in the daemon", "alone")]
    for stage in (*STAGES, "rest"):
        rows.append((stage, f"{stages[stage]:.3f}", f"{floors[stage]:.3f}" if stage in floors else LESS))
    rows.append(("sum", f"{sum(stages.values()):.3f}", f"{sum(floors.values()):.3f}"))
    return table(rows)


def ratio_line(figures: Figures) -> str:
    ratios = sorted(one.ratio for one in figures.rounds)
    middle = f"{median(ratios):.2f} times the sum of its stages alone"
    return f"the daemon's CPU is {middle} (from {ratios[0]:.2f} to {ratios[-1]:.2f} in {len(ratios)} rounds)"


def latency_table(latencies: Mapping[str, Latency]) -> str:
    rows = [("announced to accepted", "median ms", "p95 ms", "server's own ms")]
    for server, one in latencies.items():
        rows.append((f"{server}, {one.letters} letters", f"{one.median:.1f}", f"{one.p95:.1f}", f"{one.announced:.0f}"))
    return table(rows)
