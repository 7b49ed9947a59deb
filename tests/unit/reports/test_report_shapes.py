"""Aliases that lead back to nobody, figures that survive being kept, and what a change is a change of."""

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.reports import specimens
from daemon.reports.alias import LETTERS, alias
from store.facts import Change, FinanceFigures, Margin, MarketingFigures, Sales, Span, Tally
from store.facts.snapshots import told, untold

HASHES = st.integers(0, 10**9).map(lambda number: hashlib.sha256(str(number).encode()).hexdigest())


@settings(max_examples=200)
@given(st.sets(HASHES, max_size=60))
def test_an_alias_is_short_the_customers_own_and_copied_without_mistake(some: set[str]) -> None:
    names = {one: alias(one) for one in some}
    assert len(set(names.values())) == len(some)
    assert all(len(name) == 8 and name.startswith("C-") and set(name[2:]) <= set(LETTERS) for name in names.values())
    assert not any(name[2:].lower() in one for one, name in names.items())


def test_an_alias_never_changes() -> None:
    """It stands in reports that were sent long ago."""
    assert alias("5f" * 32) == "C-PY879A"


def test_of_many_customers_hardly_any_share_an_alias() -> None:
    names = {alias(hashlib.sha256(str(number).encode()).hexdigest()) for number in range(20_000)}
    assert len(names) >= 19_999


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
