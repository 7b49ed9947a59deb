"""However a customer writes, it is understood as it was meant."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.config import Config
from daemon.reading import read_bytes
from daemon.request.shelf import shelf_of
from daemon.simulator.days import Act, Wish, customer
from daemon.simulator.pens import FORMS, NONSENSE, write
from daemon.simulator.purchases import Purchase
from store.facts import Product

AT = datetime(2024, 2, 29, 12, tzinfo=UTC)
IDS = ["BJ02R0G72U8V", "7B4VYMBRQNAR", "MVSNWNFRBHPJ", "2X4PINEBOARD", "3SPC9L1ND0YE", "86H2HKJ06GH0"]
SHELF = shelf_of(Product(one, one, "", 995, 1_000_000) for one in IDS)

wares = st.lists(
    st.tuples(st.sampled_from(IDS), st.integers(1, 9_999)), min_size=1, max_size=6, unique_by=lambda pair: pair[0]
).map(tuple)
emails = st.from_regex(r"[a-z]{1,8}[0-9]{0,3}@(mail|post)\.example", fullmatch=True)


def act_of(wish: Wish, style: int, what: tuple[tuple[str, int], ...] = (), email: str = "ada@mail.example") -> Act:
    bought = Purchase(AT.date(), email, "02134", what)
    return Act(AT, f"{style}.{wish.value}", wish, customer(bought), what, style=style)


@given(wares, emails, st.integers(0, 999), st.integers(0, 10_000))
def test_an_order_in_any_form_is_read_as_meant(
    what: tuple[tuple[str, int], ...], email: str, style: int, place: int
) -> None:
    act = act_of(Wish.ORDER, style, what, email)
    told = read_bytes(write(act, None, None), SHELF, Config())
    assert told["faults"] == []
    assert [(item["product_id"], item["quantity"]) for item in told["items"]] == list(what)
    assert told["ship_to"] == {"name": act.customer.name, "lines": [act.customer.street, act.customer.town]}
    assert told["ship_to"]["lines"][-1].endswith(" 02134")


def test_all_forms_come_up() -> None:
    kinds = {
        message_from_bytes(write(act_of(Wish.ORDER, n, ((IDS[0], 1),)), None, None)).get_content_type()
        for n in range(4)
    }
    assert len(FORMS) == 4
    assert kinds == {"text/plain", "text/html", "multipart/mixed"}


@pytest.mark.parametrize("style", range(len(NONSENSE)))
def test_nonsense_is_no_order(style: int) -> None:
    told = read_bytes(write(act_of(Wish.NONSENSE, style), None, None), SHELF, Config())
    assert told["kind"] not in ("order", "quote")
    assert told["items"] == []
    assert told["order_number"] is None


def confirmation() -> EmailMessage:
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = "Order MO-7K3F-9Q2D confirmed"
    mail["Message-ID"] = "<token@shop.example>"
    mail.set_content("Thank you!\n\nTo cancel, reply with cancel.\n")
    return mail


def test_a_cancellation_names_the_order_or_answers_its_confirmation() -> None:
    by_subject = read_bytes(write(act_of(Wish.CANCEL, 1), "MO-7K3F-9Q2D", confirmation()), SHELF, Config())
    assert (by_subject["kind"], by_subject["order_number"]) == ("cancel", "MO-7K3F-9Q2D")
    raw = write(act_of(Wish.CANCEL, 2), "MO-7K3F-9Q2D", confirmation())
    assert message_from_bytes(raw)["In-Reply-To"] == "<token@shop.example>"
    assert read_bytes(raw, SHELF, Config())["kind"] == "cancel"


@pytest.mark.parametrize("wish", [Wish.CANCEL, Wish.YES, Wish.REPEAT])
def test_nobody_writes_about_nothing(wish: Wish) -> None:
    with pytest.raises(ValueError, match="nothing to write"):
        write(act_of(wish, 0), None, None)
