"""Whether both databases open, the key fits the vault, and stock equals its movements."""

from collections.abc import Iterator

from daemon.config import Config
from daemon.service.check_line import Check, State, attempt, skipped
from daemon.service.house import is_new, two_databases
from store import catalogue
from store.database import Database, open_shop, open_vault
from store.vault import load_key

OPENING = "is database.{}_url right, does its folder or server exist, may this user write there, is the disk full?"
KEY = "see database.vault_key_file: may this user read and write there?"
# No word of restoring: whoever does loses every order since, and what differs shows in the movements.
DIFFERENT = "something wrote past the books: keep a copy of the database, then look at `mailorder products show ID`"


def check_books(config: Config) -> Iterator[Check]:
    """What stands on a database that did not open is not looked at, and nothing is said of it."""
    shop = attempt("shop database", lambda: migrated(shop_of(config)), OPENING.format("shop"))
    vault = attempt("vault database", lambda: migrated(vault_of(config)), OPENING.format("vault"))
    yield from (shop, vault)
    unopened = next((one.name for one in (shop, vault) if not one.ok), None)
    if unopened:
        yield skipped("vault key", f"the {unopened} did not open")
    else:
        yield attempt("vault key", lambda: check_key(config), KEY)
    if shop.ok:
        yield check_stock(shop_of(config))
    else:
        yield skipped("stock", "the shop database did not open")


def shop_of(config: Config) -> Database:
    return open_shop(config.database.shop_url.get_secret_value())


def vault_of(config: Config) -> Database:
    return open_vault(two_databases(config).vault_url.get_secret_value())


def migrated(database: Database) -> str:
    try:
        database.migrate()
    finally:
        database.close()
    return "open, migrations applied"


def check_key(config: Config) -> str:
    shop, vault = shop_of(config), vault_of(config)
    try:
        load_key(config.database.vault_key_file, vault, may_be_new=is_new(shop))
    finally:
        vault.close()
        shop.close()
    return "fits the vault"


def check_stock(shop: Database) -> Check:
    """On hand equals the sum of movements for every product; red names the first that differs."""
    with shop.reading() as connection:
        wrong = catalogue.differences(connection)
        count = catalogue.count(connection)
    shop.close()
    if not wrong:
        return Check("stock", State.OK, f"{count} products, each equal to the sum of its movements")
    product_id, on_hand, moved = wrong[0]
    told = f"{len(wrong)} products differ, first {product_id}: {on_hand} on hand, {moved} by movements"
    return Check("stock", State.RED, told, DIFFERENT)
