"""The chore that has reports made keeps the shop open also where there can be no process."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from daemon.config import Config
from daemon.service.health import examine
from daemon.service.house import open_house
from daemon.service.reporter import AGAIN, Reporter
from daemon.simulator.premises import loopback_config
from store import periods
from store.facts import Report, Span

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
STAFF = {"staff": {"anna": {"address": "anna@shop.example", "reports": ["finance"]}}}


def configuration(folder: Path) -> Config:
    told = loopback_config(folder, 1, 1)
    return told.model_copy(update={"reports": type(told.reports).model_validate(STAFF)})


@contextmanager
def no_more_files() -> Iterator[None]:
    """As on a machine at its limits: no pipe can be made, so no process can be told anything."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_where_there_can_be_no_process_it_is_tried_again_later(tmp_path: Path) -> None:
    clock = [NOW]
    with open_house(configuration(tmp_path), lambda: clock[0]) as house:
        with house.shop.transaction() as connection:
            periods.start(connection, [(Report.FINANCE, Span.WEEK)], NOW - timedelta(days=8))
        reporter = Reporter(house)
        with no_more_files():
            reporter.look()
        assert reporter.process is None
        assert [one for one in examine(house.shop, house.config, NOW).problems if "finance" in one]
        reporter.look()
        assert reporter.process is None, "not at once: whatever is short stays short for a while"
        clock[0] += AGAIN
        reporter.look()
        assert reporter.process is not None
        assert reporter.process.wait(60) == 0
        reporter.look()
        assert not [one for one in examine(house.shop, house.config, clock[0]).problems if "finance" in one]
        reporter.close()
