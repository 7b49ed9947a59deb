"""The marketing report as its templates tell it: products, customers under their alias, offers."""

from collections.abc import Mapping

from daemon.reports.numbers import Numbers
from store.facts import (
    JSON,
    ArmFigures,
    Change,
    CustomerRank,
    MarketingFigures,
    OffersFollowed,
    OfferTotals,
    ProductRank,
    Totals,
)


def marketing_told(figures: MarketingFigures, numbers: Numbers, emails: Mapping[str, str] | None = None) -> JSON:
    """What templates/report_marketing reads besides what every report tells.

    `emails` by hash take the place of aliases, for those who are cleared for them; a person who was erased since keeps
    the alias.
    """
    now, before = figures.totals, figures.totals_before
    return {
        "empty": figures.is_empty,
        "before": figures.before.name,
        "totals": totals_told(now, numbers),
        "changes": {
            "customers": numbers.changed(Change(now.customers, before.customers)),
            "orders": numbers.changed(Change(now.orders, before.orders)),
            "units": numbers.changed(Change(now.units, before.units)),
            "money": numbers.changed(Change(now.cents, before.cents), money=True),
        },
        "products": [product_told(one, numbers) for one in figures.products],
        "customers": [customer_told(one, emails or {}, numbers) for one in figures.customers],
        "offers": offers_told(figures.offers, numbers) if figures.offers else None,
        "with_addresses": emails is not None,
    }


def totals_told(totals: Totals, numbers: Numbers) -> JSON:
    return {
        "customers": numbers.count(totals.customers),
        "orders": numbers.count(totals.orders),
        "units": numbers.count(totals.units),
        "money": numbers.money(totals.cents),
        "one_order": totals.orders == 1,
    }


def product_told(one: ProductRank, numbers: Numbers) -> JSON:
    return {
        "rank": str(one.rank),
        "product_id": one.product_id,
        "name": one.name or one.product_id,
        "units": numbers.count(one.units),
        "money": numbers.money(one.cents),
        "moved": moved(one.rank, one.rank_before),
        "units_change": numbers.more(one.units - one.units_before),
        "money_change": numbers.more_money(one.cents - one.cents_before),
    }


def customer_told(one: CustomerRank, emails: Mapping[str, str], numbers: Numbers) -> JSON:
    return {
        "rank": str(one.rank),
        "name": emails.get(one.hashed_email, one.alias),
        "orders": numbers.count(one.orders),
        "money": numbers.money(one.cents),
        "moved": moved(one.rank, one.rank_before),
        "money_change": numbers.more_money(one.cents - one.cents_before),
    }


def moved(rank: int, before: int | None) -> str:
    """The movement against the period before, in a word or a sign with its number."""
    if before is None:
        return "new"
    if before == rank:
        return "same"
    return f"up {before - rank}" if before > rank else f"down {rank - before}"


def offers_told(offers: OfferTotals, numbers: Numbers) -> JSON:
    return {
        "made": numbers.count(offers.made),
        "sent": numbers.count(offers.sent),
        "held_out": numbers.count(offers.held_out),
        "any": any((offers.made, offers.sent, offers.held_out)),
        "followed": followed_told(offers.followed, numbers) if offers.followed else None,
    }


def followed_told(followed: OffersFollowed, numbers: Numbers) -> JSON:
    low, high = followed.low, followed.high
    return {
        "words": followed.words,
        "days": numbers.mean(followed.days),
        "offered": arm_told(followed.offered, numbers),
        "held_out": arm_told(followed.held_out, numbers),
        "lift": points(followed.lift, numbers),
        "low": points(low, numbers),
        "high": points(high, numbers),
        "certain": low is not None and high is not None and (low > 0 or high < 0),
    }


def arm_told(arm: ArmFigures, numbers: Numbers) -> JSON:
    """Its share is of all that were drawn: what stopped some offers would have stopped some held out, too."""
    return {
        "orders": numbers.count(arm.orders),
        "converted": numbers.count(arm.converted),
        "rate": numbers.share(arm.share),
        "money": numbers.money(arm.cents),
    }


def points(share: float | None, numbers: Numbers) -> str | None:
    """A difference of two shares, in percentage points."""
    return None if share is None else numbers.change(share).removesuffix(" %")
