"""What was told and can no longer be read keeps no other report from being made."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from daemon.config import Config
from daemon.reports.making import UnmadeError, figures_told, make_due
from daemon.reports.process import start
from store import periods
from store.database import Database, History
from store.facts import FinanceFigures, Report, Span

START = datetime(2026, 10, 7, 15, 20, tzinfo=UTC)
WEEK = timedelta(days=7)
TOLD: dict[str, Any] = {
    "shop": {"timezone": "America/Denver"},
    "reports": {
        "marketing": {"daily": "", "weekly": "monday 07:30", "monthly": ""},
        "staff": {"anna": {"address": "anna@shop.example"}},
    },
}
CONFIG = Config.model_validate(TOLD)


def spoil(shop: Database) -> None:
    """As a later version may leave it: the finance reports hold another shape."""
    with shop.transaction() as connection:
        connection.execute(text("UPDATE report_run SET snapshot = '{\"renamed\": 1}' WHERE report = 'finance'"))


def keys(shop: Database, report: Report) -> list[str]:
    with shop.reading() as connection:
        return [run.period.key for _, run in reversed(periods.listing(connection)) if run.report is report]


def test_a_week_whose_report_before_cannot_be_read_is_made_without_its_restatement_and_says_so(shop: Database) -> None:
    make_due(shop, CONFIG, START)
    make_due(shop, CONFIG, START + WEEK)
    spoil(shop)
    made = make_due(shop, CONFIG, START + 2 * WEEK)
    assert [(run.report.value, run.period.key) for run in made] == [("finance", "2026-W42"), ("marketing", "2026-W42")]
    (figures,) = [figures_told(run) for run in made if run.report is Report.FINANCE]
    assert isinstance(figures, FinanceFigures)
    assert (figures.unread_before, figures.restated) == ("week 41", ())
    (after,) = [run for run in make_due(shop, CONFIG, START + 3 * WEEK) if run.report is Report.FINANCE]
    assert figures_told(after).unread_before is None  # type: ignore[union-attr]


def test_a_kind_that_cannot_be_made_leaves_the_others_and_is_still_due(shop: Database) -> None:
    make_due(shop, CONFIG, START)
    make_due(shop, CONFIG, START + WEEK)
    with shop.transaction() as connection:
        connection.execute(text("CREATE TABLE kept AS SELECT id, period FROM report_run"))
        connection.execute(text("UPDATE report_run SET period = '{}' WHERE report = 'finance'"))
    with pytest.raises(UnmadeError, match="finance of week 42") as raised:
        make_due(shop, CONFIG, START + 3 * WEEK)
    assert [(run.report, run.period.key) for run in raised.value.made] == [
        (Report.MARKETING, "2026-W42"),
        (Report.MARKETING, "2026-W43"),
    ]
    with shop.transaction() as connection:
        connection.execute(text("UPDATE report_run SET period = kept.period FROM kept WHERE kept.id = report_run.id"))
    assert keys(shop, Report.FINANCE) == ["2026-W41"]
    make_due(shop, CONFIG, START + 3 * WEEK)
    assert keys(shop, Report.FINANCE) == keys(shop, Report.MARKETING) == ["2026-W41", "2026-W42", "2026-W43"]


def test_the_process_ends_with_1_when_a_kind_was_not_made_and_says_which(
    sqlite_urls: Callable[[History], str], opened: Callable[..., Database], capfd: pytest.CaptureFixture[str]
) -> None:
    url = sqlite_urls("shop")
    shop = opened(url, "shop")
    config = Config.model_validate(TOLD | {"database": {"shop_url": url}})
    make_due(shop, config, START)
    make_due(shop, config, START + WEEK)
    with shop.transaction() as connection:
        connection.execute(text("UPDATE report_run SET period = '{}' WHERE report = 'finance'"))
    assert start(config, START + 2 * WEEK).wait(60) == 1
    assert "report_not_made report=finance period=2026-W42" in " ".join(capfd.readouterr().err.split())
    with shop.reading() as connection:
        assert len(periods.made(connection, (Report.MARKETING, Span.WEEK), START)) == 2
        assert len(periods.made(connection, (Report.FINANCE, Span.WEEK), START)) == 1
    shop.close()
