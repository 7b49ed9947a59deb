"""Memory of mining is bounded where wide baskets of a wide range share nearly nothing."""

import tracemalloc

import numpy as np
import pytest

from recommend.baskets import as_table
from recommend.pairs import find_pairs
from tests.unit.recommend.test_mining import market

MB = 1_000_000


def test_counts_for_which_there_is_no_room_are_counted_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = np.random.default_rng(1)
    names = [f"thing{number}" for number in range(8_000)]
    table = as_table([[names[place] for place in drawn.choice(8_000, 150, replace=False)] for _ in range(400)])
    monkeypatch.setattr("recommend.pairs.AT_ONCE", 100_000)
    monkeypatch.setattr("recommend.pairs.ROOM", 1_000_000)
    tracemalloc.start()
    try:
        pairs = find_pairs(table, 10, 0.01)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # 8.4 million pairs are met, nearly each of them once: 8 bytes each, and as many again while they are put together.
    assert peak < 50 * MB
    assert 100_000 < pairs.counts.nnz < 1_000_000
    assert (pairs.counts.diagonal() == table.held()).all()


def test_the_rarest_pairs_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    table = as_table(market())
    whole = (table.ones.T @ table.ones).toarray()
    often = int((whole >= 15).sum())
    monkeypatch.setattr("recommend.pairs.AT_ONCE", 40)
    monkeypatch.setattr("recommend.pairs.ROOM", often)
    kept = find_pairs(table, 1_000, 0.01).counts.toarray()
    assert kept.any(axis=1).all()
    assert (kept[whole >= 15] == whole[whole >= 15]).all()
    assert not kept[whole < 15].any()
