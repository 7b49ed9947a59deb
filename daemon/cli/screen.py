"""What a person sees of the demo: each letter as it arrives, what was understood, decided, and mailed back."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from daemon.dispatch import Sent
from daemon.handle import Handled
from daemon.request.shapes import Ask, Automatic, CancelOrder, ForPerson, PlaceOrder, Request, Several, Yes
from daemon.simulator.cast import Scene
from daemon.simulator.demo import Shown
from daemon.simulator.writing import SHOP
from store.facts import MailState

COLOURS = {"done": "green", "refused": "yellow", "held": "magenta", "person": "cyan", "ignored": "dim", "failed": "red"}

ONE_LINE = (
    "python3 -c \"import smtplib; smtplib.SMTP('127.0.0.1', {port}).sendmail('me@customer.example', '{shop}',"
    " 'From: me@customer.example\\nSubject: order\\n\\nShip to: Me, 1 My Street, My Town 12345\\n\\n"
    "BJ02R0G72U8V, 1\\n')\""
)


class Screen:
    """Prints as things happen; colours on a terminal, plain lines elsewhere."""

    def __init__(self) -> None:
        self.console = Console(highlight=False, soft_wrap=True)

    def scene(self, scene: Scene) -> None:
        self.console.print(f"\n[bold]{escape(scene.title)}[/]")

    def handled(self, one: Handled) -> None:
        if one.case is None:
            return
        letter = one.case.letter
        self.console.print(f"  letter      {escape(letter.sender or '?')}: {escape(letter.subject or '(no subject)')}")
        self.console.print(f"  understood  {escape(understood(one.case.request))}")
        colour = COLOURS[one.outcome.value]
        number = f"  {one.decision.order_number}" if one.decision and one.decision.order_number else ""
        self.console.print(f"  decided     [{colour}]{one.outcome.value}[/]: {one.reason}{number}")

    def sent(self, one: Sent) -> None:
        mail = one.queued.mail
        to = mail.role.value if mail.role else "the customer"
        accepted = one.settlement.state is MailState.SENT
        self.console.print(f"  mailed      {mail.kind} to {to}{'' if accepted else f' ({one.settlement.state.value})'}")

    def verdict(self, shown: Shown) -> None:
        if shown.ok:
            self.console.print("  [green]as it should be[/]")
        else:
            expected = f"{shown.scene.outcome}, {shown.scene.reason}, {', '.join(shown.scene.answers) or 'no answer'}"
            self.console.print(f"  [red]not as it should be[/]: expected {expected}")

    def open_house(self, index: Path, imap_port: int, smtp_port: int) -> None:
        self.console.print(
            f"\n[bold]The shop stays open.[/] All mails so far: [link={index.resolve().as_uri()}]{index}[/]\n"
            f"Write to it from a mail program: {SHOP} over SMTP 127.0.0.1:{smtp_port}, no login, no encryption;\n"
            f"look into its mailbox over IMAP 127.0.0.1:{imap_port}, user demo, password demo.\n"
            f"Or with one line of Python:\n"
        )
        self.console.print(ONE_LINE.format(port=smtp_port, shop=SHOP), markup=False)
        self.console.print("\nCtrl-C closes the shop.")

    def end(self, ok: bool, shown: Sequence[Shown], index: Path) -> None:
        good = sum(one.ok for one in shown)
        colour, word = ("green", "Every answer was delivered.") if ok else ("red", "Something is not as it should be.")
        self.console.print(f"\n[{colour}]{good} of {len(shown)} letters had their expected outcome. {word}[/]")
        self.console.print(f"All mails: {index}")

    def ended(self, shown: Sequence[Shown], index: Path) -> None:
        good = sum(one.ok for one in shown)
        told = f"Ended before the last scene: {len(shown)} played, {good} as they should be."
        self.console.print(f"\n{told}\nAll mails: {index}")


class Silence(Screen):
    """For a program that waits for the JSON at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.console.quiet = True


def understood(request: Request) -> str:
    match request:
        case PlaceOrder():
            items = " | ".join(item.text.strip() for item in request.items)
            what = "a price check" if request.quote else "an order"
            if request.replaces is not None:
                what = f"change {', '.join(request.replaces) or 'the order of this thread'}"
            return f"{what}: {items}"
        case CancelOrder():
            return f"cancel {', '.join(request.numbers) or 'the order of this thread'}"
        case Ask():
            return f"{request.kind.value} {request.argument}".strip()
        case Several():
            return " / ".join(understood(step.request) for step in request.steps if step.request is not None)
        case Yes():
            return " ".join(["yes", *request.numbers, str(request.choice or request.count or "")]).strip()
        case Automatic():
            return f"a machine ({request.reason})"
        case ForPerson():
            return f"something for a person ({request.reason})"
        case _:
            return type(request).__name__.lower()
