"""mailorder demo: a whole shop on loopback to watch, to write to, and to check."""

import shutil
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daemon.cli.shared import AsJson, print_json
from daemon.config import LogConfig
from daemon.logs import set_up
from daemon.service.run import stop_on_signals

if TYPE_CHECKING:
    from daemon.cli.screen import Screen
    from daemon.simulator.demo import Shown, Theatre


KEEP_SECONDS = 1.0
"""How soon a visitor finds the answer to a letter of their own in the folder."""
INTERRUPTED = 130
"""What a shell says of a command that Ctrl-C ended."""


def add_to(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    once: Annotated[bool, typer.Option("--once", help="Play the scenario, check it, exit 0 or 1.")] = False,
    out: Annotated[Path, typer.Option(help="Where the mails are kept.")] = Path("demo-mail"),
    as_json: AsJson = False,
) -> None:
    """Open a shop on loopback, let a cast of customers write to it, and watch what becomes of each letter."""
    # The servers of the demo are not installed with a shop that runs for real.
    from daemon.cli.screen import Screen, Silence

    set_up(LogConfig(level="warning"))
    out.mkdir(parents=True, exist_ok=True)
    stop = threading.Event()
    stop_on_signals(stop)
    books = Path(tempfile.mkdtemp(prefix="mailorder-demo-"))
    try:
        played = play(books, out, Silence() if as_json else Screen(), stop, stay=not once)
    finally:
        shutil.rmtree(books)
    if as_json:
        scenes = [told(one) for one in played.shown]
        print_json({"ok": played.ok, "ended": played.ended, "index": str(played.index), "scenes": scenes})
    if played.ended:
        raise typer.Exit(INTERRUPTED)
    if not played.ok:
        raise typer.Exit(1)


@dataclass(frozen=True)
class Played:
    """The scenes that were played; `ended` when somebody closed the shop before the last of them."""

    shown: "Sequence[Shown]"
    ok: bool
    ended: bool
    index: Path


def play(books: Path, out: Path, screen: "Screen", stop: threading.Event, stay: bool) -> Played:
    from daemon.simulator.cast import SCENES
    from daemon.simulator.demo import Programme, perform_all, theatre
    from daemon.simulator.folder import keep

    early = threading.Event()

    def after(at: "Theatre") -> None:
        # Nobody but a visitor has set it by now; when the cast is gone, it is set anyway.
        if stop.is_set():
            early.set()
        if stay and not stop.is_set():
            screen.open_house(keep(tuple(at.smtp.kept), out), at.imap.port, at.smtp.port)
            shown = len(at.smtp.kept)
            while not stop.wait(KEEP_SECONDS):
                if len(at.smtp.kept) != shown:
                    shown = len(at.smtp.kept)
                    keep(tuple(at.smtp.kept), out)

    with theatre(books, screen.handled, screen.sent) as at:
        shown = perform_all(at, stop, Programme(screen.scene, screen.verdict, after))
        ok = at.complete(shown)
        index = keep(tuple(at.smtp.kept), out)
    ended = early.is_set() and len(shown) < len(SCENES)
    if ended:
        screen.ended(shown, index)
    else:
        screen.end(ok, shown, index)
    return Played(shown, ok, ended, index)


def told(one: "Shown") -> dict[str, Any]:
    return {
        "title": one.scene.title,
        "ok": one.ok,
        "outcome": one.handled.outcome.value if one.handled else None,
        "reason": one.handled.reason if one.handled else None,
        "answers": list(one.answers),
        "expected": {
            "outcome": one.scene.outcome,
            "reason": one.scene.reason,
            "answers": list(one.scene.answers),
        },
    }
