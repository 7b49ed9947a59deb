"""`python -m bench`: the whole path against its floors, on servers of its own; needs Dovecot and a few minutes."""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench import asking, floors, imports, latency, path, reports, simulation
from bench.goods import catalogue
from bench.opened import Spent
from bench.premises import BenchError
from bench.sink import Sink
from bench.telling import Figures, Round, as_text
from bench.yardstick import yardstick
from tests.servers.dovecot import Dovecot, DovecotMissing

MEMORY = Path("/dev/shm")
ROOM_BYTES = 500_000_000


def measure(street: path.Street, sizes: Sequence[int], staged: int, rounds: int, dropped: int) -> Figures:
    before = yardstick()
    say("opening and closing")
    idle = path.run_empty(street)
    wholes = []
    for size in sizes:
        say(f"{size:,} letters waiting")
        wholes.append(path.run_whole(street, size, idle, f"shop-{size}"))
    told = [measure_round(street, staged, idle, number) for number in range(rounds)]
    after = yardstick()
    latencies = measure_latencies(street, dropped) if dropped else {}
    return Figures((before + after) / 2, idle, wholes, told, latencies)


def measure_round(street: path.Street, count: int, idle: Spent, number: int) -> Round:
    say(f"{count:,} letters, by stage")
    watched, stages = path.run_watched(street, count, idle, f"watched-{number}")
    say(f"{count:,} letters, each stage alone")
    return Round(watched, stages, floors.measure_floors(street, count, f"floors-{number}"))


def measure_latencies(street: path.Street, count: int) -> dict[str, latency.Latency]:
    say(f"{count} letters, one at a time")
    return {"Dovecot": latency.on_dovecot(street, count), "pymap": latency.on_pymap(street, count)}


def say(doing: str) -> None:
    print(doing, "...", file=sys.stderr, flush=True)


def served() -> Dovecot:
    """Its letters lie in memory where there is room, or its waiting for the disk would hide the daemon's own."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    return Dovecot(beneath=str(MEMORY) if roomy else None)


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 5_000, 20_000], help="how many letters wait")
    parser.add_argument("--staged", type=int, default=5_000, help="letters for the figures by stage")
    parser.add_argument("--rounds", type=int, default=3, help="how often these are measured; medians are told")
    parser.add_argument("--latency", type=int, default=40, help="letters dropped one at a time; 0: none")
    parser.add_argument("--json", action="store_true", help="for a program")
    return parser.parse_args()


def main() -> int:
    told = asked()
    room = max(*told.sizes, told.staged, told.latency + 1, 1)
    try:
        with tempfile.TemporaryDirectory(prefix="mailorder-bench-") as folder, served() as dovecot, Sink(room) as sink:
            street = path.Street(dovecot, sink, catalogue(), Path(folder))
            figures = measure(street, told.sizes, told.staged, told.rounds, told.latency)
            say("a simulation")
            simulated = simulation.measure(Path(folder))
            say("imports")
            imported = imports.measure(Path(folder))
            say("answers to questions")
            answered = asking.measure(Path(folder))
            say("reports over a million orders")
            reported = reports.measure(Path(folder))
    except (BenchError, DovecotMissing) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    in_json = asdict(figures) | {"simulation": asdict(simulated), "imports": [asdict(one) for one in imported]}
    in_json["asking"] = [asdict(one) for one in answered]
    in_json["reports"] = [asdict(one) for one in reported]
    in_words = "\n\n".join(
        [as_text(figures), "\n".join(map(str, [simulated, *imported, *reported])), asking.as_text(answered)]
    )
    print(json.dumps(in_json, indent=1) if told.json else in_words)
    return 0


if __name__ == "__main__":
    sys.exit(main())
