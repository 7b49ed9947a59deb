"""config.toml and the environment, made into one frozen Config that names the key that is wrong."""

import os
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from daemon.config.browsing import BrowsingConfig
from daemon.config.mining import MiningConfig
from daemon.config.offers import OffersConfig
from daemon.config.reports import ReportsConfig
from daemon.config.secrets import ConfigError
from daemon.config.sections import (
    MAILBOX_NAME,
    ConductConfig,
    DatabaseConfig,
    LimitsConfig,
    LogConfig,
    MailboxConfig,
    OrdersConfig,
    OutboxConfig,
    ShopConfig,
    SmtpConfig,
)
from daemon.config.wishes import WishesConfig

PREFIX = "MAILORDER_"
CONFIG_VARIABLE = "MAILORDER_CONFIG"  # which file to read; it is the command's, not the file's
NO_SECTION = ("model_type", "model_attributes_type", "dict_type")


class Config(BaseSettings):
    """All settings; made by `load_config`, frozen from then on."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    shop: ShopConfig = ShopConfig()
    database: DatabaseConfig = DatabaseConfig()
    mailbox: dict[str, MailboxConfig] = {}
    smtp: SmtpConfig = SmtpConfig()
    orders: OrdersConfig = OrdersConfig()
    conduct: ConductConfig = ConductConfig()
    limits: LimitsConfig = LimitsConfig()
    outbox: OutboxConfig = OutboxConfig()
    browsing: BrowsingConfig = BrowsingConfig()
    mining: MiningConfig = MiningConfig()
    offers: OffersConfig = OffersConfig()
    reports: ReportsConfig = ReportsConfig()
    wishes: WishesConfig = WishesConfig()
    log: LogConfig = LogConfig()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings

    @model_validator(mode="after")
    def mailboxes_named(self) -> "Config":
        for name in self.mailbox:
            if not MAILBOX_NAME.fullmatch(name):
                raise ValueError(f"mailbox.{name}: name it with small letters, digits and _ only")
        return self

    @model_validator(mode="after")
    def staff_elsewhere(self) -> "Config":
        for name, staff in self.reports.staff.items():
            if staff.address.casefold() == self.shop.address.casefold():
                raise ValueError(f"reports.staff.{name}.address must not be the shop's own: reports would come back")
        return self


def load_config(path: Path | None) -> Config:
    """The configuration in force: the environment first, then the file, then the defaults.

    Raises ConfigError with one line for each wrong key.
    """
    told = read_toml(path) if path else {}
    refuse_secrets(told)
    refuse_variables(os.environ)
    try:
        return Config.model_validate(told)
    except ValidationError as error:
        raise ConfigError(explain(error, path)) from None


def read_toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); name another with --config") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from None


def refuse_secrets(told: Mapping[str, object], at: str = "") -> None:
    """Passwords in a file that people copy around are refused; the environment and files of their own are for those."""
    for key, value in told.items():
        if isinstance(value, Mapping):
            refuse_secrets(value, f"{at}{key}.")
        elif key in ("password", "client_secret"):
            variable = f"MAILORDER_{at}{key}".replace(".", "__").upper()
            raise ConfigError(f"{at}{key}: take it out of the file; set {variable} or {at}{key}_file instead")


def refuse_variables(environment: Mapping[str, str]) -> None:
    """A setting that is told to no section would be ignored in silence, and a section is not set as a whole."""
    for name in unknown_variables(environment):
        if "__" in name:
            raise ConfigError(f"{name}: there is no section {section_of(name)}; {nearest_section(name)}")
    for section in Config.model_fields:
        name = f"{PREFIX}{section.upper()}"
        # A whole section may be given as JSON.
        if not environment.get(name, "{").startswith("{"):
            raise ConfigError(f"{name}: is a section; set its keys one by one, as {name}__KEY")


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like settings of ours and are none."""
    ours = sorted(name for name in environment if name.startswith(PREFIX) and name != CONFIG_VARIABLE)
    return [name for name in ours if section_of(name) not in Config.model_fields]


def section_of(variable: str) -> str:
    return variable.removeprefix(PREFIX).split("__")[0].lower()


def nearest_section(variable: str) -> str:
    wrong = section_of(variable)
    near = get_close_matches(wrong, Config.model_fields, 1)
    if near:
        return f"perhaps {variable.replace(wrong.upper(), near[0].upper(), 1)}"
    return f"the sections are {', '.join(Config.model_fields)}"


def explain(error: ValidationError, path: Path | None) -> str:
    """A line for each wrong key: where it was told, its name, and what is the matter; never its value."""
    lines: dict[str, None] = {}  # a set that keeps its order: one mistake may be a fault of many keys
    for fault in error.errors(include_input=False, include_url=False):
        variable = "__".join(["MAILORDER", *map(str, fault["loc"])]).upper().replace("__", "_", 1)
        where = variable if variable in os.environ else str(path or "defaults")
        key = ".".join(map(str, fault["loc"])) or "configuration"
        known = "no such key" if fault["type"] == "extra_forbidden" else fault["msg"].removeprefix("Value error, ")
        if fault["type"] in NO_SECTION and fault["loc"][0] == "mailbox":
            key, known = "mailbox", "each mailbox is a section with a name; write [mailbox.orders] instead of [mailbox]"
        elif fault["type"] in NO_SECTION:
            known = f"is a section; write [{key}] and its keys below it"
        lines[f"{where}: {key}: {known}"] = None
    return "\n".join(lines)
