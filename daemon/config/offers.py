"""Offers after an order: how many products, to whom not, when not, and how they are compared with none."""

import re
from datetime import time

from pydantic import Field, field_validator

from daemon.config.sections import Section

CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


class OffersConfig(Section):
    """Quiet hours are wall time in the shop's zone; from and until the same: none."""

    enabled: bool = True
    products: int = Field(default=3, ge=1, le=5)
    per_person_week: int = Field(default=1, ge=1, le=100)
    per_day: int = Field(default=4_000, ge=0)
    after_cancel_days: float = Field(default=14.0, ge=0, le=3_650)
    quiet_from: str = "21:00"
    quiet_until: str = "08:00"
    expire_hours: float = Field(default=24.0, gt=0, le=720)
    holdout_share: float = Field(default=0.10, ge=0, le=1)
    holdout_seed: str = Field(default="1", min_length=1)
    conversion_days: float = Field(default=14.0, gt=0, le=365)

    @field_validator("quiet_from", "quiet_until")
    @classmethod
    def on_the_clock(cls, value: str) -> str:
        if not CLOCK.fullmatch(value):
            raise ValueError("is not a time of day, for example 21:00")
        return value

    @property
    def quiet(self) -> tuple[time, time] | None:
        """When offers begin and cease to wait; None when they never do."""
        if self.quiet_from == self.quiet_until:
            return None
        return time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until)
