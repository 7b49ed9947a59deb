"""How far a long command has come: a bar on a terminal, now and then a plain line elsewhere; on standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LINE_EVERY = 10_000


@contextmanager
def progress(label: str, every: int = LINE_EVERY, then: str = "") -> Iterator[Callable[[int, int], None]]:
    """Give out what is told how many are done, of how many; the bar starts anew when the total is another.

    `then` says what goes on when all are done, where that takes its time.
    """
    if not sys.stderr.isatty():
        yield in_lines(label, every)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    told = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*told, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label)

        def tell(done: int, of: int) -> None:
            bar.update(task, completed=done, total=max(of, done), visible=not then or done < of)
            if then and done >= of:
                bar.add_task(then, total=None)  # nobody knows how long

        yield tell


def in_lines(label: str, every: int) -> Callable[[int, int], None]:
    """Tells each so many once; a short file passes without a word."""
    told = 0

    def tell(done: int, of: int) -> None:
        nonlocal told
        if done // every > told:
            print(f"{label}: {done:,} of {of:,}", file=sys.stderr)
        told = done // every

    return tell
