"""Every period is reported exactly once, whatever the clocks, the processes and the operator do."""

import re
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import plain_books
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_books import Sold
from pydantic import SecretStr

from daemon.config import Config, DatabaseConfig
from daemon.reports import making
from daemon.reports.due import calendar_of, due_at, outstanding
from daemon.reports.making import figures_told, make_due, work_waits
from daemon.reports.process import start
from daemon.service.health import examine
from store import outbox, periods
from store.database import Database, History
from store.facts import Report, ReportRun, Role, Span

START = datetime(2026, 10, 7, 15, 20, tzinfo=UTC)
STAFF: dict[str, Any] = {
    "anna": {"address": "anna@shop.example"},
    "ben": {"address": "ben@shop.example", "reports": ["marketing"]},
}
ALL_TIMES = {"marketing": {"daily": "02:30", "weekly": "sunday 01:30", "monthly": "1 00:00"}}
LINE = ((0, 1, 100, None),)
ZONES = ["America/Denver", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo", "Asia/Kathmandu"]


def configured(**said: Any) -> Config:
    return Config.model_validate(
        {"shop": {"timezone": "America/Denver"}, "reports": {"staff": STAFF, **ALL_TIMES, **said}}
    )


def runs(shop: Database) -> list[ReportRun]:
    with shop.reading() as conn:
        return [run for _, run in reversed(periods.listing(conn, 10_000))]


def recipients(found: list[ReportRun]) -> int:
    """How many mails these reports are: anna gets both, ben only marketing."""
    return sum(1 if run.report is Report.FINANCE else 2 for run in found)


def keys(found: list[ReportRun]) -> list[tuple[Report, str]]:
    return [(run.report, run.period.key) for run in found]


def mails(shop: Database) -> list[Any]:
    with shop.reading() as conn:
        return [queued.mail for queued in reversed(outbox.listing(conn, limit=10_000))]


def wanted(config: Config, since: datetime, until: datetime) -> list[tuple[Report, str]]:
    """Every period that ended since, and whose time has come."""
    calendar = calendar_of(config)
    return [
        (report, period.key)
        for (report, span), when in config.reports.times().items()
        for period in calendar.ended(span, since, until)
        if due_at(calendar, when, period) <= until
    ]


STEPS = st.lists(st.integers(-72, 24 * 20), min_size=1, max_size=6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.sampled_from(ZONES), st.sampled_from(["each", "digest"]), st.integers(0, 6), st.integers(2005, 2030))
def test_each_period_once_under_downtime_and_clock_steps(
    sqlite_urls: Callable[[History], str],
    opened: Callable[..., Database],
    steps: list[int],
    zone: str,
    late: str,
    week_starts: int,
    year: int,
) -> None:
    shop = opened(sqlite_urls("shop"), "shop")
    days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    config = configured(late=late, timezone=zone, week_starts=days[week_starts])
    now = first = latest = START.replace(year=year)
    assert make_due(shop, config, now) == []
    for hours in steps:
        now += timedelta(hours=hours)
        latest = max(latest, now)
        assert all(run.due_at <= now for run in make_due(shop, config, now))
        assert make_due(shop, config, now) == []
        with shop.reading() as conn:
            assert not work_waits(conn, config, now)
    make_due(shop, config, latest)
    assert sorted(keys(runs(shop))) == sorted(wanted(config, first, latest))
    told = Counter(run for mail in mails(shop) for run in mail.facts["runs"])
    with shop.reading() as conn:
        for written, run in periods.listing(conn, 10_000):
            assert told[written] == (1 if run.report is Report.FINANCE else 2)
    shop.close()


def test_two_daemons_at_once_make_each_report_once(shop: Database) -> None:
    config = configured()
    make_due(shop, config, START)
    later = START + timedelta(days=40)
    with ThreadPoolExecutor(4) as daemons:
        made = [run for found in daemons.map(lambda _: make_due(shop, config, later), range(4)) for run in found]
    assert sorted(keys(made)) == sorted(keys(runs(shop))) == sorted(wanted(config, START, later))
    assert len({mail.event_key for mail in mails(shop)}) == len(mails(shop)) == recipients(made)


def test_a_process_that_is_killed_leaves_nothing_by_halves(
    sqlite_urls: Callable[[History], str], opened: Callable[..., Database]
) -> None:
    url = sqlite_urls("shop")
    shop = opened(url, "shop")
    config = Config.model_validate({"database": {"shop_url": url}, "reports": {"staff": STAFF, **ALL_TIMES}})
    make_due(shop, config, START)
    later = START + timedelta(days=90)
    for more in (1, 7, 40):
        made_before = len(runs(shop))
        process = start(config, later)
        while len(runs(shop)) < made_before + more:
            assert process.poll() is None, "it should have had more to do"
        process.kill()
        process.wait()
        assert len(mails(shop)) == recipients(runs(shop))
    assert start(config, later).wait() == 0
    assert sorted(keys(runs(shop))) == sorted(wanted(config, START, later))


def test_a_first_start_makes_nothing_of_the_years_before_it(shop: Database) -> None:
    config = configured()
    with shop.transaction() as conn:
        plain_books.write(conn, [Sold(START - timedelta(days=30 * one), "ada", LINE) for one in range(26)])
    assert make_due(shop, config, START) == []
    assert make_due(shop, config, START + timedelta(minutes=1)) == []
    week_later = make_due(shop, config, START + timedelta(days=7))
    assert [key for report, key in keys(week_later) if report is Report.FINANCE] == ["2026-W41"]


def test_after_a_fortnight_each_missing_report_comes_for_its_own_days_and_says_that_it_is_late(shop: Database) -> None:
    config = configured()
    make_due(shop, config, START)
    with shop.transaction() as conn:
        for day in range(20):
            plain_books.write(conn, [Sold(START + timedelta(days=day), "ada", ((0, 1, 100 + day, None),))])
    made = make_due(shop, config, START + timedelta(days=14))
    days = [run for run in made if run.period.span is Span.DAY]
    assert len(days) == 14
    assert [figures_told(run).totals.cents for run in days] == list(range(100, 114))  # type: ignore[union-attr]
    assert all(run.late for run in days)  # the last, too: due at 02:30, made at 09:20
    assert [run.period.key for run in made if run.report is Report.FINANCE] == ["2026-W41", "2026-W42"]
    one_each = [mail for mail in mails(shop) if mail.facts["span"] == "day" and mail.facts["recipient"] == "anna"]
    assert [mail.facts["period"] for mail in one_each] == [run.period.key for run in days]
    assert {mail.role for mail in one_each} == {Role.STAFF}


def test_or_one_digest_of_them(shop: Database) -> None:
    config = configured(late="digest")
    make_due(shop, config, START)
    # 03:00 in Denver: yesterday's is due since 02:30.
    made = make_due(shop, config, datetime(2026, 10, 21, 9, tzinfo=UTC))
    days = [mail.facts for mail in mails(shop) if mail.facts["span"] == "day" and mail.facts["recipient"] == "anna"]
    assert [facts["period"] for facts in days] == ["2026-10-07..2026-10-19", "2026-10-20"]
    assert [len(facts["runs"]) for facts in days] == [13, 1]
    assert [run.late for run in made if run.period.span is Span.DAY] == [True] * 13 + [False]


def test_a_report_that_is_given_up_and_taken_up_again_was_not_missed(shop: Database) -> None:
    daily, never = configured(), configured(marketing={"daily": "", "weekly": "", "monthly": ""})
    make_due(shop, daily, START)
    make_due(shop, never, START + timedelta(days=1))
    later = START + timedelta(days=30)
    assert daily_keys(make_due(shop, daily, later)) == []
    assert daily_keys(make_due(shop, daily, later + timedelta(days=1))) == ["2026-11-06"]


def problems(shop: Database, config: Config, now: datetime) -> list[str]:
    return [one for one in examine(shop, config, now).problems if one.startswith("reports:")]


def test_a_clock_that_leaps_ahead_makes_no_flood_and_status_says_so(shop: Database) -> None:
    config = configured(timezone="UTC")
    make_due(shop, config, START)
    far = START + timedelta(days=101)
    weeks = make_due(shop, config, far)
    assert {run.period.span for run in weeks} == {Span.WEEK, Span.MONTH}
    assert problems(shop, config, far) == [
        "reports: more than 100 days of marketing are due since 2026-10-08 02:30 UTC, so none is made: is the "
        "clock right? If it is, take it out of config.toml for a minute, and it begins anew"
    ]
    with shop.reading() as conn:
        assert not work_waits(conn, config, far)
        assert next(len(one.due) for one in outstanding(conn, config, far) if one.held_back) == 101
    assert len(make_due(shop, config, far - timedelta(days=1))) == 100


def test_a_clock_a_century_ahead_is_looked_at_at_once(shop: Database) -> None:
    config = configured()
    make_due(shop, config, START)
    far = START.replace(year=2126)
    began = time.perf_counter()
    assert make_due(shop, config, far) == []
    with shop.reading() as conn:
        assert not work_waits(conn, config, far)
    assert time.perf_counter() - began < 2
    assert len(problems(shop, config, far)) == 4


def test_reports_made_by_a_clock_that_was_ahead_are_told_once_it_is_right(shop: Database) -> None:
    config = configured()
    make_due(shop, config, START)
    make_due(shop, config, START + timedelta(days=9))
    assert problems(shop, config, START + timedelta(days=9)) == []
    wrong = "the clock was or is wrong. They come again by hand only: mailorder report makes them, --send mails them"
    assert problems(shop, config, START + timedelta(hours=1)) == [
        "reports: 1 of finance (2026-W41 to 2026-W41) were made though these weeks are not over: " + wrong,
        "reports: 9 of marketing (2026-10-07 to 2026-10-15) were made though these days are not over: " + wrong,
    ]


def test_a_report_that_began_by_a_clock_that_was_ahead_is_told_once_it_is_right(shop: Database) -> None:
    config = configured(marketing={"daily": "", "weekly": "", "monthly": ""})
    make_due(shop, config, START.replace(year=2106))
    assert problems(shop, config, START) == [
        "reports: finance of weeks begins only 2106-10-07 15:20 UTC: the clock was wrong then; take it "
        "out of config.toml for a minute, and it begins anew"
    ]


def test_what_begins_and_what_ends_is_in_the_log(shop: Database, capfd: pytest.CaptureFixture[str]) -> None:
    url = shop.engine.url.render_as_string(hide_password=False)
    for days, more in enumerate([{}, {"marketing": {"daily": "", "weekly": "", "monthly": ""}}, {}]):
        config = configured(**more).model_copy(update={"database": DatabaseConfig(shop_url=SecretStr(url))})
        assert start(config, START + timedelta(days=days)).wait(60) == 0
    told = re.findall(r"(report_\w+) report=marketing span=(\w+)", capfd.readouterr().err)
    assert told[-6:] == [
        (event, span) for event in ("report_given_up", "report_begins") for span in ("day", "month", "week")
    ]


def daily_keys(found: list[ReportRun]) -> list[str]:
    return [run.period.key for run in found if run.period.span is Span.DAY]


def test_nothing_is_made_that_nobody_gets(shop: Database) -> None:
    config = Config.model_validate({"reports": ALL_TIMES})
    assert make_due(shop, config, START) == []
    assert make_due(shop, config, START + timedelta(days=40)) == []
    with shop.reading() as conn:
        assert not work_waits(conn, config, START)


def test_what_was_told_is_told_again_and_what_today_says_otherwise_is_by_hand(shop: Database) -> None:
    config = configured()
    make_due(shop, config, START)
    (told,) = [run for run in make_due(shop, config, START + timedelta(days=7)) if run.report is Report.FINANCE]
    with shop.transaction() as conn:
        plain_books.write(conn, [Sold(told.period.start, "ada", LINE)])
    with shop.reading() as conn:
        kept = periods.of_period(conn, Report.FINANCE, told.period.key)
        again = making.made_by_hand(conn, config, Report.FINANCE, told.period, START + timedelta(days=9))
    assert kept == told
    assert again.snapshot != told.snapshot
    ids = {making.send_by_hand(shop, again, ["anna"], START + timedelta(days=9)) for _ in range(2)}
    assert len(ids) == 2
    assert [mail.facts["runs"] for mail in mails(shop)[-2:]] == [[one] for one in sorted(ids)]
    with shop.reading() as conn:
        assert periods.find(conn, list(ids)) == dict.fromkeys(ids, again)


def test_the_next_report_is_told_with_the_time_that_it_will_come(shop: Database) -> None:
    config = configured()
    make_due(shop, config, START)
    made = make_due(shop, config, datetime(2026, 11, 2, 14, tzinfo=UTC))
    denver = ZoneInfo("America/Denver")
    coming = {(run.report, run.period.span): run.next_due_at for run in made}
    told = {kind: moment.astimezone(denver).strftime("%a %d %b %H:%M") for kind, moment in coming.items() if moment}
    assert told == {
        (Report.FINANCE, Span.WEEK): "Mon 09 Nov 07:00",
        (Report.MARKETING, Span.DAY): "Tue 03 Nov 02:30",
        (Report.MARKETING, Span.WEEK): "Sun 08 Nov 01:30",
        (Report.MARKETING, Span.MONTH): "Tue 01 Dec 00:02",
    }
