"""What templates may use, and what they may not reach."""

from typing import Any

import pytest
from jinja2.exceptions import SecurityError, UndefinedError

from daemon.config import ShopConfig
from daemon.wording.sandbox import environment

SHOP = ShopConfig(address="orders@shop.example", name="The Shop", timezone="America/Denver")


def rendered(template: str, **told: Any) -> str:
    return environment(SHOP, []).from_string(template).render(told)


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ shop.name }}", "The Shop"),
        ("{{ shop.domain }}", "shop.example"),
        ("{{ shop.zone }}", "America/Denver"),
        ("{{ 1999|money }}", "$19.99"),
        ("{{ mailto('help') }}", "mailto:orders@shop.example?subject=help"),
        ("{% macro twice(word) %}{{ word }}{{ word }}{% endmacro %}{{ twice('a') }}", "aa"),
        ("{% macro around() %}<{{ caller() }}>{% endmacro %}{% call around() %}b{% endcall %}", "<b>"),
    ],
)
def test_templates_use_what_they_are_lent(template: str, shown: str) -> None:
    assert rendered(template) == shown


@pytest.mark.parametrize(
    "template",
    [
        "{{ mailto.func.__globals__ }}",
        "{{ shop.update({'name': 'x'}) }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ told.clear() }}",
        "{{ nothing }}",
    ],
)
def test_templates_reach_nothing_else(template: str) -> None:
    with pytest.raises((SecurityError, UndefinedError)):
        rendered(template, told={"a": 1})
