"""The reporting process: told by standard input what the shop wants, it makes what is due and says so in the log."""

import os
import sys

import structlog

from daemon.logs import set_up
from daemon.reports.making import UnmadeError, make_due
from daemon.reports.process import read_errand
from store.database import DatabaseError, open_shop
from store.facts import ReportRun

log = structlog.get_logger()

LESS_URGENT = 10
"""Added to the niceness: whatever else the machine has to do goes first."""


def main() -> int:
    """The exit code: 0 when nothing is due any more."""
    config, now = read_errand(sys.stdin.read())
    set_up(config.log)
    os.nice(LESS_URGENT)
    shop = None
    try:
        shop = open_shop(config.database.shop_url.get_secret_value())
        tell(make_due(shop, config, now))
    except UnmadeError as error:
        # Each is in the log with what went wrong.
        tell(error.made)
        return 1
    except DatabaseError as error:
        log.warning("reports_not_made", error=str(error))
        return 1
    except Exception:
        log.exception("reports_not_made")
        return 1
    finally:
        if shop is not None:
            shop.close()
    return 0


def tell(made: list[ReportRun]) -> None:
    for run in made:
        log.info("reported", report=run.report.value, period=run.period.key, late=run.late)


if __name__ == "__main__":
    sys.exit(main())
