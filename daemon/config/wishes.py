"""Who is told that a product is back in stock: for how long we remember it, and of how many products."""

from pydantic import Field

from daemon.config.sections import Section


class WishesConfig(Section):
    days: float = Field(default=90.0, gt=0, le=3_650)
    per_person: int = Field(default=20, ge=1, le=1_000)
