"""What a letter can ask: one frozen shape a kind of request."""

from dataclasses import dataclass, field
from enum import StrEnum


class Reason(StrEnum):
    """Everything that can be wrong with an order, by name; templates/refusal words each of them."""

    UNKNOWN_PRODUCT = "unknown_product"
    RETIRED_PRODUCT = "retired_product"
    NOT_ENOUGH_STOCK = "not_enough_stock"
    LINE_NOT_UNDERSTOOD = "line_not_understood"
    LINE_AMBIGUOUS = "line_ambiguous"
    QUANTITY_MISSING = "quantity_missing"
    QUANTITY_ZERO = "quantity_zero"
    QUANTITY_NEGATIVE = "quantity_negative"
    QUANTITY_FRACTION = "quantity_fraction"
    QUANTITY_TOO_LARGE = "quantity_too_large"
    QUANTITY_IN_WORDS = "quantity_in_words"
    QUANTITY_RANGE = "quantity_range"
    QUANTITY_NOT_A_NUMBER = "quantity_not_a_number"
    PRICE_DIFFERS = "price_differs"
    TOTAL_DIFFERS = "total_differs"
    CURRENCY_DIFFERS = "currency_differs"
    TOO_MANY_LINES = "too_many_lines"
    NO_ITEMS = "no_items"
    NO_ADDRESS = "no_address"
    ADDRESS_INCOMPLETE = "address_incomplete"
    TWO_ADDRESSES = "two_addresses"
    ADDRESS_UNKNOWN = "address_unknown"
    OTHER_EMAIL = "other_email"
    TWO_SENDERS = "two_senders"
    PARTS_DIFFER = "parts_differ"
    IS_IT_AN_ORDER = "is_it_an_order"
    SHEET_DIFFERS = "sheet_differs"
    STRUCK_OUT = "struck_out"
    CUT_OFF = "cut_off"
    UNDECODABLE = "undecodable"
    TOO_LONG = "too_long"
    ATTACHMENT_WRONG_KIND = "attachment_wrong_kind"
    ATTACHMENT_FORMULA = "attachment_formula"
    ATTACHMENT_TOO_LARGE = "attachment_too_large"
    ATTACHMENT_UNREADABLE = "attachment_unreadable"
    SHEET_COLUMNS = "sheet_columns"
    ADDRESS_IN_SHEET = "address_in_sheet"
    BESIDE_SHEET = "beside_sheet"
    CORRECTION_IN_PROSE = "correction_in_prose"
    CHANGE_IN_PART = "change_in_part"
    NEW_OR_CHANGE = "new_or_change"
    CONDITION = "condition"
    ONLY_A_TEST = "only_a_test"
    QUESTION = "question"
    SUBJECT_AND_BODY_DIFFER = "subject_and_body_differ"
    SEVERAL_COMMANDS = "several_commands"
    WHICH_ORDER = "which_order"
    NOT_AN_ORDER_NUMBER = "not_an_order_number"
    TOO_MANY_ORDERS = "too_many_orders"
    EMPTY = "empty"
    YES_TO_WHAT = "yes_to_what"
    YES_TO_REFUSAL = "yes_to_refusal"
    WHICH_PRODUCT = "which_product"
    PRICE_CHANGED = "price_changed"
    REPORT_BOUNDS = "report_bounds"
    PROOF_SPENT = "proof_spent"
    PROOF_TOO_OLD = "proof_too_old"
    ADDRESS_NOT_PROVEN = "address_not_proven"
    TOO_MANY_WISHES = "too_many_wishes"
    MORE_OF_WHAT = "more_of_what"
    SAID_BESIDE = "said_beside"
    NEARLY_A_COMMAND = "nearly_a_command"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: the line (None: the whole letter), what was read there, why, and what would do instead.

    `product_id` is the product it is about, or the nearest one there is.
    """

    line: int | None
    text: str
    reason: Reason
    suggestion: str | None = None
    product_id: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read an item line: the product's key (`store.facts.product_key`) and how many."""

    product_key: str
    quantity: int


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item line with every way it can be read, likeliest first; the catalogue says which of them names a product.

    `fault` says what is wrong apart from the product (a quantity in words); `written_id` is what
    looks like the id, for the nearest product, and `named` the keys that a line without a reading could name.
    `asks_price` says that its words ask what it costs, so that it is not ordered.
    `words` are what stands beside id and quantity, the product's name or more than that.
    `unit_price` in cents when the customer stated one; `line_price` when it may be for one or for all of the line.
    """

    line: int
    text: str
    readings: tuple[Reading, ...] = ()
    written_id: str = ""
    fault: Fault | None = None
    unit_price: int | None = None
    line_price: int | None = None
    named: tuple[str, ...] = ()
    asks_price: bool = False
    words: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """Every product key that the catalogue has to be asked about."""
        return self.named or tuple(reading.product_key for reading in self.readings)


@dataclass(frozen=True, slots=True)
class ShipTo:
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """An order (or, with `quote`, the question what it would cost); `faults` are of the letter as a whole.

    `total` is what the customer wrote that all of it costs, in cents. `replaces` is given when it is to take the place
    of an order: its number, or nothing for the one of the thread. `address_of` is the order that it is to go after.
    `perhaps` are lines that are at fault if they come near to what we sell: no number of a product stands on them.
    `beside` is as of Ask. `headed` are the subject and lines above the items that announce no order: faults unless they
    name what is ordered. `partly` are faults only of one that replaces: the lines that speak of a part of the other;
    `adds` says that all they do is to add.
    """

    items: tuple[ItemLine, ...]
    ship_to: ShipTo | None = None
    faults: tuple[Fault, ...] = ()
    quote: bool = False
    total: int | None = None
    replaces: tuple[str, ...] | None = None
    address_of: str | None = None
    beside: str = ""
    headed: tuple[Fault, ...] = ()
    partly: tuple[Fault, ...] = ()
    adds: bool = False
    perhaps: tuple[ItemLine, ...] = ()


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Cancel these orders whole. Without numbers: the one order of the thread that is answered, if any."""

    numbers: tuple[str, ...]
    faults: tuple[Fault, ...] = ()


