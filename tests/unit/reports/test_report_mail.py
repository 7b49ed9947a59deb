"""What the mail of a report says, shows and carries, as the standard library reads it back."""

import re
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from selectolax.lexbor import LexborHTMLParser

from daemon.reports import specimens
from daemon.reports.mail import Made, carried
from daemon.reports.tables import as_csv, as_xlsx
from daemon.wording import Wording
from store.facts import Change, Figures, Margin, OfferTotals, Reconciliation, Restatement, Span, Tally
from tests.unit.reports.report_made import DOT, SHOP, WORDING, carried_of, mail_of, message, run_of, worded

EVERY: list[Figures] = [
    specimens.finance(),
    specimens.finance_without_orders(),
    specimens.marketing(),
    specimens.marketing(Span.DAY),
    specimens.marketing(Span.MONTH),
    specimens.marketing_without_orders(),
]
GMAIL_CUTS_OFF = 102_000


class Images(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.seen.append(dict(attrs))


def parts(made: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in made.walk()]


def html_of(made: EmailMessage) -> str:
    body = made.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def test_a_finance_report_is_put_together_as_mail_programs_expect() -> None:
    made = message(specimens.finance())
    assert parts(made) == [
        "multipart/mixed",
        "multipart/related",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "image/png",
        "image/png",
        "text/csv",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]
    related = next(iter(made.iter_parts()))
    assert related.get_param("type") == "multipart/alternative"
    assert made["Auto-Submitted"] == "auto-generated"
    assert made["To"] == "cfo@shop.example"


def test_a_report_without_plots_has_nothing_to_relate() -> None:
    assert "multipart/related" not in parts(message(specimens.marketing()))
    assert "multipart/related" not in parts(message(specimens.finance(), drawn=False))


def test_every_picture_shown_is_in_the_mail_and_the_other_way_round() -> None:
    made = message(specimens.finance())
    shown = [image["src"] for image in Images(html_of(made)).seen]
    inside = {f"cid:{part['Content-ID'][1:-1]}": part for part in made.walk() if part["Content-ID"]}
    assert shown == list(inside)
    assert [part.get_content() for part in inside.values()] == [DOT + b"orders", DOT + b"dollars"]
    assert all(part.get_content_disposition() == "inline" for part in inside.values())


def test_who_does_not_see_the_pictures_reads_their_numbers() -> None:
    figures = specimens.finance()
    orders, dollars = (image["alt"] or "" for image in Images(html_of(message(figures))).seen)
    for point, week in zip(figures.weekly, figures.weeks, strict=True):
        label = week.period.key.rpartition("-")[2]
        assert f"{label} {point.orders}" in orders
        assert f"{label} ${point.cents / 100:,.2f}" in dollars


def test_without_pictures_the_mail_says_so_and_shows_their_numbers() -> None:
    html = worded(specimens.finance(), drawn=False).html
    assert html.count("This plot could not be drawn this time") == 2
    assert "W47 312" in html


def test_the_tables_are_attached_under_names_that_tell_report_and_period() -> None:
    figures = specimens.finance()
    attached = {part.get_filename(): part.get_content() for part in message(figures).iter_attachments()}
    assert attached["finance-2026-W47.xlsx"] == as_xlsx([figures])
    assert attached["finance-2026-W47.csv"].encode().replace(b"\r\n", b"\n") == as_csv([figures]).replace(
        b"\r\n", b"\n"
    )


def test_the_subject_is_the_headline() -> None:
    assert worded(specimens.finance()).subject == "Week 47: 312 orders, $41,208.96, +8.0 % on week 46"
    assert worded(specimens.finance(), late=True).subject.endswith("(late)")
    assert worded(specimens.finance(), by_hand=True).subject.endswith("(made by hand)")
    assert worded(specimens.finance_without_orders()).subject == "Week 47: no orders"
    assert worded(specimens.marketing(Span.DAY)).subject.startswith("Marketing, 16 November 2026: 306 orders")
    assert worded(specimens.marketing_without_orders()).subject == "Marketing, week 47: no orders"


def test_the_first_week_ever_is_compared_with_nothing() -> None:
    figures = specimens.finance()
    first = replace(figures, weeks=figures.weeks[-1:], comparisons=(), restated=(), weekly=figures.weekly[-1:])
    told = worded(first)
    assert told.subject == "Week 47: 312 orders, $41,208.96"
    assert "Compared with" not in told.text + told.html


def test_after_an_empty_week_there_is_no_percentage() -> None:
    figures = specimens.finance()
    before = replace(
        figures.comparisons[0], cents=Change(4_120_896, 0), orders=Change(312, 0), customers=Change(277, 0)
    )
    told = worded(replace(figures, comparisons=(before,)))
    assert told.subject == "Week 47: 312 orders, $41,208.96"
    assert re.search(r"W46 +\+277 +– +\+312 +– +\+\$41,208.96 +–", told.text)


@pytest.mark.parametrize("figures", EVERY)
def test_both_readings_tell_period_making_and_what_comes_next(figures: Figures) -> None:
    told = worded(figures, late=True)
    for reading in (" ".join(told.text.split()), told.html):
        assert figures.period.words in reading
        assert "This report comes late: it was due" in reading
        assert "The next one is due Monday 30 November 2026, 07:00 MST" in reading or figures.period.span != "week"
        assert "America/Denver" in reading
        assert "{" not in reading.partition("</style>")[2]


@pytest.mark.parametrize("figures", EVERY)
def test_the_page_is_one_that_everybody_can_read(figures: Figures) -> None:
    tree = LexborHTMLParser(worded(figures).html)
    assert tree.root is not None
    assert tree.root.attributes["lang"] == "en"
    assert len(tree.css("h1")) == 1
    assert all(node.text(strip=True) for node in tree.css("th, h1, h2"))
    assert all((image.attributes["alt"] or "").endswith(".") for image in tree.css("img"))
    for table in tree.css("table"):
        assert (table.attributes.get("role") == "presentation") != (table.attributes.get("class") == "numbers")
        assert all(row.css_first("th") for row in table.css("tr") if table.attributes.get("class") == "numbers")


@pytest.mark.parametrize("figures", EVERY)
def test_no_line_of_the_text_is_wider_than_72_and_no_mail_is_cut_off(figures: Figures) -> None:
    told = worded(figures)
    assert all(len(line) <= 72 for line in told.text.splitlines())
    assert len(told.html.encode()) < GMAIL_CUTS_OFF


def test_an_empty_period_is_said_in_words() -> None:
    for told in (worded(specimens.finance_without_orders()), worded(specimens.marketing_without_orders())):
        for reading in (told.text, told.html):
            assert "Nobody ordered" in reading


def test_earlier_weeks_that_are_told_otherwise_are_named_with_the_reason() -> None:
    told = worded(specimens.finance())
    assert "- W46: -$120.00, 2 late cancellations\n- W44: +$45.50, 1 order entered later" in told.text
    assert "<b>W46: -$120.00</b>, 2 late cancellations" in re.sub(r" style=\"[^\"]*\"", "", told.html)


def test_a_report_before_that_cannot_be_read_any_more_is_named() -> None:
    told = worded(replace(specimens.finance(), restated=(), unread_before="week 46"))
    for reading in (told.text, told.html):
        assert "What the report of week 46 told can no longer be read" in " ".join(reading.split())


def test_who_could_not_be_believed_is_not_invited_to_reply() -> None:
    for figures in (specimens.finance(), specimens.marketing()):
        run = run_of(figures)
        told = WORDING.word(mail_of(run), None, None, carried([Made(run, figures)], SHOP, replies=False))
        invited = worded(figures)
        for reading in (told.text, told.html):
            assert "Reply with" not in reading
            assert "attached as CSV and XLSX." in " ".join(reading.split())
        assert "Reply with" in invited.text


@pytest.mark.parametrize(
    ("margin", "told"),
    [(Margin(3, 0, 0, 0), True), (Margin(), False), (Margin(3, 3, 0, 500), False), (Margin(3, 3, 900, 500), False)],
    ids=["sold, no cost", "all of it cancelled", "given away", "known"],
)
def test_costs_are_only_missed_where_something_was_sold_without_one(margin: Margin, told: bool) -> None:
    figures = specimens.finance()
    last = replace(figures.now, sales=replace(figures.now.sales, margin=margin))
    mail = worded(replace(figures, weeks=(*figures.weeks[:-1], last)))
    for reading in (mail.text, mail.html):
        assert ("No cost of these products is known" in " ".join(reading.split())) is told


def test_each_product_can_be_looked_up_and_is_named_in_full() -> None:
    figures = specimens.marketing()
    long = replace(figures.products[0], name="Enamelled cast-iron casserole with lid, oval, 6 quarts, cornflower blue")
    mail = worded(replace(figures, products=(long, *figures.products[1:])))
    for reading in (mail.text, LexborHTMLParser(mail.html).text(separator=" ")):
        words = " ".join(reading.split())
        assert all(one.product_id in words and one.name in words for one in (long, *figures.products[1:]))


@pytest.mark.parametrize("asked", [True, False])
def test_a_report_by_hand_says_of_when_its_figures_are(asked: bool) -> None:
    figures = specimens.finance()
    run = run_of(figures, by_hand=True)
    mail = WORDING.word(mail_of(run), None, None, carried([Made(run, figures, asked=asked)], SHOP))
    for reading in (mail.text, mail.html):
        told = " ".join(reading.split())
        assert "told as things stood when week 47 ended; what was cancelled since is not in it." in told
        assert "as they stood then" not in told


def test_the_books_are_shown_and_what_misses_is_said() -> None:
    figures = specimens.finance()
    good = worded(figures)
    assert "It adds up to the cent" in " ".join(good.text.split())
    one = figures.reconciliation
    bad = replace(figures, reconciliation=Reconciliation(one.opening, one.placed, one.cancelled, Tally(1, 1), 250))
    told = worded(bad)
    for reading in (told.text, told.html):
        assert "This does not add up: it misses by $4,160,890.15" in reading
        assert "+$2.50" in reading


def test_addresses_are_shown_only_to_who_is_cleared_and_the_foot_says_so() -> None:
    figures = specimens.marketing()
    emails = {figures.customers[0].hashed_email: "ada@customer.example"}
    for reading in (worded(figures).text, worded(figures).html):
        assert "C-7K3F9Q" in reading
        assert "cleared" not in reading
    told = worded(figures, emails)
    for reading in (told.text, told.html):
        assert "ada@customer.example" in reading
        assert "C-7K3F9Q" not in reading
        assert "C-QW9D4T" in reading  # erased since: nobody knows her address
        assert "cleared for personal data" in " ".join(reading.split())


def test_what_a_product_is_called_is_shown_and_never_obeyed() -> None:
    figures = specimens.marketing()
    named = replace(figures.products[0], name="<script>{{ shop.address }}</script>\r\nBcc: x")
    told = worded(replace(figures, products=(named,)))
    assert "<script>" not in told.html
    assert "{{ shop.address }}" in told.html
    assert "\nBcc" not in told.text


def test_two_years_of_weeks_are_not_cut_off_and_no_number_stands_for_two_of_them() -> None:
    figures = specimens.finance()
    weeks = tuple(
        replace(figures.now, period=specimens.CALENDAR.before(figures.period, back) if back else figures.period)
        for back in reversed(range(104))
    )
    told = worded(replace(figures, weeks=weeks))
    assert len(told.html.encode()) < GMAIL_CUTS_OFF
    assert "The 44 weeks before these stand in the attached tables" in told.html
    for week in weeks:
        assert f"  {week.period.key} " in told.text


def test_a_hundred_products_and_customers_are_not_cut_off() -> None:
    figures = specimens.marketing()
    many = replace(
        figures,
        products=tuple(replace(figures.products[3], rank=rank) for rank in range(1, 101)),
        customers=tuple(replace(figures.customers[0], rank=rank) for rank in range(1, 101)),
    )
    told = worded(many, {figures.customers[0].hashed_email: f"{'a' * 40}@customer.example"})
    assert len(told.html.encode()) < GMAIL_CUTS_OFF
    assert "What comes after the first 40 stands in the attached tables" in told.html
    assert "  100. " in told.text


def test_several_late_reports_in_one_mail_are_a_line_each_and_the_last_in_full() -> None:
    marketing = specimens.marketing()
    days = [specimens.CALENDAR.of_day(Span.DAY, date(2026, 11, day)) for day in range(16, 23)]
    missed = [replace(marketing, period=day, before=specimens.CALENDAR.before(day)) for day in days]
    run, all_of_it = carried_of(*missed, late=True)
    told = WORDING.word(mail_of(run), None, None, all_of_it)
    assert told.subject.startswith("Marketing, 22 November 2026: 306 orders")
    assert told.subject.endswith("(and 6 more, late)")
    for reading in (told.text, told.html):
        assert "These 7 reports come late and in one mail" in " ".join(reading.split())
        assert all(day.key in reading for day in days)
    assert [file.name for file in all_of_it.files] == [
        "marketing-2026-11-16-to-2026-11-22.csv",
        "marketing-2026-11-16-to-2026-11-22.xlsx",
    ]
    rows = all_of_it.files[0].content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("report,list,rank,")
    assert [row.partition(",")[0] for row in rows[1:]] == [day.key for day in days for _ in range(8)]


def test_several_late_finance_reports_in_one_mail_name_every_week_that_any_of_them_tells_otherwise() -> None:
    last = specimens.finance()
    earlier = replace(
        last,
        period=specimens.CALENDAR.before(last.period),
        restated=(Restatement("2026-W45", -5_000, late_cancellations=Tally(1, 5_000)),),
    )
    run, all_of_it = carried_of(earlier, last, late=True)
    told = WORDING.word(mail_of(run), None, None, all_of_it)
    text, html = " ".join(told.text.split()), re.sub(r" style=\"[^\"]*\"", "", told.html)
    assert "- W46: -$120.00, 2 late cancellations (in the report of W47)" in text
    assert "- W45: -$50.00, 1 late cancellation (in the report of W46)" in text
    assert "<b>W45: -$50.00</b>, 1 late cancellation (in the report of W46)" in html
    alone = worded(last)
    assert "in the report of" not in alone.text + alone.html


def test_the_text_says_on_which_day_weeks_begin_unless_it_is_monday() -> None:
    monday = specimens.finance()
    wednesday = replace(monday, period=replace(monday.period, first_day=monday.period.first_day + timedelta(days=2)))
    said = "Each week begins on a Wednesday and is called after the ISO week of its Thursday."
    assert "Each week begins" not in worded(monday).text
    assert said in " ".join(worded(wednesday).text.split())


def test_offers_are_told_as_they_were_made_and_as_they_were_followed() -> None:
    figures = specimens.marketing()
    told = worded(figures)
    offers = figures.offers
    assert offers is not None
    for reading in (" ".join(told.text.split()), told.html):
        assert "281 were made, 255 were sent, and 30 were held out for comparison." in reading
        assert "What came within 14 days of those of Monday 2 to Sunday 8 November 2026:" in reading
    one = worded(replace(figures, offers=replace(offers, made=0, sent=1, held_out=1, followed=None)))
    assert "0 were made, 1 was sent, and 1 was held out for comparison. What comes of them is told when" in " ".join(
        one.text.split()
    )
    none = worded(replace(figures, offers=OfferTotals(0, 0, 0, offers.followed))).text
    assert "None were made. What came within 14 days" in none


def test_a_report_made_by_hand_names_what_it_tells_otherwise_than_the_one_that_came_by_itself() -> None:
    then = specimens.finance()
    sales = replace(then.now.sales, ordered=Tally(313, 4_130_000))
    now = replace(then, weeks=(*then.weeks[:-1], replace(then.now, sales=sales)))
    before = Made(run_of(then), then)
    for figures, words in (
        (now, "it told otherwise: orders 312, now 313; ordered $41,208.96, now $41,300.00; net"),
        (then, "The same sums were told when it came by itself, Monday 23 November 2026, 07:00 MST."),
    ):
        run = run_of(figures, by_hand=True)
        told = WORDING.word(mail_of(run), None, None, carried([Made(run, figures, before)], SHOP))
        for reading in (told.text, told.html):
            assert words in " ".join(reading.split())


def test_amounts_of_any_size_stay_within_the_lines() -> None:
    figures = specimens.finance()
    weeks = tuple(
        replace(week, sales=replace(week.sales, ordered=Tally(10**9, 10**18), cancelled=Tally(10**8, 10**16)))
        for week in figures.weeks
    )
    told = worded(replace(figures, weeks=weeks))
    assert all(len(line) <= 72 for line in told.text.splitlines())
    assert "Ordered: $10,000,000,000,000,000.00" in told.text


def test_times_are_told_by_the_clocks_of_the_report_not_of_the_shop() -> None:
    elsewhere = Wording(SHOP.model_copy(update={"timezone": "Asia/Kathmandu"}))
    run, all_of_it = carried_of(specimens.finance())
    told = elsewhere.word(mail_of(run), None, None, all_of_it)
    assert "Made Monday 23 November 2026, 07:00 MST." in " ".join(told.text.split())
