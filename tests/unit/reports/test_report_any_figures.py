"""Whatever the figures are, they can be told: in words, in tables, and as what a plot is drawn from."""

import io
import re
from dataclasses import replace

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.config import ShopConfig
from daemon.reports import specimens
from daemon.reports.drawings import drawings
from daemon.reports.mail import Made, carried
from daemon.reports.numbers import Numbers
from daemon.wording import Wording
from store.facts import (
    Against,
    ArmFigures,
    Change,
    Comparison,
    CustomerRank,
    FinanceFigures,
    Margin,
    MarketingFigures,
    OffersFollowed,
    OfferTotals,
    Point,
    ProductRank,
    Reconciliation,
    Restatement,
    Sales,
    Tally,
    Totals,
    Week,
)
from tests.unit.reports.report_made import mail_of, run_of

SHOPS = [
    ShopConfig(timezone="America/Denver"),
    ShopConfig(timezone="Asia/Kathmandu", currency="EUR", locale="de_DE"),
    ShopConfig(timezone="Asia/Kolkata", currency="INR", locale="en_IN"),
]
WORDINGS = {shop.locale: Wording(shop) for shop in SHOPS}
COUNT = st.integers(0, 10**7)
CENTS = st.integers(-(10**13), 10**13)
SHARE = st.floats(-1, 1)
TALLY = st.builds(Tally, COUNT, CENTS)
MARGIN = st.builds(Margin, COUNT, COUNT, st.integers(0, 10**13), CENTS) | st.just(Margin())
SALES = st.builds(Sales, COUNT, TALLY, TALLY, MARGIN)
# A mean of at most four whole numbers.
CHANGE = st.builds(Change, CENTS, st.integers(0, 4 * 10**13).map(lambda sum_of_four: sum_of_four / 4))
# What a catalogue holds: a name on one line.
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=90).filter(
    # What must not come of a gap in the figures may stand in a name.
    lambda text: "None" not in text and "Undefined" not in text
)


PERIODS = [specimens.CALENDAR.before(specimens.DENVER_WEEK, back) for back in range(1, 60)][::-1]
PERIODS += [specimens.DENVER_WEEK]


def finance_of(
    shown: list[Sales], compared: list[Comparison], balance: Reconciliation, restated: list[Restatement], points: int
) -> FinanceFigures:
    """Those sales in the last weeks, the same again and again for as many points."""
    periods = PERIODS[-len(shown) :]
    tallies = [shown[place % len(shown)].ordered for place in range(points)]
    return FinanceFigures(
        period=specimens.DENVER_WEEK,
        weeks=tuple(Week(period, sales) for period, sales in zip(periods, shown, strict=True)),
        year_before=None,
        comparisons=tuple(compared),
        reconciliation=balance,
        restated=tuple(restated),
        weekly=tuple(
            Point(period.first_day, tally.orders, tally.cents)
            for period, tally in zip(PERIODS[len(PERIODS) - points :], tallies, strict=True)
        ),
        daily=(),
    )


KEYS = st.sampled_from([period.key for period in PERIODS[-13:]])
COMPARED = st.builds(Comparison, st.sampled_from(Against), st.tuples(KEYS), CHANGE, CHANGE, CHANGE)
FINANCE = st.builds(
    finance_of,
    st.lists(SALES, min_size=1, max_size=3) | SALES.map(lambda sales: [sales] * 60),
    st.lists(COMPARED, max_size=2),
    st.builds(Reconciliation, TALLY, TALLY, TALLY, TALLY, CENTS),
    st.lists(st.builds(Restatement, st.none() | KEYS, CENTS, TALLY, TALLY, CENTS), max_size=2),
    st.integers(1, 26),
)
TOTALS = st.builds(Totals, COUNT, COUNT, COUNT, CENTS)
RANK = st.integers(1, 10**6)
PRODUCT = st.builds(ProductRank, RANK, TEXT, TEXT, COUNT, CENTS, st.none() | RANK, COUNT, CENTS)
CUSTOMER = st.builds(CustomerRank, RANK, st.just("5f" * 32), st.just("C-7K3F9Q"), COUNT, CENTS, st.none() | RANK, CENTS)
ARM = st.builds(ArmFigures, COUNT, COUNT, CENTS)
LIFT = st.tuples(SHARE, SHARE, SHARE) | st.just((None, None, None))
FOLLOWED = st.builds(
    lambda days, words, offered, held_out, lift: OffersFollowed(days, words, offered, held_out, *lift),
    st.floats(0.5, 365),
    TEXT,
    ARM,
    ARM,
    LIFT,
)
OFFERS = st.builds(OfferTotals, COUNT, COUNT, COUNT, st.none() | FOLLOWED)
MARKETING = st.builds(
    MarketingFigures,
    st.just(specimens.DENVER_WEEK),
    st.just(specimens.CALENDAR.before(specimens.DENVER_WEEK)),
    TOTALS,
    TOTALS,
    st.lists(PRODUCT, max_size=5).map(tuple),
    st.lists(CUSTOMER, max_size=5).map(tuple),
    st.none() | OFFERS,
)


@given(figures=FINANCE | MARKETING, shop=st.sampled_from(SHOPS), cleared=st.booleans(), late=st.booleans())
@settings(deadline=None, max_examples=50)
def test_any_figures_can_be_told(
    figures: FinanceFigures | MarketingFigures, shop: ShopConfig, cleared: bool, late: bool
) -> None:
    emails = {"5f" * 32: "somebody.with.rather.a.long.name@mail.customer.example"} if cleared else None
    run = run_of(figures, late=late)
    all_of_it = carried([Made(run, figures)], shop, emails=emails)
    told = WORDINGS[shop.locale].word(mail_of(run), None, None, all_of_it)
    assert all(len(line) <= 72 for line in told.text.splitlines())
    assert "\n" not in told.subject
    assert "Undefined" not in told.text + told.html
    assert not re.search(r"\bNone\b(?! of | were)", " ".join(told.text.split()))
    book = openpyxl.load_workbook(io.BytesIO(all_of_it.files[1].content))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@given(figures=FINANCE, shop=st.sampled_from(SHOPS))
@settings(deadline=None, max_examples=30)
def test_any_figures_make_plots_whose_numbers_are_theirs(figures: FinanceFigures, shop: ShopConfig) -> None:
    orders, dollars = drawings(figures, Numbers(shop), shop.locale)
    assert [point.value for point in orders.weeks] == [point.orders for point in figures.weekly]
    assert [point.value for point in dollars.weeks] == [point.cents for point in figures.weekly]
    assert orders.title
    assert dollars.currency == shop.currency
    nothing = replace(figures, weekly=(), daily=())
    assert [one.weeks for one in drawings(nothing, Numbers(shop), shop.locale)] == [(), ()]
