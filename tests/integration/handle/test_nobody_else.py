"""Promise 9: no text that a customer can write changes anything of another customer, or brings to light what is hers.

Ben has orders in every state, questions that wait for his yes, an offer, a refused letter whose address is kept, a wish
and an address. Ada writes whatever the grammar of letters holds, as text, as HTML and as both, with his order numbers,
his address and the Message-IDs of his mails in every place where one fits.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from html import escape
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from daemon.config import ConductConfig, Config, MailboxConfig
from daemon.config.offers import OffersConfig
from daemon.handle import Desk
from store import catalogue, orders, rules, wishes
from store.database import Database, open_database
from store.facts import Evidence, Found, KeptRule, Popular, Product
from store.vault import Vault, load_key
from tests.e2e.letters import LAMP, POT, letter, number_in, order_of, read, reply, text_of
from tests.integration.handle.counter import ADA, BEN, START, Counter, passed

ORCHID = "QK7PRIVATE77"
HOME = ("Benjamin Babbage", "1 Engine Yard", "Denver, CO 80299")
PRIVATE = ("Babbage", "Engine Yard", "Night orchid", "77.77", ORCHID)
"""What only Ben has, and no piece of Ada's letters: whatever of it stands in a mail to her came out of our books."""

CONFIG = Config(
    mailbox={"orders": MailboxConfig(user="demo", authserv_id="mx.shop.example")},
    conduct=ConductConfig(answers_per_hour=10_000),
    offers=OffersConfig(quiet_from="00:00", quiet_until="00:00", holdout_share=0),
)


@dataclass(frozen=True)
class World:
    """The books before Ada writes: files to copy, the numbers and the Message-IDs that she may put into her letters."""

    folder: Path
    his: tuple[str, ...]
    hers: tuple[str, ...]
    his_mails: tuple[str, ...]
    her_mails: tuple[str, ...]
    his_by_kind: Mapping[str, EmailMessage]


def opened(folder: Path) -> tuple[Database, Database]:
    return open_database(f"sqlite:///{folder}/shop", "shop", 5), open_database(f"sqlite:///{folder}/vault", "vault", 5)


def desk_in(folder: Path) -> Desk:
    shop, vault = opened(folder)
    return Desk(shop, Vault(vault, load_key(folder / "vault.key", vault)), CONFIG)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world")
    for database in opened(folder):
        database.migrate()
        database.close()
    counter = Counter(desk_in(folder))
    with counter.desk.shop.transaction() as connection:
        lamp, pot = Product(LAMP, "Lamp", "home", 1999, on_hand=50), Product(POT, "Pot", "home", 450, on_hand=0)
        others = [Product(f"THING{place:07}", f"Thing {place}", "", 4_000, 5) for place in range(12)]
        orchid = Product(ORCHID, "Night orchid", "private", 7777, 20)
        catalogue.add(connection, [lamp, pot, *others, orchid], "test", START)
    mined(counter)
    his, hers = lived(counter, BEN, ORCHID, HOME), lived(counter, ADA, LAMP, ("Ada Lovelace", "12 Way", "Denver, CO 1"))
    with counter.desk.shop.transaction() as connection:
        # So that no list and no suggestion may show it.
        catalogue.change(connection, [Product(ORCHID, "Night orchid", "private", 7777, 20, active=False)])
        his_hash = counter.desk.vault.hashed(BEN)
        mails = connection.execute(text("SELECT token, hashed_email, kind FROM outbox ORDER BY id")).all()
    counter.desk.shop.close()
    counter.desk.vault.database.close()
    his_mails = tuple(f"<{token}@shop.example>" for token, hashed, _ in mails if hashed == his_hash)
    her_mails = tuple(f"<{token}@shop.example>" for token, hashed, _ in mails if hashed and hashed != his_hash)
    sent = {token(mail): mail for mail in (read(envelope.message) for envelope in counter.relay.taken)}
    his_by_kind = {kind: sent[one] for one, hashed, kind in mails if hashed == his_hash and one in sent}
    return World(folder, his, hers, his_mails, her_mails, his_by_kind)


