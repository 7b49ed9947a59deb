"""Reports from the books to the relay: each recipient gets his own, worded from what was told when it was made."""

import asyncio
import email
import email.policy
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text

from daemon.config import Config
from daemon.dispatch import Sent
from daemon.handle import handle
from daemon.inbox.imap import Arrived
from daemon.post.smtp import Relay
from daemon.reports.making import make_due
from daemon.reports.plots import Drawing, PlotError, draw
from daemon.reports.sending import Reporting
from daemon.service.checking import check_reports
from daemon.service.house import House, open_house
from daemon.simulator.servers import SmtpServer
from daemon.wording.carried import Picture
from store import catalogue, orders, outbox, periods
from store.facts import Mail, MailState, Order, OrderLine, OrderState, Product

MONDAY = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)  # midnight in Denver
OPENING = MONDAY - timedelta(days=10)
DUE = MONDAY + timedelta(days=7, minutes=45)
ANNA, OTTO = "anna@shop.example", "otto@shop.example"
ADA = "ada@customer.example"
LAMP = Product("BJ02R0G72U8V", "Brass desk lamp", "home", price=4_950, on_hand=1_000, cost=2_000)
UIDS = count(1)
PASS = "Authentication-Results: mx.shop.example; dmarc=pass header.from=shop.example"


@dataclass
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Shop:
    house: House
    clock: Clock
    smtp: SmtpServer

    def mailed(self) -> list[EmailMessage]:
        messages = [email.message_from_bytes(kept.message, policy=email.policy.default) for kept in self.smtp.kept]
        return [message for message in messages if isinstance(message, EmailMessage)]


