"""Whether all is configured that logging in to mailboxes and relay needs: what `run` refuses, `check` shows red."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from daemon.config import Account, Config, ConfigError, OAuthConfig, read_secret
from daemon.service.check_line import Check, State, attempt


def able_to_open(config: Config) -> Config:
    """The configuration, if it says all that logging in needs; else ConfigError now instead of a warning for ever."""
    if not config.mailbox:
        raise ConfigError("mailbox: no mailbox is configured; add a section [mailbox.orders] with host and user")
    for name, account in accounts_of(config).items():
        for red in (one for one in check_login(name, account) if not one.ok):
            raise ConfigError(f"{red.name.replace(' ', '.')}: {red.found}; {red.advice}")
    return config


def accounts_of(config: Config) -> dict[str, Account]:
    return {**{f"mailbox.{name}": box for name, box in config.mailbox.items()}, "smtp": config.smtp}


def check_account(name: str, account: Account) -> Iterator[Check]:
    yield from check_login(name, account)
    if account.oauth is not None:
        yield from check_oauth(name, account.oauth)


def check_login(name: str, account: Account) -> Iterator[Check]:
    """The user and the password; a relay may do without either."""
    if not account.user and name != "smtp":
        yield Check(f"{name} user", State.RED, "is missing", f"set {name}.user, the name to log in with")
    if account.user and account.oauth is None:
        yield check_password(name, account)


def check_password(name: str, account: Account) -> Check:
    variable = f"MAILORDER_{name.replace('.', '__').upper()}__PASSWORD"
    advice = f"set {variable} or {name}.password_file"
    try:
        has_secret = bool(account.secret)
    except ConfigError as error:
        return Check(f"{name} password_file", State.RED, str(error), advice)
    if not has_secret:
        return Check(f"{name} password", State.RED, "is missing", advice)
    file = account.password_file if account.password is None else None
    if file is not None and (mode := others_may(file)):
        told = f"set, but {file} can be read by others (mode {mode:o})"
        return Check(f"{name} password", State.WARNING, told, f"run: chmod 600 {file}")
    return Check(f"{name} password", State.OK, "set")


def check_oauth(name: str, oauth: OAuthConfig) -> Iterator[Check]:
    advice = f"put the refresh token there, mode 0600 ({name}.oauth.token_file)"
    yield attempt(f"{name} token", partial(private_file, oauth.token_file), advice)
    if oauth.client_secret_file is not None:
        secret = partial(read_secret, oauth.client_secret, oauth.client_secret_file)
        advice = f"see {name}.oauth.client_secret_file"
        yield attempt(f"{name} client secret", lambda: "set" if secret() else "empty", advice)


def private_file(file: Path) -> str:
    if mode := others_may(file):
        raise OSError(f"{file} can be read by others (mode {mode:o})")
    return "private"


def others_may(file: Path) -> int:
    """The mode of the file, where others than its owner may do anything with it; else 0. OSError when there is none."""
    mode = file.stat().st_mode & 0o777
    return mode if mode & 0o077 else 0
