"""An attached sheet to item lines: which column holds the product, which the quantity."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from daemon.letter import Sheet
from daemon.request.harmless import unread
from daemon.request.money import is_ours, take_prices
from daemon.request.page import Line, Rules
from daemon.request.quantity import Amount, read_amount
from daemon.request.shapes import Fault, ItemLine, Reading, Reason
from daemon.request.spelling import fold, plain, squeezed, words
from store.facts import product_key

PRODUCT = words(
    "productid product productno productnumber productcode id itemid item itemno itemnumber itemcode sku article "
    "articleno articlenumber artno artikel artikelnummer code partno partnumber ref stockcode"
)
QUANTITY = words(
    "quantity qty qnty amount count pieces pcs number units orderqty orderquantity quantityordered qtyordered menge "
    "anzahl howmany ordered ammount quantitiy"
)
PRICE = words("price unitprice priceeach saleprice each preis")
ADDRESS = words(
    "shipto shiptoaddress shiptoname shipaddress shippingaddress deliveryaddress deliverto delivery address address1 "
    "address2 addressline1 addressline2 street streetaddress city town zip zipcode postcode postalcode state country "
    "recipient consignee destination lieferadresse adresse anschrift strasse straße plz ort rue ville codepostal "
    "direccion dirección indirizzo"
)
HARMLESS = words(
    "name productname itemname articlename description desc title productdescription itemdescription bezeichnung "
    "beschreibung artikelbezeichnung désignation category type brand manufacturer supplier unit uom currency total "
    "linetotal totalprice subtotal sum extended extendedprice lineprice cost position pos line lineno linenumber no nr "
    "row index barcode ean upc gtin stock instock onhand available"
)
"""Columns that say no more of an order than its products and quantities do."""

NOTHING = words("n/a na none nil null nan")
WHOLE_IN_SHEET = re.compile(r"(-?\d{1,12})[.,]0{1,2}")
"""Spreadsheets keep 1 as 1.0 or 1,00; "1,000" is a thousand to some, and a written 1.0 elsewhere is asked back."""
HEADER_WITHIN = 10
"""Rows above the header that may hold a title."""


@dataclass(frozen=True, slots=True)
class Columns:
    product: int
    quantity: int
    price: int | None = None
    first_row: int = 0  # index of the first row that is data
    harmless: frozenset[int] = frozenset()
    address: frozenset[int] = frozenset()


def read_sheet(sheet: Sheet, rules: Rules, ship_to: str = "") -> tuple[tuple[ItemLine, ...], tuple[Fault, ...]]:
    """The items of a sheet, their line being the row; a fault when its columns cannot be told apart.

    Nothing that stands in it is passed over, unless it is in a column that is known to be harmless. `ship_to` is the
    address of the letter, squeezed.
    """
    columns = find_columns(sheet)
    if columns is None:
        return (), (Fault(None, sheet.name, Reason.SHEET_COLUMNS, "product_id, quantity"),)
    rows = [(number, [fold(cell).strip() for cell in cells]) for number, cells in sheet.rows[columns.first_row :]]
    items = [to_item(number, cells, columns, rules) for number, cells in rows if any(cells)]
    told = (cell(cells, place) for _, cells in rows for place in sorted(columns.address))
    elsewhere = next((text for text in told if squeezed(text) not in ship_to), None)
    return tuple(items), () if elsewhere is None else (Fault(None, elsewhere[:200], Reason.ADDRESS_IN_SHEET),)


def find_columns(sheet: Sheet) -> Columns | None:
    """By the header; two columns without one are an id and a number."""
    for index, (_, cells) in enumerate(sheet.rows[:HEADER_WITHIN]):
        names = ["".join(filter(str.isalnum, fold(cell).lower())) for cell in cells]
        product, quantity, price, address = (places(names, known) for known in (PRODUCT, QUANTITY, PRICE, ADDRESS))
        if quantity and product:
            exact = [place for place in product if names[place] not in ("product", "item")] or product
            harmless = frozenset([*product, *quantity, *price, *places(names, HARMLESS)])
            found = Columns(
                exact[0], quantity[0], next(iter(price), None), index + 1, harmless, frozenset(address) - harmless
            )
            return None if len(quantity) > 1 else found
    return without_header(sheet)


def places(names: Sequence[str], known: Collection[str]) -> list[int]:
    return [place for place, name in enumerate(names) if name in known]


def without_header(sheet: Sheet) -> Columns | None:
    rows = [[fold(cell).strip() for cell in cells] for _, cells in sheet.rows]
    filled = [[cell for cell in cells if cell] for cells in rows if any(cells)]
    if not filled or any(len(cells) != 2 for cells in filled):
        return None
    plain = all(cells[1].isdigit() and any(map(str.isdigit, cells[0])) for cells in filled)
    return (
        Columns(0, 1, harmless=frozenset({0, 1}))
        if plain and all(len(cells) >= 2 and cells[0] and cells[1] for cells in rows if any(cells))
        else None
    )


def to_item(number: int, cells: Sequence[str], columns: Columns, rules: Rules) -> ItemLine:
    written, counted = cell(cells, columns.product), cell(cells, columns.quantity)
    remarks = [text for place, text in enumerate(cells) if place not in columns.harmless | columns.address]
    remarks = [text for text in remarks if any(map(str.isalnum, text)) and text.lower() not in NOTHING]
    text = ", ".join(part for part in (written, counted, *remarks) if part)[:200]
    key = product_key(written)
    amount = in_cell(counted, rules.max_quantity) if key else Amount(reason=Reason.LINE_NOT_UNDERSTOOD)
    if remarks and amount.reason is None:
        amount = Amount(reason=Reason.CONDITION)
    stated = cell(cells, columns.price) if columns.price is not None else ""
    _, prices = take_prices(stated if not stated[:1].isdigit() else f"@{stated}")
    foreign = any(not is_ours(price.currency, rules.currency) for price in prices)
    reason = Reason.CURRENCY_DIFFERS if foreign else amount.reason
    if reason is not None or amount.value is None:
        fault = Fault(number, text, reason or Reason.LINE_NOT_UNDERSTOOD, amount.suggestion)
        return ItemLine(number, text, written_id=written[:80], fault=fault, named=(key,) if key else ())
    cents = prices[0].cents if prices else None
    return ItemLine(number, text, (Reading(key, amount.value),), written[:80], unit_price=cents)


def cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def in_cell(text: str, max_quantity: int) -> Amount:
    if not text:
        return Amount(reason=Reason.QUANTITY_MISSING)
    whole = WHOLE_IN_SHEET.fullmatch(text)
    return read_amount(whole[1] if whole else text, max_quantity)


ABOUT_A_SHEET = words(
    "here here's is are my our the this that order orders list lists sheet file csv excel xlsx spreadsheet table "
    "attached attachment attaching enclosed please find see as in below above with i i'd i'm we we'd would like want "
    "to have made it its for you your an a new next purchase place process book send thanks thank of mail email e-mail "
    "letter items products hello hi anbei im anhang finden sie meine unsere bestellung ci-joint ma notre commande "
    "adjunto mi pedido allegato il mio ordine"
)


def beside_sheet(prose: Iterable[Line], names: frozenset[str]) -> Iterator[Fault]:
    """Lines beside a sheet that may say something of its rows: all whose words do more than to announce it."""
    for number, text in prose:
        said = [re.findall(r"[^\W_]+(?:['-][^\W_]+)*", plain(sentence)) for sentence in unread(text, names)]
        if not ABOUT_A_SHEET.union(names).issuperset(word for sentence in said for word in sentence):
            yield Fault(number, text.strip()[:200], Reason.BESIDE_SHEET)


def totals(items: Sequence[ItemLine], known: frozenset[str] = frozenset()) -> dict[str, int] | None:
    """How many of each product the lines say, None when a line cannot be read.

    A line with several readings counts as the one that names a product in `known`, else as the likeliest.
    """
    counted: dict[str, int] = {}
    for item in items:
        if item.fault is not None or not item.readings:
            return None
        reading = next((one for one in item.readings if one.product_key in known), item.readings[0])
        counted[reading.product_key] = counted.get(reading.product_key, 0) + reading.quantity
    return counted


def same_items(one: Sequence[ItemLine], other: Sequence[ItemLine]) -> bool:
    """Whether a body and a sheet, or two sheets, say the same order."""
    keys = frozenset(key for item in other for key in item.keys)
    first, second = totals(one, keys), totals(other)
    return first is not None and first == second
