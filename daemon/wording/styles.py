"""The style sheet put on the tags themselves, once, when a template is compiled.

Many mail programs drop style sheets, so the rules must stand on each tag. css-inline does that to a
finished mail, in 0.1 ms each, a third of what the whole mail takes; put on the template it costs
nothing a mail. The price is that only plain rules work, one tag or one class, and that a class
cannot depend on the mail: both are refused aloud. The tests compare the outcome with css-inline's.
"""

import re
from collections.abc import Callable
from pathlib import Path

from jinja2 import BaseLoader, Environment, FileSystemLoader, TemplateSyntaxError

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
SELECTOR = re.compile(r"\.?[a-z][a-z0-9-]*")
# A start tag with its attributes; a ">" inside quotes does not end it.
START_TAG = re.compile(r"""<([a-z][a-z0-9]*)((?:[^<>"]|"[^"]*")*)>""")
CLASS = re.compile(r'\sclass="([^"]*)"')
SHEET = "layout/style.css"

Rules = dict[str, dict[str, str]]
Source = tuple[str, str | None, Callable[[], bool] | None]


class StyledLoader(BaseLoader):
    """Templates from folders, the first that has one; those in HTML come with layout/style.css on their tags."""

    def __init__(self, folders: list[Path]) -> None:
        self._files = FileSystemLoader(folders)
        self._rules: Rules | None = None

    def get_source(self, environment: Environment, template: str) -> Source:
        source, path, fresh = self._files.get_source(environment, template)
        if not template.endswith(".html"):
            return source, path, fresh
        if self._rules is None:
            self._rules = read_rules(self._files.get_source(environment, SHEET)[0])
        return styled(source, self._rules, template), path, fresh


def read_rules(sheet: str) -> Rules:
    """Selector to declarations, in the order of the sheet; TemplateSyntaxError names a rule that is not plain."""
    rules: Rules = {}
    for selector, body in RULE.findall(COMMENT.sub("", sheet)):
        name = selector.strip()
        if not SELECTOR.fullmatch(name):
            raise TemplateSyntaxError(f'the rule "{name}" is not plain: write one tag or one .class', 1, SHEET)
        declarations = (declaration.partition(":") for declaration in body.split(";") if declaration.strip())
        rules.setdefault(name, {}).update({key.strip(): value.strip() for key, _, value in declarations})
    return rules


def styled(source: str, rules: Rules, template: str) -> str:
    """The template with a style attribute on each tag that a rule is about.

    Raises TemplateSyntaxError for a class that the sheet does not know, or that Jinja would fill in.
    """

    def with_style(tag: re.Match[str]) -> str:
        name, attributes = tag.groups()
        found = CLASS.search(attributes)
        classes = [f".{each}" for each in found.group(1).split()] if found else []
        for unknown in (each for each in classes if each not in rules):
            line = source.count("\n", 0, tag.start()) + 1
            raise TemplateSyntaxError(f'class "{unknown[1:]}" is not in {SHEET}', line, template, template)
        # In one sheet a class wins over a tag, and of two classes the later rule.
        chosen = [name, *(each for each in rules if each in classes)]
        style = {key: value for each in chosen for key, value in rules.get(each, {}).items()}
        told = ";".join(f"{key}:{value}" for key, value in style.items())
        return f'<{name}{attributes} style="{told}">' if told else tag.group()

    return START_TAG.sub(with_style, source)
