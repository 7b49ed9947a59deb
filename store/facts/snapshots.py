"""Frozen shapes as plain JSON and back, field by field: how figures are kept."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from store.facts.text import JSON

Shape = TypeVar("Shape")


class SnapshotError(Exception):
    """What was kept is not of the shape that it is read as; the message names the shape and what does not fit."""


def told(shape: Any) -> JSON:
    """The shape as JSON: its fields by name; what it derives from them is left out."""
    return {field.name: plain(getattr(shape, field.name)) for field in fields(shape)}


def plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return told(value) if is_dataclass(value) else value


def untold(shape: type[Shape], json: JSON) -> Shape:
    """What `told` made of the shape, made the shape again; fields that came later have their defaults.

    Raises SnapshotError for what is not of this shape.
    """
    try:
        hints = hints_of(shape)  # type: ignore[arg-type]
        return shape(**{name: typed(hints[name], value) for name, value in json.items()})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SnapshotError(f"not {shape.__name__}: {type(error).__name__}: {error}") from error


@cache
def hints_of(shape: type) -> dict[str, Any]:
    return get_type_hints(shape)


def typed(hint: Any, value: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        return None if value is None else typed(next(one for one in get_args(hint) if one is not NoneType), value)
    if get_origin(hint) is tuple:
        return tuple(typed(get_args(hint)[0], one) for one in value)
    if hint in (datetime, date):
        return hint.fromisoformat(value)
    if is_dataclass(hint):
        return untold(hint, value)  # type: ignore[arg-type]
    return hint(value) if isinstance(hint, type) and issubclass(hint, Enum) else value