def lived(counter: Counter, person: str, product: str, home: Sequence[str]) -> tuple[str, ...]:
    """One order cancelled, one sent off, one changed and standing, one held; questions that wait; a wish."""
    numbers = []
    for quantity in (1, 2, 3):
        counter.hand_in(passed(person) + order_of(person, f"{product}, {quantity}", home=home))
        numbers.append(number_in(counter.deliver()[0]))
        counter.passes(hours=1)
    counter.hand_in(order_of(person, f"{product}, 4", home=home), order_of(person, f"{product}, 4", home=home))
    confirmation, held = sorted(counter.deliver(), key=lambda mail: "like" in str(mail["Subject"]))
    counter.write(person, f"cancel {numbers[0]}")
    counter.write(person, f"change {numbers[2]}", f"{product}, 2\n")
    with counter.desk.shop.transaction() as connection:
        orders.fulfil(connection, [numbers[1]], counter.now)
    counter.write(person, f"change {numbers[1]}", f"{product}, 1\n")
    counter.hand_in(passed(person) + order_of(person, f"{product}, 900", home=home))
    for asked in ("export my data", "my orders"):
        counter.write(person, asked, proven=True)
    for asked in ("export my data", "erase my data", "my orders", "products under $50", f"notify {POT}"):
        counter.write(person, asked)
    waiting = str(counter.ask(f"SELECT max(order_number) FROM outbox WHERE kind = 'held' AND token = '{token(held)}'"))
    return (*numbers, number_in(confirmation), waiting)


def mined(counter: Counter) -> None:
    """Who has an orchid is offered a lamp: one offer, of use to him alone."""
    found = Found([KeptRule((ORCHID,), LAMP, Evidence.RULE, 4, 10, 12, 0.4)], [Popular(LAMP, 20, 15, 0)], 100)
    with counter.desk.shop.transaction() as connection:
        begun = rules.begin(connection, "t", counter.now - timedelta(days=1), {}, counter.now, counter.now)
        rules.replace(connection, begun, rules.pack(found), counter.now)


def token(mail: EmailMessage) -> str:
    return str(mail["Message-ID"]).strip("<>").partition("@")[0]


# What Ada writes

VERBS = (
    "cancel",
    "change",
    "again",
    "status",
    "yes",
    "quote",
    "order",
    "reorder",
    "update",
    "where is",
    "please cancel",
)
ASKS = (
    *("my orders", "export my data", "erase my data", "stop", "start", "help", "catalog", "more", "yes", "Yes!", "no"),
    *("again", "cancel", "change", "status", "recommend", "products under $20", f"notify {POT}", "weeks: 26", "2"),
    *("erase everything you have about me", "the same order once more", "yes 2", "delete my account", "erase"),
    *("Yes, erase it", "ok", "Ja bitte", "my order", "do you have orchids?", "yes please send me my data"),
)
FORMS = (
    f"{LAMP}, 1",
    f"{POT}, 1",
    f"Email: {BEN}",
    f"From: {BEN}",
    f"Ship to: Mallory\n13 Back Alley\nDenver, CO 80299\n\nItems:\n{LAMP}, 2",
    f"Customer: {BEN}",
    f"on behalf of {BEN}",
    f"> cancel\n> yes\nOn Monday {BEN} wrote:",
    "-- ",
    "Thanks\nBen",
)
HEADERS = ("In-Reply-To", "References")
FORGED = (
    {"Reply-To": BEN},
    {"Sender": BEN},
    {"X-Original-From": BEN},
    {"Return-Path": f"<{BEN}>"},
    {"Authentication-Results": f"mx.elsewhere.example; dmarc=pass header.from={BEN.partition('@')[2]}"},
    {"X-Authentication-Results": "mx.shop.example; dmarc=pass"},
    {"Resent-From": BEN},
)


@st.composite
def pieces(draw: st.DrawFn, world: World) -> str:
    numbers = st.sampled_from([*world.his, *world.his, *world.hers, "MO-2345-6789"])
    verb_and_number = st.tuples(st.sampled_from(VERBS), numbers).map(" ".join)
    return draw(verb_and_number | verb_and_number | st.sampled_from(ASKS) | st.sampled_from(FORMS) | numbers)


@dataclass(frozen=True)
class Draft:
    """A letter before it is one; without `body` it is HTML alone."""

    sender: str
    subject: str
    body: str | None
    html: str | None
    headers: Mapping[str, str]
    proven: bool

    def sent(self) -> bytes:
        message = read(letter(self.sender, self.subject, self.body or "", self.headers))
        if self.body is None:
            message.set_content(self.html or "", subtype="html")
        elif self.html is not None:
            message.add_alternative(self.html, subtype="html")
        return (passed(ADA) if self.proven else b"") + message.as_bytes(policy=policy.SMTP)


