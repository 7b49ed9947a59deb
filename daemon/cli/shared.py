"""What commands share: the configuration in force, and printing lists for people and programs."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from daemon.config import Config, load_config
from daemon.importing.export import in_json
from store.facts import without_addresses

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="How many at most.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="In whose name; it stays with the movement for good.")]

DEFAULT_CONFIG = Path("config.toml")


@dataclass(frozen=True)
class Context:
    """What was said before the command's name."""

    config_path: Path | None

    def config(self) -> Config:
        """The configuration: the file named, else config.toml here; ConfigError when there is none."""
        return load_config(self.config_path or DEFAULT_CONFIG)

    def config_or_defaults(self) -> Config:
        """For commands that change nothing and need no shop."""
        if self.config_path is None and not DEFAULT_CONFIG.exists():
            return load_config(None)
        return self.config()


def config_of(context: typer.Context) -> Config:
    shared: Context = context.obj
    return shared.config()


def print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, default=in_json))


def print_rows(rows: Sequence[dict[str, Any]], columns: Iterable[str], as_json: bool, nothing: str) -> None:
    """A list: one JSON array for programs, an aligned table for people."""
    if as_json:
        print_json(rows)
        return
    if not rows:
        typer.echo(nothing)
        return
    names = list(columns)
    cells = [[plain(row[name]) for name in names] for row in rows]
    widths = [max(len(line[i]) for line in [names, *cells]) for i in range(len(names))]
    for line in [names, *cells]:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def print_fields(fields: dict[str, Any], as_json: bool) -> None:
    """One thing in full: a JSON object, or a line a field."""
    if as_json:
        print_json(fields)
        return
    width = max(map(len, fields), default=0)
    for name, value in fields.items():
        if value is not None and value != "":
            typer.echo(f"{name.ljust(width)}  {plain(value)}")


def plain(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def read_aside(told: str) -> str:
    """What an argument says; the first line of standard input for -, because others can see what arguments say."""
    return sys.stdin.readline().strip() if told == "-" else told


def fail(message: str) -> typer.Exit:
    """One line on standard error, and what to raise."""
    typer.echo(f"mailorder: {message}", err=True)
    return typer.Exit(1)


def named(told: str, option: str = "--by", longest: int = 40) -> str:
    """Who did something, or why, as it is kept in the books: short, in one line, and never a mail address."""
    if not told.strip() or len(told) > longest or not told.isprintable() or without_addresses(told) != told:
        raise fail(f"{option} must be one line of at most {longest} characters without a mail address")
    return told.strip()
