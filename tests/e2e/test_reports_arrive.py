"""Reports that arrive by themselves, from a letter with an order to the mail in the relay."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemon.cli import main
from daemon.config import load_config
from daemon.config.reports import MarketingTimes, ReportsConfig, StaffConfig
from daemon.reports.due import outstanding
from daemon.service.health import examine
from daemon.simulator.servers import ImapServer, SmtpServer
from store import outbox, periods
from store.database import Database, open_shop
from store.facts import MailState, Report, Role, Span
from tests.e2e.daemon_process import Daemon, eventually
from tests.e2e.letters import LAMP, order_of
from tests.e2e.shop import MORNING, open_shop_on
from tests.integration.doors.conftest import Place

ANNA, BEN = "anna@shop.example", "ben@shop.example"
REPORTS = ReportsConfig(
    timezone="America/Denver",
    marketing=MarketingTimes(daily="07:30", weekly="", monthly=""),
    staff={
        "anna": StaffConfig(address=ANNA, reports=(Report.FINANCE,)),
        "ben": StaffConfig(address=BEN, reports=(Report.MARKETING,)),
    },
)
STAFF = """
[reports]
timezone = "America/Denver"
[reports.marketing]
daily = "00:00"
[reports.staff.anna]
address = "anna@shop.example"
reports = ["finance", "marketing"]
"""


@pytest.fixture
def place() -> Iterator[Place]:
    with ImapServer() as server:
        yield Place(server, "demo")


@pytest.fixture
def relay() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


def test_an_order_is_in_the_reports_of_its_day_and_its_week(tmp_path: Path, place: Place, relay: SmtpServer) -> None:
    with open_shop_on(tmp_path, [place], relay, reports=REPORTS) as shop:  # Friday 20 November 2026, 01:00 in Denver
        shop.told(order_of("ada@customer.example", f"{LAMP}, 1"))
        assert shop.subjects(BEN) == []
        shop.later(hours=30)  # Saturday 07:00
        shop.serve()
        assert shop.subjects(BEN) == []
        shop.later(hours=1)
        shop.serve()
        shop.serve()
        assert len(shop.subjects(BEN)) == 1
        assert "20 November" in shop.subjects(BEN)[0]
        shop.later(days=3)  # Tuesday 08:00
        shop.serve()
        assert len(shop.subjects(BEN)) == 1 + 3
        assert [subject.startswith("Week 47: 1 order") for subject in shop.subjects(ANNA)] == [True]
        assert shop.latest(ANNA)["Auto-Submitted"] == "auto-generated"


def test_a_report_that_is_not_made_is_no_secret(tmp_path: Path, place: Place, relay: SmtpServer) -> None:
    with open_shop_on(tmp_path, [place], relay, reports=REPORTS) as shop:
        later = MORNING + timedelta(days=4)
        assert not [one for one in examine(shop.house.shop, shop.house.config, MORNING).problems if "report" in one]
        told = [one for one in examine(shop.house.shop, shop.house.config, later).problems if "report" in one]
        assert told == [
            "reports: finance of week 47 is due since 2026-11-23 14:00 UTC; see the log",
            "reports: marketing of 20 November 2026 is due since 2026-11-21 14:30 UTC; see the log",
        ]


@pytest.mark.timeout(180)
def test_the_daemon_makes_what_was_missed_by_a_process_of_its_own(
    tmp_path: Path, place: Place, relay: SmtpServer
) -> None:
    with Daemon(tmp_path, place, relay, STAFF) as daemon:
        shop = open_shop(daemon.shop_url)
        # The plots of finance take longer to draw than this daemon may hold a mail: it goes out without them.
        kinds = [(Report.FINANCE, Span.WEEK), *((Report.MARKETING, span) for span in Span)]
        with shop.transaction() as connection:
            periods.start(connection, kinds, datetime.now(UTC) - timedelta(days=15))
        config = load_config(tmp_path / "config.toml")
        with shop.reading() as connection:
            due = sum(len(one.due) for one in outstanding(connection, config, datetime.now(UTC)))
        assert due >= 15
        daemon.start()
        eventually(lambda: sent(shop) == due, lambda: daemon.log, seconds=120)
        assert daemon.is_running()
        with shop.reading() as connection:
            made = [(run.report, run.period.key) for _, run in periods.listing(connection, 100)]
        assert len(made) == len(set(made)) == sent(shop)
        assert Report.FINANCE in dict(made)
        assert "report_without_plots" in daemon.log
        assert daemon.log.count("reported") == len(made)
        assert ANNA not in daemon.log
        assert daemon.stop() == 0
        shop.close()


def sent(shop: Database) -> int:
    """Reports alone: the operator is told of plots that could not be drawn."""
    with shop.reading() as connection:
        mailed = outbox.listing(connection, MailState.SENT, limit=1000)
    return sum(one.mail.role is Role.STAFF for one in mailed)


def test_what_was_made_and_what_comes_next_can_be_listed(
    tmp_path: Path, place: Place, relay: SmtpServer, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with open_shop_on(tmp_path, [place], relay, reports=REPORTS) as shop:
        shop.later(days=4)
        shop.serve()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(STAFF)
    capfd.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["report", "list"])
    assert ended.value.code == 0
    made, coming = capfd.readouterr().out.split("\n\n")
    assert made.splitlines()[1].startswith("4   marketing  2026-11-22  Sunday 22 November 2026, America/Denver")
    assert [line.split()[-1] for line in made.splitlines()[1:]] == ["late"] * 4
    assert [line.split()[:2] for line in coming.splitlines()[1:]] == [
        ["finance", "week"],
        ["marketing", "day"],
        ["marketing", "week"],
        ["marketing", "month"],
    ]
    assert ANNA not in made + coming