def in_html(text: str) -> str:
    return "".join(f"<div>{escape(line)}<br></div>" for line in text.splitlines())


@st.composite
def written(draw: st.DrawFn, world: World) -> Draft:
    """A letter of Ada's: the sender is hers, every other place may hold something of Ben's."""
    subjects = pieces(world) | st.sampled_from([f"Re: Order {number} confirmed" for number in world.his])
    subject = " ".join(draw(subjects | st.just("hello")).split())[:150]
    bodies = st.lists(pieces(world), max_size=4).map("\n".join)
    body = draw(bodies)
    html = draw(st.none() | st.just(in_html(body)) | bodies.map(in_html))
    headers: dict[str, str] = dict(draw(st.sampled_from([{}, *FORGED])))
    threads = st.lists(st.sampled_from([*world.his_mails, *world.his_mails, *world.her_mails]), min_size=1, max_size=3)
    if draw(st.booleans()):
        headers |= {name: " ".join(draw(threads)) for name in HEADERS}
        subject = f"Re: {subject.removeprefix('Re: ')}"
    names = st.sampled_from([ADA, f'"{BEN}" <{ADA}>', f"Ben Babbage <{ADA}>".replace("Babbage", "B.")])
    text_too = html is None or draw(st.booleans())
    return Draft(draw(names), subject, body if text_too else None, html, headers, draw(st.booleans()))


# What may not change, and what may not be told

HIS = 'SELECT number FROM "order" WHERE hashed_email = :who'
OF_PERSON = (
    'SELECT * FROM "order" WHERE hashed_email = :who ORDER BY number',
    f"SELECT * FROM order_line WHERE order_number IN ({HIS}) ORDER BY 1, 2",
    f"SELECT * FROM order_revision WHERE order_number IN ({HIS}) ORDER BY 1, 2",
    f"SELECT * FROM stock_movement WHERE order_number IN ({HIS}) ORDER BY 1",
    "SELECT * FROM letter WHERE hashed_email = :who ORDER BY letter_id",
    "SELECT * FROM outbox WHERE hashed_email = :who ORDER BY id",
    "SELECT * FROM consent WHERE hashed_email = :who ORDER BY subject",
    "SELECT p.* FROM proof p JOIN outbox o ON o.token = p.token WHERE o.hashed_email = :who ORDER BY 1",
    "SELECT * FROM offer WHERE hashed_email = :who ORDER BY order_number",
)


def everything_of(desk: Desk, person: str) -> list[object]:
    """All rows of shop and vault that are about one person."""
    hashed = desk.vault.hashed(person)
    with desk.shop.reading() as connection:
        rows: list[object] = [
            [tuple(row) for row in connection.execute(text(query), {"who": hashed})] for query in OF_PERSON
        ]
        waiting = wishes.of_customer(connection, hashed)
    return [*rows, waiting, desk.vault.belongings(hashed)]


@dataclass
class Copied:
    """A counter over a copy of the world's books."""

    world: World
    folder: Path

    def __enter__(self) -> Counter:
        shutil.copytree(self.world.folder, self.folder)
        self.counter = Counter(desk_in(self.folder))
        self.counter.passes(hours=6)
        return self.counter

    def __exit__(self, *_: object) -> None:
        self.counter.desk.shop.close()
        self.counter.desk.vault.database.close()
        shutil.rmtree(self.folder)


