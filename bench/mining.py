"""Mining a year of real orders beside plain mlxtend, and suggestions at 100,000 rules; `python -m bench.mining`."""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.opened import LOOK_SECONDS, told_mb
from bench.premises import BenchError

DATA = Path(os.environ.get("MAILORDER_BASKETS", Path(__file__).parents[2] / "shared/data/baskets"))
FILE = "online_retail.csv.gz"
RULES = 100_000
PRODUCTS = 4_000
ASKED = 2_000
SECONDS = 600.0
PLAIN_SECONDS = 120.0
SEED = 1

OURS = """
import json, sys, time
from pathlib import Path
from daemon.importing.baskets import read_baskets
baskets = [one.product_ids for one in read_baskets(Path(sys.argv[1]))]
print("read", flush=True)
began, worked = time.perf_counter(), time.process_time()
from recommend.mine import mine
mined = mine(baskets)
spent = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - worked}
found = spent | {"baskets": mined.baskets, "products": len(mined.popular)}
found |= {"rules": len(mined.rules), "pairs": len(mined.pairs)}
least = min(rule.together for rule in (*mined.rules, *mined.pairs) if len(rule.antecedent) == 1)
Path(sys.argv[2]).write_text(json.dumps(found | {"least": least}))
"""

PLAIN = """
import sys
from pathlib import Path
import pandas as pd
from mlxtend.frequent_patterns import association_rules, fpgrowth
from daemon.importing.baskets import read_baskets
from recommend.baskets import as_table
table = as_table(one.product_ids for one in read_baskets(Path(sys.argv[1])))
frame = pd.DataFrame.sparse.from_spmatrix(table.ones.astype(bool), columns=list(table.products))
print("read", flush=True)
found = fpgrowth(frame, min_support=(int(sys.argv[2]) - 0.5) / table.baskets, max_len=2, use_colnames=True)
association_rules(found, metric="lift", min_threshold=1.0)
"""


@dataclass(frozen=True, slots=True)
class Latency:
    """Of the processor, because what else the machine does is not ours; `built` are seconds to arrange a Suggester."""

    built: float
    median_ms: float
    p95_ms: float

    def __str__(self) -> str:
        return (
            f"suggestions at {RULES:,} rules, baskets of 1 to 10: median {self.median_ms:.2f} ms,"
            f" p95 {self.p95_ms:.2f} ms of the processor; arranged once in {self.built:.1f} s"
        )


@dataclass(frozen=True, slots=True)
class Mining:
    """`seconds`, and `cpu` of the processor, without reading the file; `peak_mb` of the whole process.

    `plain` are seconds of mlxtend alone for pairs that meet in `least` baskets, as ours do; None: not finished after
    PLAIN_SECONDS.
    """

    baskets: int
    products: int
    rules: int
    pairs: int
    least: int
    seconds: float
    cpu: float
    peak_mb: float
    plain: float | None
    plain_mb: float
    latency: Latency

    def __str__(self) -> str:
        plain = f"{self.plain:.0f} s" if self.plain is not None else f"not finished after {PLAIN_SECONDS:.0f} s"
        return (
            f"mining of {self.baskets:,} baskets, {self.products:,} products: {self.seconds:.1f} s"
            f" ({self.cpu:.1f} s of the processor), peak {self.peak_mb:.0f} MB,"
            f" {self.rules:,} rules and {self.pairs:,} weaker pairs\n"
            f"  plain mlxtend, pairs alone, at the same {self.least} baskets: {plain}, peak {self.plain_mb:.0f} MB\n"
            f"{self.latency}"
        )


def measure(folder: Path) -> Mining:
    """Each in a process of its own. Raises BenchError when the baskets are not there."""
    file = DATA / FILE
    if not file.exists():
        raise BenchError(f"no {FILE} in {DATA}; mining was not measured")
    told = folder / "mined.json"
    peak, _ = run([sys.executable, "-c", OURS, str(file), str(told)], SECONDS)
    if not told.exists():
        raise BenchError(f"mining {file} did not end well")
    found = json.loads(told.read_text())
    plain_mb, plain = run([sys.executable, "-c", PLAIN, str(file), str(found["least"])], PLAIN_SECONDS)
    return Mining(**found, peak_mb=peak, plain=plain, plain_mb=plain_mb, latency=latencies())


def run(command: list[str], limit: float) -> tuple[float, float | None]:
    """(largest memory in MB, seconds since it had read the file); None: it was stopped at the limit, or failed."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.readline()
        began, peak = time.monotonic(), 0.0
        while process.poll() is None:
            if time.monotonic() - began > limit:
                process.kill()
                return peak, None
            with suppress(OSError, BenchError):  # it is just ending, and has no memory any more
                peak = max(peak, told_mb(process.pid, "status", "VmHWM:"))
            time.sleep(LOOK_SECONDS)
    return peak, time.monotonic() - began if process.returncode == 0 else None


def latencies() -> Latency:
    """Of suggestions for baskets of 1 to 10 products, with RULES rules among products that are sold very unevenly."""
    from recommend.suggest import Popularity, Rule, Suggester

    drawn = random.Random(SEED)
    products = [f"P{number:05}" for number in range(PRODUCTS)]
    sold = [1 / (number + 10) for number in range(PRODUCTS)]
    pairs = set(zip(drawn.choices(products, sold, k=3 * RULES), drawn.choices(products, k=3 * RULES), strict=True))
    rules = [
        Rule((one,), other, 20, 100, 200, 20_000, drawn.random() / 10) for one, other in sorted(pairs) if one != other
    ]
    drawn.shuffle(rules)
    began = time.thread_time()
    suggester = Suggester(rules[:RULES], [], [Popularity(one, 100) for one in products], {})
    built = time.thread_time() - began
    spent = []
    for _ in range(ASKED):
        basket = drawn.choices(products, sold, k=drawn.randint(1, 10))
        began = time.thread_time()
        suggester.suggest(basket)
        spent.append(1_000 * (time.thread_time() - began))
    return Latency(built, statistics.median(spent), statistics.quantiles(spent, n=20)[-1])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="mailorder-bench-") as folder:
        try:
            print(measure(Path(folder)))
        except BenchError as error:
            sys.exit(f"bench: {error}")
