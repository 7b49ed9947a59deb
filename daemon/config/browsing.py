"""What customers may look through by letter: how much of it fits into one mail, and in which order."""

from typing import Literal

from pydantic import Field

from daemon.config.sections import Section


class BrowsingConfig(Section):
    """`page` is of products, `orders` of past orders, `suggestions` of what is recommended: how many in one mail."""

    page: int = Field(default=10, ge=1, le=50)
    order: Literal["cheapest", "best_seller"] = "cheapest"
    orders: int = Field(default=10, ge=1, le=15)
    suggestions: int = Field(default=3, ge=1, le=10)