def an_order(house: House, number: int, placed_at: datetime, who: str = ADA) -> Order:
    line = OrderLine(LAMP.product_id, LAMP.name, 2, LAMP.price, LAMP.cost)
    return Order(
        number=f"MO-TEST-{number:04}",
        hashed_email=house.vault.hashed(who),
        state=OrderState.PLACED,
        arrived_at=placed_at,
        placed_at=placed_at,
        cancel_until=placed_at,
        address_id=None,
        fingerprint=str(number),
        letter_id=None,
        lines=(line,),
        source=f"test:{number}",
    )


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop that takes five orders in the week of 9 November and seven in the next, and reports to two people."""
    with SmtpServer() as smtp:
        told = {
            "shop": {"timezone": "America/Denver"},
            "database": {
                "shop_url": f"sqlite:///{tmp_path / 'shop.sqlite'}",
                "vault_url": f"sqlite:///{tmp_path / 'vault.sqlite'}",
                "vault_key_file": str(tmp_path / "vault.key"),
            },
            "mailbox": {"orders": {"user": "demo", "authserv_id": "mx.shop.example"}},
            "smtp": {"host": "127.0.0.1", "port": smtp.port, "security": "none"},
            "reports": {
                "marketing": {"weekly": "monday 00:30", "monthly": ""},
                "finance": {"weekly": "monday 00:00"},
                "staff": {
                    "anna": {"address": ANNA},
                    "otto": {"address": OTTO, "reports": ["marketing"], "personal": True},
                },
            },
        }
        clock = Clock(OPENING)
        with open_house(Config.model_validate(told), clock) as house:
            house.vault.keep({house.vault.hashed(ADA): ADA}, [], [], clock())
            placed = [MONDAY - timedelta(days=n + 3) for n in range(5)] + [
                MONDAY + timedelta(hours=n) for n in range(7)
            ]
            with house.shop.transaction() as connection:
                catalogue.add(connection, [LAMP], "test", clock())
                periods.start(connection, house.config.reports.times().keys(), MONDAY)
                orders.book(connection, [an_order(house, number, at) for number, at in enumerate(placed)])
            clock.now = DUE
            make_due(house.shop, house.config, clock())
            yield Shop(house, clock, smtp)


def dots(wanted: Sequence[Drawing], seconds: float) -> tuple[Picture, ...]:
    return tuple(Picture(one.name, b"\x89PNG") for one in wanted)


def deliver(shop: Shop, reporting: Reporting | None = None) -> list[Sent]:
    """Send all that is due; without `reporting` as the shop does, but the plots are dots."""

    async def all_steps() -> list[Sent]:
        relay = Relay(shop.house.config.smtp)
        dispatch = shop.house.dispatch(relay)
        dispatch.reporting = reporting or Reporting(shop.house.shop, shop.house.vault, shop.house.config, dots)
        try:
            done: list[Sent] = []
            while sent := await dispatch.step():
                done += sent
            return done
        finally:
            await relay.close()

    return asyncio.run(all_steps())


def body(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return " ".join(str(part.get_content()).split())


def of(shop: Shop, recipient: str, subject: str) -> EmailMessage:
    (found,) = [one for one in shop.mailed() if one["To"] == recipient and subject in one["Subject"]]
    return found


def test_each_recipient_gets_his_reports_once_with_plots_that_resolve(shop: Shop) -> None:
    reporting = Reporting(shop.house.shop, shop.house.vault, shop.house.config)
    assert {one.settlement.state for one in deliver(shop, reporting)} == {MailState.SENT}
    assert deliver(shop, reporting) == []
    told = sorted((one["To"], one["Subject"]) for one in shop.mailed())
    assert told == [
        (ANNA, "Marketing, week 47: 7 orders, $693.00, +40.0 % on week 46"),
        (ANNA, "Week 47: 7 orders, $693.00, +40.0 % on week 46"),
        (OTTO, "Marketing, week 47: 7 orders, $693.00, +40.0 % on week 46"),
    ]
    finance = of(shop, ANNA, "Week 47")
    pictures = [part for part in finance.walk() if part.get_content_type() == "image/png"]
    assert len(pictures) == 2
    for picture in pictures:
        assert picture.get_content().startswith(b"\x89PNG\r\n\x1a\n")
        assert f'src="cid:{picture["Content-ID"][1:-1]}"' in body(finance, "html")


def test_only_who_is_cleared_reads_an_address_and_no_book_holds_any_of_staff(shop: Shop) -> None:
    deliver(shop)
    cleared, other = (of(shop, who, "Marketing") for who in (OTTO, ANNA))
    assert ADA in body(cleared)
    assert "you are cleared for personal data" in body(cleared)
    assert ADA.encode() not in other.as_bytes()
    assert "C-" in body(other)
    with shop.house.shop.reading() as connection:
        kept = str(connection.execute(text("SELECT facts, event_key, last_reply FROM outbox")).all())
        kept += str(connection.execute(text("SELECT snapshot FROM report_run")).all())
    assert "@" not in kept


def test_what_was_told_stays_told_whatever_happens_to_the_books_before_it_is_sent(shop: Shop) -> None:
    with shop.house.shop.transaction() as connection:
        orders.book(connection, [an_order(shop.house, 99, MONDAY + timedelta(days=1))])
    deliver(shop)
    assert of(shop, ANNA, "Week 47")["Subject"].startswith("Week 47: 7 orders")


def without_drawing(_: object, _seconds: float) -> tuple[Picture, ...]:
    raise PlotError("drawing ended with -9: it said nothing")


def test_plots_that_cannot_be_drawn_delay_a_report_twice_and_then_it_goes_without(shop: Shop) -> None:
    house = shop.house
    broken = Reporting(house.shop, house.vault, house.config, without_drawing)
    for _ in range(2):
        waiting = [one for one in deliver(shop, broken) if one.queued.mail.kind == "report_finance"]
        assert [one.settlement.state for one in waiting] == [MailState.QUEUED]
        assert "PlotError" in str(waiting[0].settlement.reply)
        shop.clock.now += timedelta(hours=1)
    assert [one["Subject"] for one in shop.mailed() if one["To"] == house.config.shop.operator]
    deliver(shop, broken)
    finance = of(shop, ANNA, "Week 47")
    assert "This plot could not be drawn this time" in body(finance, "html")
    assert not [part for part in finance.walk() if part.get_content_type() == "image/png"]


def test_plots_are_drawn_once_for_all_recipients(shop: Shop) -> None:
    drawn: list[int] = []

    def counting(wanted: Sequence[Drawing], seconds: float) -> tuple[Picture, ...]:
        drawn.append(len(wanted))
        return dots(wanted, seconds)

    config = with_finance_for_both(shop)
    deliver(shop, Reporting(shop.house.shop, shop.house.vault, config, counting))
    assert len(shop.mailed()) == 2
    assert drawn == [2]


def with_finance_for_both(shop: Shop) -> Config:
    """Nothing but finance waits, for both of them."""
    reports = shop.house.config.reports
    staff = {name: one.model_copy(update={"reports": ("finance",)}) for name, one in reports.staff.items()}
    config = shop.house.config.model_copy(update={"reports": reports.model_copy(update={"staff": staff})})
    with shop.house.shop.transaction() as connection:
        connection.execute(text("DELETE FROM outbox"))
        connection.execute(text("DELETE FROM report_run"))
    make_due(shop.house.shop, config, shop.clock())
    return config


def test_drawing_that_fails_is_not_tried_again_for_the_next_in_the_same_step(shop: Shop) -> None:
    drawn: list[int] = []

    def failing(wanted: Sequence[Drawing], seconds: float) -> tuple[Picture, ...]:
        drawn.append(len(wanted))
        raise PlotError("drawing took more than 60 seconds")

    config = with_finance_for_both(shop)
    reporting = Reporting(shop.house.shop, shop.house.vault, config, failing)
    for steps in (1, 2):
        waiting = [one for one in deliver(shop, reporting) if one.queued.mail.kind == "report_finance"]
        assert [one.settlement.state for one in waiting] == [MailState.QUEUED] * 2
        assert all("PlotError" in str(one.settlement.reply) for one in waiting)
        assert drawn == [2] * steps
        shop.clock.now += timedelta(hours=1)
    deliver(shop, reporting)
    assert drawn == [2] * 3
    assert len([mail for mail in shop.mailed() if mail["Subject"].startswith("Week 47")]) == 2


def test_what_is_too_late_for_the_lease_is_neither_drawn_nor_worded(shop: Shop) -> None:
    drawn: list[int] = []

    def noting(wanted: Sequence[Drawing], seconds: float) -> tuple[Picture, ...]:
        drawn.append(len(wanted))
        return dots(wanted, seconds)

    async def too_late() -> list[Sent]:
        dispatch = shop.house.dispatch(Relay(shop.house.config.smtp))
        dispatch.reporting = Reporting(shop.house.shop, shop.house.vault, shop.house.config, noting)
        return await dispatch.send(dispatch.claim(), time.monotonic())

    sent = asyncio.run(too_late())
    assert len(sent) == 3
    assert {one.settlement.state for one in sent} == {MailState.QUEUED}
    assert {str(one.settlement.reply) for one in sent} == {"left for the next step: the lease is nearly over"}
    assert drawn == []
    shop.clock.now += timedelta(hours=1)
    deliver(shop)
    assert len(shop.mailed()) == 3


def hanging(wanted: Sequence[Drawing], seconds: float) -> tuple[Picture, ...]:
    """What draws never ends; whoever waits for it for longer than he was given fails."""
    assert seconds < 2
    draw(wanted, seconds, (sys.executable, "-c", "import time; time.sleep(20)"))
    raise AssertionError("drawn all the same")


def test_a_report_goes_out_though_drawing_takes_longer_than_the_lease(shop: Shop) -> None:
    """The other half of the time is there to send it: without its plots after the third attempt, and it says so."""
    short = shop.house.config.outbox.model_copy(update={"lease_seconds": 2.0})
    config = with_finance_for_both(shop).model_copy(update={"outbox": short})
    hurried = replace(shop, house=replace(shop.house, config=config))
    for _ in range(3):
        deliver(hurried, Reporting(shop.house.shop, shop.house.vault, config, hanging))
        shop.clock.now += timedelta(hours=1)
    mailed = [mail for mail in shop.mailed() if mail["Subject"].startswith("Week 47")]
    assert len(mailed) == 2
    assert all("could not be drawn this time" in body(mail, "html") for mail in mailed)


def test_what_was_drawn_too_late_is_sent_in_the_next_step_without_drawing_again(shop: Shop) -> None:
    drawn: list[int] = []

    def slow(wanted: Sequence[Drawing], seconds: float) -> tuple[Picture, ...]:
        """Until all the time is gone."""
        drawn.append(len(wanted))
        end = time.monotonic() + 2 * seconds
        while time.monotonic() < end:
            pass
        return dots(wanted, seconds)

    config = with_finance_for_both(shop)
    reporting = Reporting(shop.house.shop, shop.house.vault, config, slow)

    async def once(seconds: float) -> list[Sent]:
        dispatch = shop.house.dispatch(Relay(shop.house.config.smtp))
        dispatch.reporting = reporting
        until = time.monotonic() + seconds
        return [one for queued in dispatch.claim() for one in await dispatch.send([queued], until)]

    assert {one.settlement.state for one in asyncio.run(once(0.2))} == {MailState.QUEUED}
    shop.clock.now += timedelta(hours=1)
    assert {one.settlement.state for one in asyncio.run(once(20))} == {MailState.SENT}
    assert drawn == [2]


def test_a_report_for_somebody_who_left_is_buried_and_the_operator_told(shop: Shop) -> None:
    gone = shop.house.config.model_copy(update={"reports": shop.house.config.reports.model_copy(update={"staff": {}})})
    sent = deliver(shop, Reporting(shop.house.shop, shop.house.vault, gone))
    reports = [one.settlement for one in sent if one.queued.mail.kind.startswith("report_")]
    assert {one.state for one in reports} == {MailState.DEAD}
    assert {one.reply for one in reports} == {"the configuration no longer knows the recipient"}


def letter(shop: Shop, who: str, said: str, verdict: str = PASS) -> Arrived:
    report = of(shop, ANNA, "Week 47")
    raw = (
        f"{verdict}\r\nFrom: {who}\r\nTo: orders@shop.example\r\nSubject: Re: {report['Subject']}\r\n"
        f"In-Reply-To: {report['Message-ID']}\r\nMessage-ID: <{next(UIDS)}@shop.example>\r\n\r\n{said}\r\n"
        f"\r\nOn Mon, 23 Nov 2026, The Shop wrote:\r\n> Week 47\r\n"
    ).encode()
    return Arrived("orders", 7, next(UIDS), shop.clock(), len(raw), raw, whole=True)


def test_a_reply_gets_the_same_report_with_more_weeks(shop: Shop) -> None:
    deliver(shop)
    (one,) = handle(shop.house.desk, [letter(shop, "Anna <Anna@shop.example>", "weeks: 26")], shop.clock())
    assert (one.outcome.value, one.reason) == ("done", "report_again")
    deliver(shop)
    again = of(shop, ANNA, "(again)")
    assert "Made again at your request" in body(again)
    assert "The same sums were told when it came by itself" in body(again)
    assert "W22" in body(again)
    assert again["Auto-Submitted"] == "auto-generated"
    assert again["In-Reply-To"]
    with shop.house.shop.reading() as connection:
        assert "@" not in str(connection.execute(text("SELECT facts FROM outbox WHERE letter_id IS NOT NULL")).all())


def test_where_nobody_can_be_believed_nobody_is_invited_to_reply(shop: Shop) -> None:
    unsigned = {name: one.model_copy(update={"authserv_id": ""}) for name, one in shop.house.config.mailbox.items()}
    config = shop.house.config.model_copy(update={"mailbox": unsigned})
    deliver(shop, Reporting(shop.house.shop, shop.house.vault, config, dots))
    assert "Reply with" not in body(of(shop, ANNA, "Week 47"))
    assert [one.found for one in check_reports(config)] == [
        "to anna, otto; they cannot reply to one: no mailbox has an authserv_id"
    ]
    assert [one.found for one in check_reports(shop.house.config)] == ["to anna, otto"]


@pytest.mark.parametrize(
    ("who", "verdict"),
    [(ANNA, "X-Nothing: 1"), ("mallory@shop.example", PASS), (OTTO, PASS)],
    ids=["unverified", "somebody else", "staff who did not get it"],
)
def test_what_anybody_else_writes_so_is_read_by_a_person(shop: Shop, who: str, verdict: str) -> None:
    deliver(shop)
    before = len(shop.mailed())
    (one,) = handle(shop.house.desk, [letter(shop, who, "weeks: 26", verdict)], shop.clock())
    assert (one.outcome.value, one.reason) == ("person", "report_not_theirs")
    deliver(shop)
    assert not [mail for mail in shop.mailed()[before:] if "week 47" in body(mail).lower()[:60]]


def test_the_brake_counts_reports_asked_for_again(shop: Shop) -> None:
    deliver(shop)
    limit = shop.house.config.conduct.answers_per_hour
    reasons = [
        handle(shop.house.desk, [letter(shop, ANNA, f"weeks: {n + 1}")], shop.clock())[0].reason
        for n in range(limit + 2)
    ]
    assert reasons == ["report_again"] * limit + ["too_many_letters"] * 2


def test_no_customer_waits_for_a_report(shop: Shop) -> None:
    """Her mail was queued after the reports, and goes out before the first of them is drawn."""
    accepted_before: list[int] = []

    def noting(wanted: Sequence[Drawing], seconds: float) -> tuple[Picture, ...]:
        accepted_before.append(len(shop.smtp.kept))
        return dots(wanted, seconds)

    house = shop.house
    mail = Mail("a" * 32, "L1:passed_on", "passed_on", {}, shop.clock(), hashed_email=house.vault.hashed(ADA))
    with house.shop.transaction() as connection:
        outbox.enqueue(connection, [mail], shop.clock())
    deliver(shop, Reporting(house.shop, house.vault, house.config, noting))
    assert shop.mailed()[0]["To"] == ADA
    assert min(accepted_before) >= 1
