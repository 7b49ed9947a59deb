"""What is held of one person, as files: all of it as JSON, and what is a table as CSV."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from daemon.cli.order_files import HEADER, rows
from daemon.cli.shared import in_json
from daemon.handle.customer import Held
from daemon.importing.export import Cell, write_table


def write_files(held: Held, everything: dict[str, Any], folder: Path) -> list[Path]:
    """Write the files into a folder made for them, which only its owner can enter. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True)
    whole = folder / "customer.json"
    whole.write_text(json.dumps(everything, ensure_ascii=False, indent=2, default=in_json), "utf-8")
    tables: dict[str, tuple[Sequence[str], Sequence[Sequence[Cell]]]] = {
        "orders.csv": (HEADER, [row for order in held.orders for row in rows(order)]),
        "letters.csv": (
            ("letter_id", "arrived_at", "kind", "outcome", "reason", "order_number"),
            [
                [one.letter_id, one.arrived_at, one.kind, one.outcome.value, one.reason, one.order_number]
                for one in held.letters
            ],
        ),
        "mails.csv": (
            ("created_at", "kind", "state", "settled_at", "order_number"),
            [
                [one.created_at, one.mail.kind, one.state.value, one.settled_at, one.mail.order_number]
                for one in held.mails
            ],
        ),
    }
    for name, (header, table) in tables.items():
        write_table(folder / name, header, table)
    return [whole, *(folder / name for name in tables)]
