"""Getting into a mailbox: connection, TLS, login."""

from imapclient.exceptions import IMAPClientError, LoginError

from daemon.config import ConfigError, MailboxConfig
from daemon.inbox.errors import MailboxError, explain
from daemon.inbox.wire import Client, Session, Wire
from daemon.oauth import OAuthError, Tokens
from daemon.remote import CertificateFileError, tls_context


def connect(config: MailboxConfig, tokens: Tokens | None) -> Session:
    """A client that is logged in. Connecting, greeting and TLS share one deadline; the login has another.

    Raises MailboxError; the password is only ever sent over TLS, or on loopback with security = "none".
    """
    doing = f"connecting to {config.host}:{config.port}"
    try:
        context = None if config.security == "none" else tls_context(config)
        implicit = context if config.security == "tls" else None
        client: Session = Client(Wire(config.host, config.port, implicit, config.timeout_seconds))
        try:
            if config.security == "starttls":
                client.starttls(context)
            doing = "logging in"
            client.wire.allow()
            _log_in(client, config, tokens)
        except BaseException:
            client.wire.shutdown()
            raise
    except (ConfigError, CertificateFileError) as error:
        raise MailboxError(str(error), permanent=True) from None
    except OAuthError as error:
        raise MailboxError(f"{doing}: {error}", permanent=error.permanent) from None
    except (OSError, IMAPClientError, ValueError) as error:
        raise explain(error, doing, config.timeout_seconds) from None
    return client


def _log_in(client: Session, config: MailboxConfig, tokens: Tokens | None) -> None:
    if tokens is not None:
        _log_in_by_token(client, config.user, tokens)
        return
    secret = config.secret
    if not config.user or secret is None:
        raise MailboxError("no user or no password is configured", permanent=True)
    disabled = client.has_capability("LOGINDISABLED")
    if disabled and config.security == "none":
        raise MailboxError('the server takes no password in clear; use security = "starttls"', permanent=True)
    if disabled or not (config.user + secret).isascii():
        client.plain_login(config.user, secret)  # LOGIN knows only ASCII
    else:
        client.login(config.user, secret)


def _log_in_by_token(client: Session, user: str, tokens: Tokens) -> None:
    """A cached token may have been revoked meanwhile: one refusal is answered with a fresh one."""
    token, fresh = tokens.access()
    try:
        _authenticate(client, user, token)
    except LoginError:
        tokens.forget()
        if fresh:
            raise
        client.wire.allow()
        _authenticate(client, user, tokens.access()[0])


def _authenticate(client: Session, user: str, token: str) -> None:
    """XOAUTH2 as Google and Microsoft describe it: a refusal comes as a challenge that wants an empty answer."""
    answers = iter([f"user={user}\1auth=Bearer {token}\1\1"])
    client.sasl_login("XOAUTH2", lambda challenge: next(answers, ""))