class AskKind(StrEnum):
    STATUS = "status"
    MY_ORDERS = "my_orders"
    PRODUCTS_UNDER = "products_under"
    CATALOG = "catalog"
    RECOMMEND = "recommend"
    HELP = "help"
    STOP = "stop"
    START = "start"
    EXPORT = "export"
    ERASE = "erase"
    AGAIN = "again"
    NOTIFY = "notify"
    MORE = "more"
    REPORT = "report"  # staff alone; see daemon.request.reporting


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: `argument` is the product, word or order number it is about, or several of them with blanks between;
    `cents` the price bound. `inclusive` says that what costs just the bound is meant, too ("up to"). `beside` is why a
    person has to read the letter besides, where it says more than that. `guess`: if nothing is found, it was no such
    question, and a person reads it. `ship_to` and `faults` are of AGAIN: where to, and what makes it uncertain.
    """

    kind: AskKind
    argument: str = ""
    cents: int | None = None
    inclusive: bool = False
    beside: str = ""
    guess: bool = False
    ship_to: ShipTo | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Yes:
    """Agrees to what the answered mail asked, or to the order of this number when one is named (`yes MO-...`).

    `choice` is the place of one of several things offered (`yes 2`); `count` a number without a yes, which may be a
    place or how many. `more` says that it takes more than one ("both"). `ship_to` is where the letter says it is to go,
    `faults` what makes it uncertain.
    """

    numbers: tuple[str, ...] = ()
    choice: int | None = None
    count: int | None = None
    more: bool = field(default=False, compare=False)
    ship_to: ShipTo | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Bounced:
    """Mails of ours that could not be delivered, by Message-ID."""

    message_ids: tuple[str, ...]
    hard: bool
    status: str

    @property
    def tokens(self) -> tuple[str, ...]:
        """The local parts: how the outbox knows its mails."""
        return tuple(message_id.rpartition("@")[0] for message_id in self.message_ids)


@dataclass(frozen=True, slots=True)
class Automatic:
    """A machine wrote: never answered."""

    reason: str


@dataclass(frozen=True, slots=True)
class ForPerson:
    """Neither order nor command nor machine, or too delicate for one: a person reads it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """A command was meant but not certainly which: ask back, nothing is done.

    `kind` is the likeliest kind, told by `mailorder read`.
    """

    kind: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Nothing usable: no sender to answer, or no text at all."""

    reason: str
    faults: tuple[Fault, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a letter that holds several commands; `request` is None when the line is none of them."""

    line: int | None
    text: str
    request: "Request | None" = None


@dataclass(frozen=True, slots=True)
class Several:
    """Several commands, each done or answered in its turn; `left_out` lines behind them were not looked at."""

    steps: tuple[Step, ...]
    left_out: int = 0


Request = PlaceOrder | CancelOrder | Ask | Yes | Several | Bounced | Automatic | ForPerson | Unclear | Unreadable
