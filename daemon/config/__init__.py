"""All settings: config.toml and the environment, made into one frozen Config."""

from daemon.config.load import Config, load_config, unknown_variables
from daemon.config.mining import MiningConfig
from daemon.config.offers import OffersConfig
from daemon.config.reports import ReportsConfig, StaffConfig, When
from daemon.config.secrets import ConfigError, read_secret
from daemon.config.sections import (
    Account,
    ConductConfig,
    DatabaseConfig,
    LimitsConfig,
    LogConfig,
    MailboxConfig,
    OAuthConfig,
    OrdersConfig,
    OutboxConfig,
    Section,
    Security,
    ShopConfig,
    SmtpConfig,
)

__all__ = [
    "Account",
    "ConductConfig",
    "Config",
    "ConfigError",
    "DatabaseConfig",
    "LimitsConfig",
    "LogConfig",
    "MailboxConfig",
    "MiningConfig",
    "OAuthConfig",
    "OffersConfig",
    "OrdersConfig",
    "OutboxConfig",
    "ReportsConfig",
    "Section",
    "Security",
    "ShopConfig",
    "SmtpConfig",
    "StaffConfig",
    "When",
    "load_config",
    "read_secret",
    "unknown_variables",
]
