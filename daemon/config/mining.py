"""[mining]: when the rules are mined anew, from which baskets, and what it may cost."""

from datetime import time

from pydantic import Field, field_validator

from daemon.config.sections import Section


class MiningConfig(Section):
    """`at` is in the shop's time zone."""

    nightly: bool = True
    at: time = time(3, 30)
    months: int = Field(default=24, ge=1, le=240)
    most_rules: int = Field(default=100_000, ge=100, le=500_000)
    give_up_minutes: float = Field(default=60.0, ge=1.0, le=720.0)
    memory_mb: int = Field(default=2_000, ge=200)

    @field_validator("at")
    @classmethod
    def of_the_shop(cls, value: time) -> time:
        if value.tzinfo is not None:
            raise ValueError("is told in the shop's time zone; write it without another, for example 03:30")
        return value
