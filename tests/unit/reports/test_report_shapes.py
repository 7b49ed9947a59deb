"""Aliases that lead back to nobody, figures that survive being kept, and what a change is a change of."""

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.reports import specimens
from daemon.reports.aliases import LETTERS, aliases
from store.facts import Change, FinanceFigures, Margin, MarketingFigures, Sales, Span, Tally
from store.facts.snapshots import told, untold

HASHES = st.integers(0, 10**9).map(lambda number: hashlib.sha256(str(number).encode()).hexdigest())


@settings(max_examples=200)
@given(st.sets(HASHES, max_size=60), st.sets(HASHES, max_size=60))
def test_an_alias_is_the_same_in_every_report_and_nobody_elses_in_its_own(some: set[str], others: set[str]) -> None:
    first, second = aliases(some), aliases(some | others)
    assert len(set(second.values())) == len(second)
    # Where two begin alike both are longer; then the shorter name is the beginning of the longer one.
    assert all(second[one].startswith(first[one]) or first[one].startswith(second[one]) for one in some)
    assert all(set(name[2:]) <= set(LETTERS) and name.startswith("C-") for name in second.values())


def test_two_that_begin_alike_are_told_apart() -> None:
    found: dict[str, str] = {}
    for number in range(100_000):
        hashed = hashlib.sha256(str(number).encode()).hexdigest()
        name = aliases([hashed])[hashed]
        if name in found:
            break
        found[name] = hashed
    both = aliases([found[name], hashed])
    assert len(set(both.values())) == 2
    assert all(one.startswith(name) and len(one) > len(name) for one in both.values())


def test_an_alias_says_nothing_of_the_hash() -> None:
    hashed = "5f" * 32
    (alias,) = aliases([hashed]).values()
    assert alias[2:].lower() not in hashed


@pytest.mark.parametrize("span", Span)
def test_figures_are_the_same_after_being_kept(span: Span) -> None:
    for figures in (specimens.finance(), specimens.finance_without_orders()):
        assert untold(FinanceFigures, json.loads(json.dumps(told(figures)))) == figures
    for best in (specimens.marketing(span), specimens.marketing_without_orders()):
        assert untold(MarketingFigures, json.loads(json.dumps(told(best)))) == best


def test_figures_kept_before_a_field_was_thought_of_have_its_default() -> None:
    kept = told(specimens.marketing())
    del kept["offers"]
    assert untold(MarketingFigures, kept).offers is None


def test_a_share_of_nothing_is_none() -> None:
    assert (Change(5, 0).share, Change(5, 4).share, Change(5, 4.25).difference) == (None, 0.25, 0.75)
    assert (Margin().rate, Margin().known) == (None, None)
    margin = Margin(lines=4, known_lines=3, cents=1000, cost=400)
    assert (margin.gross, margin.rate, margin.known) == (600, 0.6, 0.75)
    assert Sales(1, Tally(3, 500), Tally(1, 200)).net == Tally(2, 300)
