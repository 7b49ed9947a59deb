"""`mailorder` with stopwatches on its stations: the same processes and threads, told apart by stage at the end.

Run as `python -m bench.watched FILE -c CONFIG run`; the file gets processor seconds by stage as JSON, a line a process.
"""

import functools
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

# Where a stage is entered: module, what holds the function (or "" for the module), its name.
STAGES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "fetch": (("daemon.inbox.imap", "Mailbox", "waiting"), ("daemon.inbox.imap", "Mailbox", "fetch")),
    "parse": (("daemon.handle.prepare", "", "parse"),),
    "read": (("daemon.handle.prepare", "", "read"),),
    "decide+book": (("daemon.handle.handle", "", "book"),),
    "claim": (("daemon.dispatch.dispatch", "Dispatch", "claim"), ("daemon.dispatch.dispatch", "Dispatch", "personal")),
    "word": (("daemon.dispatch.dispatch", "Dispatch", "envelope"),),
    "send": (("daemon.post.smtp", "Relay", "send"),),
    "settle": (("daemon.dispatch.dispatch", "Dispatch", "settle"),),
    "move": (("daemon.inbox.imap", "Mailbox", "move"),),
}


def timed(stage: str, work: Callable[..., Any], spent: dict[str, float]) -> Callable[..., Any]:
    """The same function, its thread's processor time added up; no stage is entered by two threads at once."""

    @functools.wraps(work)
    def watched(*args: Any, **kwargs: Any) -> Any:
        began = time.thread_time()
        try:
            return work(*args, **kwargs)
        finally:
            spent[stage] += time.thread_time() - began

    @functools.wraps(work)
    async def watched_loop(*args: Any, **kwargs: Any) -> Any:
        # The sending thread's loop does nothing else meanwhile, so all of its time is the sending's.
        began = time.thread_time()
        try:
            return await work(*args, **kwargs)
        finally:
            spent[stage] += time.thread_time() - began

    return watched_loop if stage == "send" else watched


def put_on(spent: dict[str, float]) -> None:
    for stage, entrances in STAGES.items():
        for module_name, holder_name, name in entrances:
            module = import_module(module_name)
            holder = getattr(module, holder_name) if holder_name else module
            setattr(holder, name, timed(stage, getattr(holder, name), spent))


def tell_at_the_end(spent: dict[str, float], target: Path) -> None:
    """The delivery's process ends for itself, with what its copy of the stopwatches shows."""
    from daemon.service.delivery import Delivery

    run_apart = Delivery.run_apart

    def run_and_tell(delivery: Delivery) -> None:
        spent.clear()
        run_apart(delivery)
        tell(spent, target)

    Delivery.run_apart = run_and_tell  # type: ignore[method-assign, assignment]


def tell(spent: dict[str, float], target: Path) -> None:
    with target.open("a") as file:
        file.write(json.dumps(spent) + "\n")


def main() -> None:
    from daemon.cli import main as mailorder

    target = Path(sys.argv.pop(1))
    spent: dict[str, float] = defaultdict(float)
    put_on(spent)
    tell_at_the_end(spent, target)
    try:
        mailorder()
    finally:
        tell(spent, target)


if __name__ == "__main__":
    main()
