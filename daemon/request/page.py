"""The body of a letter as it is being read from top to bottom, and what a reader has to know of the shop."""

from dataclasses import dataclass, field

from daemon.request.commands import Command
from daemon.request.shapes import Fault, ItemLine, ShipTo

Line = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a reader has to know of the shop."""

    max_lines: int
    max_quantity: int
    currency: str


@dataclass(slots=True)
class Body:
    """A body as it is being read from top to bottom."""

    rules: Rules
    declared: bool  # the letter has announced that it is an order
    items: list[ItemLine] = field(default_factory=list)
    ship_to: ShipTo | None = None
    address_of: str | None = None  # the order that it is to go after
    name: str = ""
    emails: list[tuple[int, str, str]] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    before: list[Line] = field(default_factory=list)  # prose before the first item
    after: list[Line] = field(default_factory=list)  # prose behind it
    noted: list[Line] = field(default_factory=list)  # behind keys that are of no use to us ("Delivery: express")
    written: list[int] = field(default_factory=list)  # the numbers of the lines that are not blank
    below: list[Line] = field(default_factory=list)  # under the closing, which is not read
    numbers: list[str] = field(default_factory=list)  # order numbers told on lines of their own
    faults: list[Fault] = field(default_factory=list)
    total: int | None = None
    keyed: bool = False  # an order form's key was seen
    listed: list[int] = field(default_factory=list)  # the lines that announce items ("Items:")
    step: int = 1  # from one line to the next; 2 where a blank was put between any two
    block: list[Line] = field(default_factory=list)  # lines of the address being read
    block_line: int | None = None
    billing: bool = False  # whether that address is where the bill goes
    billed: Fault | None = None  # where it goes, told where no parcel address is
    joins: list[Line] = field(default_factory=list)  # "also", "plus" on lines of their own between items
    unread: list[Line] = field(default_factory=list)  # since the last item, not yet known to be prose

    @property
    def prose(self) -> list[Line]:
        return [*self.before, *self.after]


def keep_prose(body: Body, number: int, text: str) -> None:
    (body.after if body.items else body.before).append((number, text))
