"""What a decision is made from and what it consists of."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from daemon.decide.asked import Asked
from daemon.letter import Letter, Verdict
from daemon.request.shapes import Request
from store.facts import JSON, Order, OrderState, Outcome, Product, QueuedMail, Role, ShippingAddress, Wish, product_key


@dataclass(frozen=True, slots=True)
class Case:
    """One letter on the desk: what it is, what it asks, and what was worked out about it beforehand.

    `number` is the order number it would get. `address` is its ship-to as the vault would keep it.
    `old` says that it lay in the mailbox before the shop first opened; `reopened` that the operator sent
    it round again, `released` that the operator vouches for it; `whole` is False when it was too large to fetch.
    `proof` is the token of our question that it says yes to, when its request is what that question repeats.
    `says_stop`: somewhere it says that no more offers are wanted, whatever else it asks.
    """

    letter_id: str
    letter: Letter
    request: Request
    arrived_at: datetime
    size: int
    number: str
    hashed_email: str | None = None
    address: ShippingAddress | None = None
    whole: bool = True
    old: bool = False
    reopened: bool = False
    released: bool = False
    proof: str | None = None
    says_stop: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A mail that a decision causes: `facts` are plain, `words` are personal and go through the vault.

    `part` tells it apart from other answers of its kind to the same letter.
    """

    kind: str
    facts: JSON = field(default_factory=dict)
    words: JSON = field(default_factory=dict)
    order_number: str | None = None
    role: Role | None = None
    with_letter: bool = False
    part: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """An order as it is and as it is to be; `revision` counts the changes of it from 1."""

    before: Order
    after: Order
    revision: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a letter, why, and everything that follows from it.

    `offers` is what its sender said about getting any.
    """

    outcome: Outcome
    reason: str
    answers: tuple[Answer, ...] = ()
    book: Order | None = None
    release: Order | None = None
    cancel: tuple[Order, ...] = ()
    change: Change | None = None
    erase: bool = False
    wishes: tuple[Wish, ...] = ()
    suppress: tuple[str, ...] = ()
    order_number: str | None = None
    offers: bool | None = None


def no_nearest(_written: str) -> tuple[Product, ...]:
    return ()


@dataclass(slots=True)
class Facts:
    """What the shop knows that bears on a batch of letters, kept current while they are decided one after the other.

    `products` by product key, `orders` by number, `threads` our own mails by the token of their Message-ID,
    `last_address` of each customer's latest other order that stands: (arrived at, number, address_id),
    `proven_address` the same of orders whose letter was proven to be the customer's (verdict PASS), `proven` the
    numbers of such orders among `orders`,
    `answers` how many letters of a correspondent led to mail in the last hour, to the sender or to the shop's human;
    `told` who has been told today that a person will read, `slowed` who in the last hour that these are too many;
    `spent` the proofs (`Case.proof`) that have been used;
    `revisions` how often an order that a letter would change was changed already; `wishes` the products that those
    who ask for one more wait for.
    `asked` is what questions need, each looked up because a letter of the batch asks it.
    """

    products: dict[str, Product] = field(default_factory=dict)
    nearest: Callable[[str], tuple[Product, ...] | None] = no_nearest
    orders: dict[str, Order] = field(default_factory=dict)
    threads: Mapping[str, QueuedMail] = field(default_factory=dict)
    recent: dict[str, list[Order]] = field(default_factory=dict)
    last_address: dict[str, tuple[datetime, str, str]] = field(default_factory=dict)
    proven_address: dict[str, tuple[datetime, str, str]] = field(default_factory=dict)
    proven: set[str] = field(default_factory=set)
    answers: dict[str, int] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    slowed: set[str] = field(default_factory=set)
    suppressed: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    revisions: dict[str, int] = field(default_factory=dict)
    wishes: dict[str, set[str]] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)
    asked: Asked = field(default_factory=Asked)

    def absorb(self, case: Case, decision: Decision, now: datetime) -> None:
        """Let the next letter of the batch be decided in the light of this one."""
        for order in filter(None, (decision.book, decision.release)):
            self.learn(order)
        if decision.book and case.letter.verdict is Verdict.PASS:
            self.proven.add(decision.book.number)
        if decision.erase and case.hashed_email:
            self.suppressed.add(case.hashed_email)
            self.erased.add(case.hashed_email)
        for wish in decision.wishes:
            self.wishes.setdefault(wish.hashed_email, set()).add(wish.product_id)
        if decision.change:
            self.revisions[decision.change.after.number] = decision.change.revision
            self.unlearn(decision.change.before)
            self.learn(decision.change.after)
        for order in decision.cancel:
            self.unlearn(order)
            self.orders[order.number] = replace(order, state=OrderState.CANCELLED, closed_at=now)
        self.suppressed.update(decision.suppress)
        if case.proof:
            self.spent.add(case.proof)
        if case.hashed_email:
            self.count(case.hashed_email, decision.answers)

    def copied(self) -> "Facts":
        """The same again, to be kept current apart while the commands of one letter are decided."""
        return replace(
            self,
            products=dict(self.products),
            orders=dict(self.orders),
            recent={hashed_email: list(orders) for hashed_email, orders in self.recent.items()},
            proven=set(self.proven),
            answers=dict(self.answers),
            told=set(self.told),
            slowed=set(self.slowed),
            suppressed=set(self.suppressed),
            erased=set(self.erased),
            revisions=dict(self.revisions),
            wishes={hashed_email: set(waiting) for hashed_email, waiting in self.wishes.items()},
            spent=set(self.spent),
        )

    def learn(self, order: Order) -> None:
        self.orders[order.number] = order
        if order.state is OrderState.PLACED:
            self.move(order, -1)
            if order.hashed_email and order.address_id:
                self.recent.setdefault(order.hashed_email, []).append(order)

    def unlearn(self, order: Order) -> None:
        """A placed order stands no more, or not as it was."""
        self.move(order, +1)
        if order.hashed_email in self.recent:
            recent = self.recent[order.hashed_email]
            self.recent[order.hashed_email] = [other for other in recent if other.number != order.number]

    def address_of(self, hashed_email: str, proven: bool = False) -> str | None:
        """Where the customer's latest order goes that stands now, in the books or by a letter of this batch.

        With `proven`, of the orders whose letter was proven to be the customer's: who only claims to be
        somebody must not decide where that customer's next parcel goes.
        """
        standing = [
            (order.arrived_at, order.number, order.address_id)
            for order in self.orders.values()
            if order.hashed_email == hashed_email
            and order.address_id
            and order.letter_id
            and order.state in (OrderState.PLACED, OrderState.FULFILLED)
            and (order.number in self.proven or not proven)
        ]
        others = self.proven_address if proven else self.last_address
        standing += [others[hashed_email]] if hashed_email in others else []
        return max(standing)[2] if standing else None

    def move(self, order: Order, sign: int) -> None:
        for line in order.lines:
            product = self.product(line.product_id)
            if product is not None:
                self.products[product.key] = replace(product, on_hand=product.on_hand + sign * line.quantity)

    def product(self, product_id: str) -> Product | None:
        return self.products.get(product_key(product_id))

    def count(self, hashed_email: str, answers: Iterable[Answer]) -> None:
        """A letter passed on counts by what goes to the human, not a second time by the notice to its sender."""
        kinds = [answer.kind for answer in answers]
        self.answers[hashed_email] = self.answers.get(hashed_email, 0) + len(kinds) - kinds.count("passed_on")
        if "passed_on" in kinds:
            self.told.add(hashed_email)
        if "slow_down" in kinds:
            self.slowed.add(hashed_email)
