"""What `mailorder read` tells of a letter, with and without a catalogue."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon.config import Config
from daemon.importing.faults import TableError
from daemon.reading import as_text, csv_catalogue, read_letters
from daemon.request.shapes import AskKind
from daemon.request.spelling import words

LETTER = (
    "From: Ada Lovelace <ada@customer.example>\r\nTo: orders@shop.example\r\nSubject: {subject}\r\n"
    "Message-ID: <1@customer.example>\r\n{headers}\r\n{body}"
)
KINDS = words(
    "order cancel quote status my_orders products_under catalog recommend more help stop start export erase bounce "
    "automatic person unreadable change again notify more report"
)


Write = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    def write(subject: str, body: str, headers: str = "") -> Path:
        path = tmp_path / "letter.eml"
        path.write_bytes(LETTER.format(subject=subject, body=body, headers=headers).encode())
        return path

    return write


def test_one_object_with_the_promised_keys(written: Write) -> None:
    path = written("order", "Ship to: Ada\n1 Way\n\nItems:\nBJ02R0G72U8V, 2\n7B4VYMBRQNAR, two\n")
    (told,) = read_letters([path], None, Config())
    assert json.loads(json.dumps(told)) == {
        "file": str(path),
        "kind": "order",
        "items": [{"product_id": "BJ02R0G72U8V", "quantity": 2, "line": 5}],
        "ship_to": {"name": "Ada", "lines": ["1 Way"]},
        "order_number": None,
        "asked": None,
        "faults": [
            {
                "line": 6,
                "text": "7B4VYMBRQNAR, two",
                "reason": "quantity_in_words",
                "suggestion": "7B4VYMBRQNAR, 2",
            }
        ],
        "verdict": "none",
        "answered": True,
        "reason": "quantity_in_words",
        "read_besides": None,
    }


@pytest.mark.parametrize(
    ("subject", "body", "besides"),
    [
        ("order", "BJ02R0G72U8V, 2\n\nShip to: Ada\n1 Way\nDenver, CO 80202", None),
        (
            "order",
            "BJ02R0G72U8V, 2\nPlease wrap it for Tessa.\n\nShip to: Ada\n1 Way\nDenver, CO 80202",
            "beside_order",
        ),
        ("order", "BJ02R0G72U8V, 2 for Tessa\n\nShip to: Ada\n1 Way\nDenver, CO 80202", "beside_order"),
        ("order", "BJ02R0G72U8V, two\nPlease wrap it for Tessa.\n\nShip to: Ada\n1 Way\nDenver, CO 80202", None),
        ("my orders", "", None),
    ],
)
def test_that_a_person_reads_what_is_done_is_told(written: Write, subject: str, body: str, besides: str | None) -> None:
    (told,) = read_letters([written(subject, body)], None, Config())
    assert told["read_besides"] == besides
    assert ("a person reads it" in as_text(told)) == (besides is not None)


def test_without_a_catalogue_ids_are_believed_by_their_look(written: Write) -> None:
    (told,) = read_letters([written("order", "BJ02R0G72U8V Brass lamp, 2\n71053 x 6 @ $1.00\n")], None, Config())
    assert [(item["product_id"], item["quantity"]) for item in told["items"]] == [("BJ02R0G72U8V", 2), ("71053", 6)]
    assert told["reason"] == "accepted"


@pytest.mark.parametrize("kind", [kind.value for kind in AskKind])
def test_every_question_has_a_kind_that_programs_know(kind: str) -> None:
    assert kind in KINDS


@pytest.mark.parametrize(
    ("subject", "headers", "answered"),
    [
        ("help", "", True),
        ("order", "", True),
        ("Hello", "", True),
        ("order", "Auto-Submitted: auto-replied\r\n", False),
        ("help", "Auto-Submitted: auto-forwarded\r\n", False),
        ("cancel MO-7K3F-9Q2D", "Auto-Submitted: auto-forwarded\r\n", True),
    ],
)
def test_who_hears_of_it(written: Write, subject: str, headers: str, answered: bool) -> None:
    (told,) = read_letters([written(subject, "Where are you?" if subject == "Hello" else "", headers)], None, Config())
    assert told["answered"] is answered


def test_a_letter_too_large_is_not_read(written: Write) -> None:
    config = Config(limits={"letter_bytes": 10_000})
    (told,) = read_letters([written("order", "BJ02R0G72U8V, 2\n" + "x" * 10_000)], None, config)
    assert (told["kind"], told["reason"], told["items"]) == ("unreadable", "too_large", [])


def test_people_can_read_it_too(written: Write) -> None:
    (told,) = read_letters(
        [written("order", "Ship to: Ada\n1 Way\n\nBJ02R0G72U8V, 2\n7B4VYMBRQNAR, two\n")], None, Config()
    )
    text = as_text(told)
    for part in ("order, quantity_in_words", "line 4: 2 x BJ02R0G72U8V", "Ada, 1 Way", "! line 5: quantity_in_words"):
        assert part in text


def test_a_catalogue_of_ids_alone_knows_nothing_of_stock_and_prices(tmp_path: Path, written: Write) -> None:
    path = tmp_path / "ids.csv"
    path.write_text("product_id\nBJ02R0G72U8V\n")
    (told,) = read_letters([written("order", "BJ02R0G72U8V, 9999 @ $5\n")], csv_catalogue(path), Config())
    assert told["reason"] == "accepted"


def test_the_shops_own_catalogue() -> None:
    shelf = csv_catalogue(Path("daemon/simulator/catalogue.csv"))
    assert len(shelf.products) >= 40
    assert {"BJ02R0G72U8V", "7B4VYMBRQNAR"} <= shelf.products.keys()
    assert any(product.on_hand == 0 for product in shelf.products.values())
    assert any(product.price < 2000 for product in shelf.products.values())


@pytest.mark.parametrize("content", [b"id,quantity\nX,1\n", b"product_id,quantity\nX1,many\n", b"", b"\xff\xfe"])
def test_a_catalogue_that_cannot_be_read_says_so_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(TableError) as caught:
        csv_catalogue(path)
    assert "\n" not in str(caught.value)
