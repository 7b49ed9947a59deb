"""The mining process: told by standard input what to mine, it says in the log what broke it, and in the books."""

import sys
from datetime import UTC, datetime

import structlog

from daemon.logs import set_up
from daemon.mining.mine import Run, UnderWayError, mine_shop
from daemon.mining.process import Errand, keep_out_of_the_way, read_errand
from store.database import DatabaseError, open_shop

log = structlog.get_logger()


def main() -> int:
    """The exit code: 0 when rules were replaced, or when somebody else is about to."""
    errand = read_errand(sys.stdin.read())
    set_up(errand.log)
    keep_out_of_the_way(errand.mining)
    try:
        mine(errand)
    except UnderWayError as error:
        log.info("not_mined", reason=str(error))
    except DatabaseError as error:
        log.warning("mining_failed", error=str(error))
        return 1
    except Exception:
        log.exception("mining_failed")
        return 1
    return 0


def mine(errand: Errand) -> None:
    shop = open_shop(errand.shop_url)
    try:
        run = Run(errand.owner, errand.zone, errand.mining, lambda: datetime.now(UTC))
        mined = mine_shop(shop, run, lambda done, of: None)
    finally:
        shop.close()
    log.info("mined", baskets=mined.baskets, rules=mined.rules, pairs=mined.pairs)


if __name__ == "__main__":
    sys.exit(main())
