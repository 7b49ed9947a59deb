"""What something written is nearest to, whatever slips it has."""

import pytest

from daemon.request.nearest import MOST_TIED, near_words
from daemon.request.shelf import shelf_of
from store.facts import Product

NAMES = {
    "BJ02R0G72U8V": "Brass desk lamp",
    "7B4VYMBRQNAR": "Stoneware teapot, 1.2 l",
    "85123A": "Café mug",
    "85124A": "Paper lantern, red",
    "TEAPOT": "For two",
}
SHELF = shelf_of(Product(one, name, "", 100, 5) for one, name in NAMES.items())


def near(written: str, *named: tuple[str, str]) -> tuple[str, ...]:
    shelf = shelf_of(Product(one, name, "", 100, 5) for one, name in named) if named else SHELF
    return tuple(product.product_id for product in shelf.nearest(written))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("BJ02R0G72U8W", "BJ02R0G72U8V"),
        ("BJO2R0G72U8", "BJ02R0G72U8V"),
        ("7B4VYMBRQNA", "7B4VYMBRQNAR"),
        ("85123B", "85123A"),
        ("7B4V YMB RQNRA", "7B4VYMBRQNAR"),
        ("brass desk lamps", "BJ02R0G72U8V"),
        ("barss desk lamp", "BJ02R0G72U8V"),
        ("desk lamp", "BJ02R0G72U8V"),
        ("one of those nice brass desk lamps please", "BJ02R0G72U8V"),
        ("desklamp brass", "BJ02R0G72U8V"),
        ("stone ware teapot", "7B4VYMBRQNAR"),
        ("stoneware tea pot 1.2 l", "7B4VYMBRQNAR"),
        ("the red lanterns", "85124A"),
        ("cafe mugs", "85123A"),
        ("tea pot", "TEAPOT"),
    ],
)
def test_a_slip_is_understood(written: str, meant: str) -> None:
    assert near(written) == (meant,)


@pytest.mark.parametrize("written", ["", "x", "zz", "unicorns", "3SPC9L1ND0YE", "12 34", "by the way", "!?"])
def test_what_is_near_to_nothing_has_nothing_near(written: str) -> None:
    assert near(written) == ()


def test_the_very_name_is_nearer_than_longer_ones() -> None:
    lamps = (("A", "Brass desk lamp, large"), ("B", "Brass desk lamp"), ("C", "Brass desk lamp, small"))
    assert near("brass desk lamps", *lamps) == ("B",)
    assert set(near("brass lamp", *lamps)) == {"A", "B", "C"}


def test_the_very_name_is_found_among_any_number_of_longer_ones() -> None:
    many = [(f"A{n:04}", f"Lamp number {n:04}") for n in range(500)]
    assert near("lamps", *many, ("B1", "Lamp")) == ("B1",)
    assert len(near("lamp number", *many)) == MOST_TIED


def test_a_word_torn_in_two_is_one_word() -> None:
    assert near("tea pot", ("BJ02R0G72U8V", "Teapot")) == ("BJ02R0G72U8V",)
    assert near("brasslamp", ("BJ02R0G72U8V", "Brass lamp")) == ("BJ02R0G72U8V",)


def test_a_word_that_is_there_is_not_taken_for_one_that_looks_like_it() -> None:
    shirts = [(f"A{n:04}", f"Cotton shirt {n:04}") for n in range(360)]
    skirts = [(f"B{n:04}", f"Cotton skirt {n:04}") for n in range(240)]
    for written in ("cotton shirt", "shirts", "shrit cotton"):
        found = near(written, *skirts, *shirts)
        assert found
        assert all(one.startswith("A") for one in found), written


def test_a_word_that_is_there_is_not_taken_for_the_beginning_of_another() -> None:
    shades = [(f"A{n:04}", "Desk lampshade") for n in range(240)]
    lamps = [(f"B{n:04}", "Desk lamp with switch") for n in range(360)]
    assert all(one.startswith("B") for one in near("desk lamp", *shades, *lamps))


def test_of_a_word_begun_the_shortest_are_meant() -> None:
    named = [("A1B2C3", "Candle"), ("D4E5F6", "Chocolate box")]
    assert near("choco box", *named) == ("D4E5F6",)
    assert near("the candl", *named) == ("A1B2C3",)


def test_another_size_is_no_slip() -> None:
    assert near_words(["12pc", "lanp"], ["18pc", "lamp"]) == ("lamp",)


def test_only_what_is_nearest_is_near() -> None:
    assert near_words(["candel"], ["angel", "candle"]) == ("candle",)


def test_an_id_is_no_name() -> None:
    named = ("7B4VYMBRQNAR", "Lamp 3SPC9L1ND0YE of brass")
    assert near("3SPC9L1ND0YE", named) == ()
    assert near("lamp 3SPC9L1ND0YE", named) == ("7B4VYMBRQNAR",)


def test_what_is_no_longer_on_sale_is_not_suggested() -> None:
    gone = Product("BJ02R0G72U8V", "Brass desk lamp", "", 100, 5, active=False)
    further = Product("BJ02R0G72U99", "Copper kettle", "", 100, 5)
    shelf = shelf_of([gone, further])
    assert shelf.nearest("BJ02R0G72U8W") == (further,)
    assert shelf.nearest("brass desk lamps") == ()
