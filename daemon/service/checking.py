"""Proof, line by line, that the shop can open with this configuration."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from daemon.config import Config, ConfigError
from daemon.inbox.errors import MailboxError
from daemon.inbox.imap import Mailbox
from daemon.post.shapes import RelayError
from daemon.post.smtp import Relay
from daemon.reports.preview import REPORTS, report_specimens, without_plots
from daemon.reports.sending import replies_count
from daemon.service.house import is_new
from daemon.wording import KINDS, Wording, write_specimens
from store import catalogue
from store.database import Database, DatabaseError, open_shop, open_vault
from store.vault import VaultError, load_key

CLOCKS_APART_SECONDS = 60
"""A deadline is told to the minute; a step of asking the time takes far less."""
Troubles = (ConfigError, DatabaseError, VaultError, MailboxError, RelayError, OSError)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `mailorder check`: what was looked at, what was found, what to do when it is red."""

    name: str
    ok: bool
    found: str
    advice: str = ""


def check_all(load: Callable[[], Config], folder: Path, connect: bool) -> Iterator[Check]:
    """Each check as it is made; without a readable configuration there is nothing more to check."""
    try:
        config = load()
    except ConfigError as error:
        yield Check("configuration", False, str(error).replace("\n", "; "), "mend the keys named and run this again")
        return
    told = f"mailboxes: {', '.join(config.mailbox) or 'none'}; relay {config.smtp.host}"
    yield Check("configuration", bool(config.mailbox), told, "add a section [mailbox.orders] with host and user")
    yield from check_secrets(config)
    yield from check_books(config)
    yield attempt("templates", lambda: check_templates(config), "mend the template named; templates/ holds them")
    yield from check_reports(config)
    yield check_disk(folder)
    yield check_clock(config)
    if connect:
        yield from check_servers(config)


def attempt(name: str, look: Callable[[], str], advice: str) -> Check:
    """Made green by `look` returning what it found, red by the trouble that it raised."""
    try:
        return Check(name, True, look())
    except Troubles as error:
        return Check(name, False, str(error).splitlines()[0].removeprefix(f"{name}: "), advice)


def check_secrets(config: Config) -> Iterator[Check]:
    accounts = {**{f"mailbox.{name}": box for name, box in config.mailbox.items()}, "smtp": config.smtp}
    for name, account in accounts.items():
        if account.oauth is not None:
            token_file = account.oauth.token_file
            advice = f"put the refresh token there, mode 0600 ({name}.oauth.token_file)"
            yield attempt(f"{name} token", partial(private_file, token_file), advice)
        elif account.user:
            variable = f"MAILORDER_{name.replace('.', '__').upper()}__PASSWORD"
            has_secret = account.secret is not None
            found = "set" if has_secret else "missing"
            yield Check(f"{name} password", has_secret, found, f"set {variable} or {name}.password_file")


def private_file(file: Path) -> str:
    mode = file.stat().st_mode & 0o777
    if mode & 0o077:
        raise OSError(f"{file} can be read by others (mode {mode:o})")
    return "private"


def check_books(config: Config) -> Iterator[Check]:
    shop_url = config.database.shop_url.get_secret_value()
    vault_url = config.database.vault_url.get_secret_value()
    advice = "is the URL right, may this user write there, is the disk full?"
    yield attempt("shop database", lambda: migrated(open_shop(shop_url)), advice)
    yield attempt("vault database", lambda: migrated(open_vault(vault_url)), advice)
    yield attempt(
        "vault key",
        lambda: check_key(config.database.vault_key_file, open_vault(vault_url), open_shop(shop_url)),
        "restore vault and key from their backup: without the key no address in the vault can be found again",
    )
    yield attempt("stock", lambda: check_stock(open_shop(shop_url)), "stock and movements differ: restore a backup")


def migrated(database: Database) -> str:
    database.migrate()
    database.close()
    return "open, migrations applied"


def check_key(file: Path, vault: Database, shop: Database) -> str:
    load_key(file, vault, may_be_new=is_new(shop))
    vault.close()
    shop.close()
    return "fits the vault"


def check_stock(shop: Database) -> str:
    """On hand equals the sum of movements for every product; raises DatabaseError naming the first that differs."""
    with shop.reading() as connection:
        wrong = catalogue.differences(connection)
        count = catalogue.count(connection)
    shop.close()
    if wrong:
        product_id, on_hand, moved = wrong[0]
        raise DatabaseError(
            f"{len(wrong)} products differ, first {product_id}: {on_hand} on hand, {moved} by movements"
        )
    return f"{count} products, each equal to the sum of its movements"


def check_templates(config: Config) -> str:
    wording = Wording(config.shop)
    folder = Path(tempfile.mkdtemp(prefix="mailorder-check-"))
    try:
        for kind in (*KINDS, *REPORTS):
            others = report_specimens(config.shop, without_plots) if kind in REPORTS else ()
            write_specimens(kind, wording, folder, datetime.now(UTC), others)
    except Exception as error:
        raise OSError(f"{kind}: {type(error).__name__}: {error}") from error
    finally:
        shutil.rmtree(folder)
    return f"{len(KINDS) + len(REPORTS)} kinds of mail worded"


def check_reports(config: Config) -> Iterator[Check]:
    """Who gets reports, where somebody does; by name, for their addresses are shown nowhere."""
    names = ", ".join(config.reports.staff)
    replies = "" if replies_count(config) else "; they cannot reply to one: no mailbox has an authserv_id"
    if names:
        yield Check("reports", True, f"to {names}{replies}")


def check_disk(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    enough = free > 200_000_000 and os.access(folder, os.W_OK)
    return Check("disk", enough, f"{free // 1_000_000} MB free", "make room, or run where this user may write")


def check_clock(config: Config) -> Check:
    """A clock that is years off books wrong deadlines; 2026 is when this was written."""
    now = datetime.now(UTC)
    local = now.astimezone(config.shop.zone)
    return Check("clock", now.year >= 2026, f"{local:%Y-%m-%d %H:%M %Z}", "set the machine's clock")


def check_servers(config: Config) -> Iterator[Check]:
    for name, settings in config.mailbox.items():
        mailbox = Mailbox(name, settings, config.limits.letter_bytes)
        advice = f"see host, port, security, user and password of mailbox.{name}"
        logged_in = attempt(f"mailbox {name}", partial(log_in, mailbox), advice)
        yield logged_in
        if logged_in.ok:
            advice = "set the clocks of both machines: whether a cancellation is in time goes by the server's"
            yield attempt(f"clock of mailbox {name}", partial(compare_clocks, mailbox), advice)
    yield attempt(
        "relay", lambda: asyncio.run(log_in_relay(config)), "see host, port, security, user and password of smtp"
    )


def log_in(mailbox: Mailbox) -> str:
    try:
        mailbox.connect()
        return f"logged in, folders there, {len(mailbox.waiting())} letters wait"
    finally:
        mailbox.close()


def compare_clocks(mailbox: Mailbox) -> str:
    """Deadlines are set by our clock and kept by the server's; raises OSError when the two are far apart."""
    try:
        mailbox.connect()
        before = datetime.now(UTC)
        return apart(mailbox.server_time(), before)
    finally:
        mailbox.close()


def apart(server: datetime, ours: datetime) -> str:
    seconds = (server - ours).total_seconds()
    if abs(seconds) > CLOCKS_APART_SECONDS:
        raise OSError(f"the server's clock is {abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'} ours")
    return "agrees with ours"


async def log_in_relay(config: Config) -> str:
    relay = Relay(config.smtp)
    try:
        await relay.check()
    finally:
        await relay.close()
    return "logged in, nothing sent"
