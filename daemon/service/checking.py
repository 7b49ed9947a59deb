"""Proof, line by line, that the shop can open with this configuration."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from daemon.config import Config, ConfigError, MailboxConfig, unknown_variables
from daemon.inbox.imap import Mailbox
from daemon.post.smtp import Relay
from daemon.reports.preview import REPORTS, report_specimens, without_plots
from daemon.reports.sending import replies_count
from daemon.service.accounts import accounts_of, check_account, check_login
from daemon.service.check_line import Check, State, attempt, skipped
from daemon.service.checking_books import check_books
from daemon.wording import KINDS, Wording, write_specimens

CLOCKS_APART_SECONDS = 60
"""A deadline is told to the minute; a step of asking the time takes far less."""


def check_all(load: Callable[[], Config], folder: Path, connect: bool) -> Iterator[Check]:
    """Each check as it is made; without a readable configuration there is nothing more to check."""
    try:
        config = load()
    except ConfigError as error:
        told = str(error).replace("\n", "; ")
        yield Check("configuration", State.RED, told, "mend the keys named and run this again")
        return
    yield check_mailboxes(config)
    yield from check_variables(os.environ)
    for name, account in accounts_of(config).items():
        yield from check_account(name, account)
    yield from check_books(config)
    yield from check_wording(config)
    yield from check_reports(config)
    yield check_disk(folder)
    yield check_clock(config)
    if connect:
        yield from check_servers(config)


def check_mailboxes(config: Config) -> Check:
    told = f"mailboxes: {', '.join(config.mailbox) or 'none'}; relay {config.smtp.host}"
    if config.mailbox:
        return Check("configuration", State.OK, told)
    return Check("configuration", State.RED, told, "add a section [mailbox.orders] with host and user")


def check_variables(environment: Mapping[str, str]) -> Iterator[Check]:
    """Names alone: what they are set to may be a secret."""
    if unknown := unknown_variables(environment):
        told = f"{', '.join(unknown)}: no such setting, so ignored"
        yield Check("environment", State.WARNING, told, "settings are named MAILORDER_SECTION__KEY; see config.toml")


def check_wording(config: Config) -> Iterator[Check]:
    """Money and dates first: where they cannot be written, no template is at fault."""
    told = f"money in {config.shop.currency}, dates as in {config.shop.locale}"
    wording = attempt("wording", lambda: worded(config, told), "see shop.currency and shop.locale")
    yield wording
    if wording.ok:
        yield attempt("templates", lambda: check_templates(config), "mend the template named; templates/ holds them")
    else:
        yield skipped("templates", "nothing can be worded yet")


def worded(config: Config, told: str) -> str:
    Wording(config.shop)
    return told


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
        yield Check("reports", State.OK, f"to {names}{replies}")


def check_disk(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    enough = free > 200_000_000 and os.access(folder, os.W_OK)
    advice = "" if enough else "make room, or run where this user may write"
    return Check("disk", State.OK if enough else State.RED, f"{free // 1_000_000} MB free", advice)


def check_clock(config: Config) -> Check:
    """A clock that is years off books wrong deadlines; 2026 is when this was written."""
    now = datetime.now(UTC)
    told = f"{now.astimezone(config.shop.zone):%Y-%m-%d %H:%M %Z}"
    right = now.year >= 2026
    return Check("clock", State.OK if right else State.RED, told, "" if right else "set the machine's clock")


def check_servers(config: Config) -> Iterator[Check]:
    for name, settings in config.mailbox.items():
        if all(one.ok for one in check_login(f"mailbox.{name}", settings)):
            yield from check_mailbox(config, name, settings)
        else:
            yield skipped(f"mailbox {name}", "there is nothing to log in with")
    if all(one.ok for one in check_login("smtp", config.smtp)):
        advice = "see host, port, security, user and password of smtp"
        yield attempt("relay", lambda: asyncio.run(log_in_relay(config)), advice)
    else:
        yield skipped("relay", "there is nothing to log in with")


def check_mailbox(config: Config, name: str, settings: MailboxConfig) -> Iterator[Check]:
    mailbox = Mailbox(name, settings, config.limits.letter_bytes)
    advice = f"see host, port, security, user and password of mailbox.{name}"
    logged_in = attempt(f"mailbox {name}", partial(log_in, mailbox), advice)
    yield logged_in
    if logged_in.ok:
        advice = "set the clocks of both machines: whether a cancellation is in time goes by the server's"
        yield attempt(f"clock of mailbox {name}", partial(compare_clocks, mailbox), advice)


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
    return "logged in, nothing sent" if config.smtp.user else "reached, no user configured, nothing sent"
