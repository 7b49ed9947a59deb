"""The configuration of a simulated shop: servers on loopback, books in a folder of its own, nothing from outside."""

from pathlib import Path

from pydantic import SecretStr

from daemon.config import (
    ConductConfig,
    Config,
    DatabaseConfig,
    LimitsConfig,
    LogConfig,
    MailboxConfig,
    MiningConfig,
    OffersConfig,
    OrdersConfig,
    OutboxConfig,
    ShopConfig,
    SmtpConfig,
)
from daemon.simulator.writing import SHOP

MAILBOX = "orders"
USER = "demo"
NO_OFFERS = OffersConfig(enabled=False)


def loopback_config(
    folder: Path, imap_port: int, smtp_port: int, timezone: str = "UTC", offers: OffersConfig = NO_OFFERS
) -> Config:
    """Every section is given whole, past the environment: a MAILORDER_DATABASE__SHOP_URL that an operator has set
    must not let a simulation play in the books of the real shop.
    """
    return Config.model_construct(
        shop=ShopConfig(
            name="Lantern & Loom",
            address=SHOP,
            postal_address="Lantern & Loom, 1 Market Street, Denver, CO 80202",
            timezone=timezone,
        ),
        database=DatabaseConfig(
            shop_url=SecretStr(f"sqlite:///{folder / 'shop.sqlite'}"),
            vault_url=SecretStr(f"sqlite:///{folder / 'vault.sqlite'}"),
            vault_key_file=folder / "vault.key",
        ),
        mailbox={
            MAILBOX: MailboxConfig(
                host="127.0.0.1",
                port=imap_port,
                security="none",
                user=USER,
                password=SecretStr("demo"),
                poll_seconds=5,
            )
        },
        smtp=SmtpConfig(host="127.0.0.1", port=smtp_port, security="none"),
        orders=OrdersConfig(),
        conduct=ConductConfig(),
        limits=LimitsConfig(),
        outbox=OutboxConfig(),
        mining=MiningConfig(),
        offers=offers,
        log=LogConfig(level="warning"),
    )