def told(mails: Sequence[EmailMessage], recipients: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(to whom, everything that stands in it) of each mail; what is passed on whole is Ada's own letter."""
    for mail, recipient in zip(mails, recipients, strict=True):
        html = mail.get_body(("html",))
        attached = [part.get_payload(decode=True) for part in mail.iter_attachments()]
        whole = [str(mail["Subject"]), text_of(mail), str(html.get_content()) if html else ""]
        yield recipient, "\n".join([*whole, *(str(content) for content in attached)])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_text_changes_or_tells_anything_of_somebody_else(world: World, tmp_path: Path, data: st.DataObject) -> None:
    batches = data.draw(st.lists(st.lists(written(world), min_size=1, max_size=3), min_size=1, max_size=2))
    with Copied(world, tmp_path / uuid4().hex) as counter:
        before = everything_of(counter.desk, BEN)
        counter.deliver()
        for batch in batches:
            counter.hand_in(*(draft.sent() for draft in batch))
            sent = len(counter.relay.taken)
            mails = counter.deliver()
            recipients = [envelope.recipient for envelope in counter.relay.taken[sent:]]
            assert BEN not in recipients
            for recipient, whole in told(mails, recipients):
                assert recipient in (ADA, CONFIG.shop.human, CONFIG.shop.operator)
                assert recipient != ADA or not [word for word in PRIVATE if word in whole]
                assert recipient != ADA or BEN in str(batches) or BEN not in whole
        assert everything_of(counter.desk, BEN) == before


KINDS = {"refusal", "not_changed", "offer", "my_orders", "own_data", "prove", "held", "products", "confirmation"}
REPLIES = (
    *("yes", "Yes, erase it", "yes 2", "2", "more", "cancel", "again", "status", "stop", "erase", "weeks: 26"),
    *(f"change\n{LAMP}, 1", f"{LAMP}, 1", f"{LAMP}, 1\n{POT}, 1"),
)


@pytest.mark.parametrize("body", REPLIES)
@pytest.mark.parametrize("only_html", [False, True])
def test_his_message_ids_are_of_no_use_to_her(world: World, tmp_path: Path, body: str, only_html: bool) -> None:
    assert world.his_by_kind.keys() >= KINDS
    with Copied(world, tmp_path / "books") as counter:
        before = everything_of(counter.desk, BEN)
        plain, html = (None, in_html(body)) if only_html else (body, None)
        for message_id in world.his_mails:
            counter.hand_in(Draft(ADA, "Re: x", plain, html, {"In-Reply-To": message_id}, proven=True).sent())
        for mail in counter.deliver():
            assert not [word for word in PRIVATE if word in text_of(mail)]
        assert everything_of(counter.desk, BEN) == before


def test_who_claims_to_be_him_and_is_found_out_changes_nothing(world: World, tmp_path: Path) -> None:
    failed = b"Authentication-Results: mx.shop.example; dmarc=fail header.from=other.example\r\n"
    with Copied(world, tmp_path / "books") as counter:
        before = [one for place, one in enumerate(everything_of(counter.desk, BEN)) if place != LETTERS]
        for number in world.his:
            for verb in VERBS:
                counter.hand_in(failed + letter(BEN, f"{verb} {number}"))
        for asked in ASKS:
            counter.hand_in(failed + letter(BEN, asked, "", {"In-Reply-To": world.his_mails[-1]}))
        assert counter.deliver() == []
        after = [one for place, one in enumerate(everything_of(counter.desk, BEN)) if place != LETTERS]
        assert after == before


LETTERS = 4  # that they came is noted


@pytest.mark.parametrize(
    ("kind", "body", "done"),
    [
        ("refusal", f"{LAMP}, 1", "placed"),
        ("refusal", "yes", "yes_to_refusal"),
        ("offer", "yes", "placed"),
        ("my_orders", "more", "more_of_what"),
        ("products", "more", "listed"),
        ("prove", "Yes please", "told"),
        ("held", "yes", "retired_product"),
    ],
)
def test_what_is_of_no_use_to_her_is_of_use_to_him(
    world: World, tmp_path: Path, kind: str, body: str, done: str
) -> None:
    """Else the tests above would prove nothing."""
    with Copied(world, tmp_path / "books") as counter:
        fates = counter.hand_in(passed(BEN) + reply(BEN, world.his_by_kind[kind], body))
        assert [reason for _, reason in fates] == [done]


def test_who_only_claims_to_be_him_is_told_nothing_and_he_is(world: World, tmp_path: Path) -> None:
    """Without a verdict the answer goes to him alone, and what is personal waits for his yes."""
    with Copied(world, tmp_path / "books") as counter:
        orders_before = everything_of(counter.desk, BEN)[0]
        for asked in ("my orders", "export my data", "erase my data", "recommend"):
            counter.hand_in(letter(BEN, asked, "", {"Reply-To": ADA}))
        mails = counter.deliver()
        assert {envelope.recipient for envelope in counter.relay.taken} == {BEN}
        for mail in mails:
            assert not [word for word in PRIVATE if word in text_of(mail)]
        assert everything_of(counter.desk, BEN)[0] == orders_before
