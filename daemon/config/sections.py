"""What can be set, section by section, with its default and its bounds."""

import re
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from daemon.config.secrets import read_secret

Security = Literal["tls", "starttls", "none"]
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
MAILBOX_NAME = re.compile(r"[a-z][a-z0-9_]*")
# Ten years: no pause or window of a shop is longer, and times stay within what calendars hold.
LONGEST_HOURS = 87_600.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, allow_inf_nan=False)


class ShopConfig(Section):
    """Who the shop is in its mails."""

    name: str = "The Shop"
    address: str = "orders@shop.example"
    human: str = "people@shop.example"
    operator: str = "operator@shop.example"
    postal_address: str = "The Shop, 1 Market Street, Denver, CO 80202"
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    locale: str = "en_US"
    timezone: str = "UTC"

    @field_validator("timezone")
    @classmethod
    def known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("is not an IANA time zone, for example America/Denver") from error
        return value

    @field_validator("address", "human", "operator")
    @classmethod
    def plausible_address(cls, value: str) -> str:
        if not ADDRESS.fullmatch(value):
            raise ValueError("is not a plain mail address, for example orders@shop.example")
        return value

    @model_validator(mode="after")
    def people_elsewhere(self) -> "ShopConfig":
        for key, address in (("human", self.human), ("operator", self.operator)):
            if address.casefold() == self.address.casefold():
                raise ValueError(f"{key} must not be the shop's own address: what is sent there would come back to it")
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def domain(self) -> str:
        return self.address.rsplit("@", 1)[1]


class DatabaseConfig(Section):
    shop_url: SecretStr = SecretStr("sqlite:///shop.sqlite")
    vault_url: SecretStr = SecretStr("sqlite:///vault.sqlite")
    vault_key_file: Path = Path("vault.key")


class OAuthConfig(Section):
    """XOAUTH2: the refresh token stands in `token_file` (0600), and is replaced there when the provider rotates it."""

    provider: Literal["google", "microsoft", "other"] = "google"
    client_id: str = ""
    client_secret: SecretStr | None = None
    client_secret_file: Path | None = None
    token_file: Path = Path("refresh.token")
    token_url: str = ""
    scope: str = ""
    tenant: str = "common"


class Account(Section):
    """A server, how to reach it and who we are there."""

    host: str = "127.0.0.1"
    port: int = Field(ge=1, le=65535)
    security: Security = "tls"
    ca_file: Path | None = None
    user: str = ""
    password: SecretStr | None = None
    password_file: Path | None = None
    oauth: OAuthConfig | None = None
    timeout_seconds: float = Field(default=30.0, gt=0)

    @field_validator("password_file", mode="before")
    @classmethod
    def empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @model_validator(mode="after")
    def never_in_clear(self) -> "Account":
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError('security = "none" is only for this machine itself; use "tls" or "starttls"')
        return self

    @property
    def secret(self) -> str | None:
        """The password, from the environment or from its file; ConfigError when the file cannot be read."""
        return read_secret(self.password, self.password_file)


class MailboxConfig(Account):
    port: int = Field(default=993, ge=1, le=65535)
    inbox: str = "INBOX"
    folder_prefix: str = ""
    authserv_id: str = ""
    poll_seconds: float = Field(default=60.0, gt=0)
    idle: bool = True
    batch: int = Field(default=400, ge=1, le=1000)


class SmtpConfig(Account):
    port: int = Field(default=465, ge=1, le=65535)
    connections: int = Field(default=4, ge=1, le=64)


class OrdersConfig(Section):
    cancel_window_hours: float = Field(default=24.0, ge=0, le=LONGEST_HOURS)
    same_order_minutes: float = Field(default=10.0, ge=0, le=60 * LONGEST_HOURS)
    stale_after_days: float = Field(default=3.0, gt=0, le=LONGEST_HOURS / 24)
    max_lines: int = Field(default=100, ge=1, le=1000)
    max_quantity: int = Field(default=9_999, ge=1, le=9_999)


class ConductConfig(Section):
    answers_per_hour: int = Field(default=20, ge=1)
    first_contact_minutes: float = Field(default=60.0, ge=0, le=60 * LONGEST_HOURS)


class LimitsConfig(Section):
    letter_bytes: int = Field(default=5_000_000, ge=10_000)
    letter_seconds: float = Field(default=5.0, gt=0)


class OutboxConfig(Section):
    lease_seconds: float = Field(default=300.0, gt=0)
    first_retry_seconds: float = Field(default=60.0, gt=0)
    longest_retry_seconds: float = Field(default=14_400.0, gt=0)
    give_up_after_hours: float = Field(default=72.0, gt=0, le=LONGEST_HOURS)
    batch: int = Field(default=200, ge=1, le=2000)


class LogConfig(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["plain", "json"] = "plain"
