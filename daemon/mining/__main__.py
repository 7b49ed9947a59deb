"""The mining process: told by standard input what to mine, it says in the log what broke it, and in the books."""

import sys
from datetime import UTC, datetime

import structlog

from daemon.logs import set_up
from daemon.mining.mine import Run, finish
from daemon.mining.process import Errand, keep_out_of_the_way, read_errand
from store import rules
from store.database import DatabaseError, open_shop
from store.rules import NotOurTurnError

log = structlog.get_logger()


def main() -> int:
    """The exit code: 0 when rules were put in force."""
    errand = read_errand(sys.stdin.read())
    set_up(errand.log)
    try:
        keep_out_of_the_way(errand.mining)
        mine(errand)
    except NotOurTurnError:
        log.warning("mining_came_too_late")
    except DatabaseError as error:
        log.warning("mining_failed", error=str(error))
    except BrokenPipeError:
        log.info("mining_ended", reason="nobody waits for it any more")
    except MemoryError:
        log.warning("mining_failed", error=f"mining.memory_mb = {errand.mining.memory_mb} is not enough")
    except Exception:
        log.exception("mining_failed")
    else:
        return 0
    return 1


def mine(errand: Errand) -> None:
    """Raises NotOurTurnError when the mining was given up meanwhile, DatabaseError, and whatever breaks it."""
    shop = open_shop(errand.shop_url)
    try:
        with shop.reading() as connection:
            begun = rules.running(connection)
        if begun is None or begun.owner != errand.owner:
            raise NotOurTurnError
        run = Run(errand.owner, errand.zone, errand.mining, lambda: datetime.now(UTC))
        mined = finish(shop, run, begun, lambda done, of: print(done, of, flush=True))
    finally:
        shop.close()
    log.info("mined", baskets=mined.baskets, too_wide=mined.too_wide, rules=mined.rules, pairs=mined.pairs)


if __name__ == "__main__":
    sys.exit(main())
