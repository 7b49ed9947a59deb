"""A whole simulation: purchases made into letters, the days played, the books stated and proved."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from daemon.service.house import Watcher
from daemon.simulator.books import read_books
from daemon.simulator.days import Act, plan
from daemon.simulator.play import Play, opened, play_day
from daemon.simulator.proof import Claim, Evidence, fingerprint, prove
from daemon.simulator.purchases import Purchase
from daemon.simulator.statement import Statement, state
from store.facts import Product


@dataclass(frozen=True, slots=True)
class Script:
    """What is to be played: `goods` by product key, `days` in turn, `seed` of what goes wrong (None: nothing)."""

    purchases: Sequence[Purchase]
    goods: Mapping[str, Product]
    days: Sequence[date]
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it; `days` are those that were played, fewer than asked for when it was stopped."""

    days: Sequence[date]
    statement: Statement
    claims: Sequence[Claim]
    fingerprint: str

    @property
    def ok(self) -> bool:
        return not any(claim.differences for claim in self.claims)


def simulate(
    script: Script,
    folder: Path,
    keep: bool,
    watcher: Watcher,
    day_over: Callable[[int], None],
    stop: threading.Event,
) -> Result:
    """Play the days in `folder`, which must be empty; with `keep` every letter and mail is written there, too.

    Has to run in the main thread, where the desk stands. After each day `day_over` is told how many are; when `stop`
    is set the day in hand is finished.
    """
    acts = plan(script.purchases, script.seed, script.goods.keys())
    by_day = {day: list(found) for day, found in groupby(acts, lambda act: act.at.date())}
    played = []
    with opened(folder, script.goods, acts, script.days[0], watcher, keep) as play:
        for day in script.days:
            if stop.is_set():
                break
            play_day(play, day, by_day.get(day, []))
            played.append(day)
            day_over(len(played))
        return result(play, acts, played)


def result(play: Play, acts: Sequence[Act], played: Sequence[date]) -> Result:
    books = read_books(play)
    customers = {act.key: act.customer.email for act in acts}
    postbox = play.postbox
    evidence = Evidence(play.clerk.account(), books, postbox.received, postbox.copies, customers)
    return Result(played, state(books.account, played), prove(evidence, played), fingerprint(books.account))
