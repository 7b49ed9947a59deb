"""Memory of mining is bounded where wide baskets of a wide range share nearly nothing."""

import tracemalloc

import numpy as np
import pytest

from recommend.baskets import as_table
from recommend.pairs import find_pairs

MB = 1_000_000


def test_what_was_met_once_is_counted_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = np.random.default_rng(1)
    names = [f"thing{number}" for number in range(8_000)]
    table = as_table([[names[place] for place in drawn.choice(8_000, 150, replace=False)] for _ in range(400)])
    monkeypatch.setattr("recommend.pairs.AT_ONCE", 100_000)
    tracemalloc.start()
    try:
        pairs = find_pairs(table, 10, 0.01)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # 8.4 million pairs are met, nearly each of them once: 8 bytes each, and as many again while they are put together.
    assert peak < 50 * MB
    assert (pairs.counts.data >= 2).all()
    assert pairs.counts.nnz > 100_000
