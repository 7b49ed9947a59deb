"""Two lists of an order's lines set against each other: what was put in, taken out, altered, or stays as it was."""

from collections.abc import Iterable, Mapping
from typing import Any

from store.facts import JSON


def compared(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> list[JSON]:
    """Each product once: those of the list after in their order, then those that are gone.

    `state` is in, out, more, fewer or same; `quantity` and `unit_price` (cents) are those after, or before of what is
    gone; `before` is how many there were, `price_before` the old price where it is another now, else None.
    """
    had, has = by_product(before), by_product(after)
    gone = [{**line, "state": "out", "before": line["quantity"]} for key, line in had.items() if key not in has]
    return [{"price_before": None, **line} for line in (*(set_against(had.get(key), has[key]) for key in has), *gone)]


def set_against(old: JSON | None, new: JSON) -> JSON:
    if old is None:
        return {**new, "state": "in", "before": 0}
    state = "more" if new["quantity"] > old["quantity"] else "fewer" if new["quantity"] < old["quantity"] else "same"
    price_before = old["unit_price"] if old["unit_price"] != new["unit_price"] else None
    return {**new, "state": state, "before": old["quantity"], "price_before": price_before}


def by_product(lines: Iterable[Mapping[str, Any]]) -> dict[str, JSON]:
    """The same product added up, by its id; a past order may hold it at two prices, of which the first is told."""
    found: dict[str, JSON] = {}
    for line in lines:
        key = line["product_id"]
        quantity = line["quantity"] + found.get(key, {"quantity": 0})["quantity"]
        found[key] = {**line, **found.get(key, {}), "quantity": quantity}
    return found
