"""Numbers of reports as a person reads them: counts, shares and differences in the shop's locale and currency."""

from babel.core import Locale
from babel.numbers import format_decimal

from daemon.config import ShopConfig
from daemon.wording.figures import Money, locale_of
from store.facts import Change

NOTHING = "–"


class Numbers:
    """Puts numbers into words. Raises ConfigError when shop.locale is not a locale."""

    def __init__(self, shop: ShopConfig) -> None:
        self.locale: Locale = locale_of(shop.locale)
        self.currency = shop.currency
        self.money = Money(shop.currency, self.locale)

    def count(self, number: int) -> str:
        return str(format_decimal(number, locale=self.locale))

    def share(self, share: float | None) -> str:
        """0.412 is "41.2 %"; a dash when there is nothing to take a share of."""
        return NOTHING if share is None else f"{self.tenths(share * 100)} %"

    def change(self, share: float | None) -> str:
        """0.081 is "+8.1 %"; what rounds to nothing has no sign."""
        if share is None:
            return NOTHING
        told = self.tenths(abs(share) * 100)
        sign = "" if told == self.tenths(0) else "-" if share < 0 else "+"
        return f"{sign}{told} %"

    def more_money(self, cents: float) -> str:
        """A difference of amounts, with its sign; parts of a cent, as a mean has them, are rounded."""
        whole = round(cents)
        return f"+{self.money(whole)}" if whole > 0 else self.money(whole)

    def more(self, count: float) -> str:
        """A difference of counts, with its sign; of a mean with one decimal."""
        told = self.mean(abs(count))
        return told if count == 0 else f"{'+' if count > 0 else '-'}{told}"

    def mean(self, number: float) -> str:
        return self.count(int(number)) if number == int(number) else self.tenths(number)

    def tenths(self, number: float) -> str:
        return str(format_decimal(number, format="#,##0.0", locale=self.locale))

    def changed(self, change: Change, money: bool = False) -> dict[str, str]:
        """A change as a table shows it: now, before, the difference and its share."""
        if money:
            now, before, more = (
                self.money(change.now),
                self.money(round(change.before)),
                self.more_money(change.difference),
            )
        else:
            now, before, more = self.count(change.now), self.mean(change.before), self.more(change.difference)
        return {"now": now, "before": before, "difference": more, "share": self.change(change.share)}
