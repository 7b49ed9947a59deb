"""Where templates live: what they may use, and nothing else."""

from collections.abc import MutableMapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from daemon.config import ShopConfig
from daemon.wording.columns import columns
from daemon.wording.compared import compared
from daemon.wording.figures import REMEMBERED, Moments, Money, locale_of, megabytes
from daemon.wording.links import mailto, one_tap, repeat_link
from daemon.wording.styles import StyledLoader


class Sandbox(ImmutableSandboxedEnvironment):
    """Where templates live: they show what they are told, and reach nothing else."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._known: dict[str, Template] = {}

    def getattr(self, obj: Any, attribute: str) -> Any:
        # What a mail tells comes first, also where a mapping has a method of that name; and it saves an exception each.
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def call(self, context: Context, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        # Macros are the templates' own and these functions are lent by us: to ask what they are, as Jinja does, takes
        # longer than most of them do.
        if type(called) is Macro:
            args = (context.eval_ctx, *args)
        elif type(called) is not partial:
            return super().call(context, called, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return called(*args, **kwargs)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        # Each rendering copies what all templates know; from a ChainMap, as Jinja has it, that takes ten times as long.
        return {**self.globals, **(d or {})}

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        # A mail asks eight times, for its own templates and for what they share. They never change while we run, so
        # no file and no cache of weak references has to be looked at for each.
        known = self._known.get(name) if isinstance(name, str) else None
        if known is None:
            known = super().get_template(name, parent, globals)
            if isinstance(name, str):
                self._known[name] = known
        return known


def environment(shop: ShopConfig, folders: list[Path]) -> Sandbox:
    """The templates of these folders, what all of them may use, and escaping for those in HTML."""
    made = Sandbox(
        loader=StyledLoader(folders),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    locale = locale_of(shop.locale)
    made.globals.update(
        shop=shop.model_dump() | {"domain": shop.domain, "zone": shop.zone},
        mailto=partial(mailto, shop.address),
        one_tap=partial(one_tap, shop.address),
        repeat_link=partial(repeat_link, shop.address),
        columns=columns,
        compared=compared,
    )
    made.filters["money"] = Money(shop.currency, locale)
    # The text and the HTML of a mail tell the same moments.
    made.filters["moment"] = lru_cache(REMEMBERED)(Moments(shop.zone, locale))
    made.filters["megabytes"] = megabytes
    return made
