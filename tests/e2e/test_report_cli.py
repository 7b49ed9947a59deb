"""mailorder report, as staff use it: printed, written to files, mailed, and mistyped."""

import email
import email.policy
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from daemon.cli import main
from store import catalogue, orders, outbox
from store.database import open_shop
from store.facts import Order, OrderLine, OrderState, Product, Role

WEEK_47 = datetime(2024, 11, 18, 7, 0, tzinfo=UTC)  # midnight in Denver
MUG = Product("7B4VYMBRQNAR", "=HYPERLINK(1) mug", "kitchen", price=1_250, on_hand=500, cost=400)
CONFIG = """
[shop]
timezone = "America/Denver"
[reports.staff.anna]
address = "anna@shop.example"
[reports.staff.otto]
address = "otto@shop.example"
reports = ["marketing"]
"""


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


Report = Callable[..., Said]


def an_order(number: int, placed_at: datetime) -> Order:
    line = OrderLine(MUG.product_id, MUG.name, 2, MUG.price, MUG.cost)
    return Order(
        number=f"MO-TEST-{number:04}",
        hashed_email="5f" * 32,
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
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Report:
    """The command in a folder whose shop sold a mug or two on each of nine days of November 2024."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILORDER_CONFIG", raising=False)
    (tmp_path / "config.toml").write_text(CONFIG)
    shop = open_shop("sqlite:///shop.sqlite")
    shop.migrate()
    with shop.transaction() as connection:
        catalogue.add(connection, [MUG], "test", WEEK_47 - timedelta(days=9))
        # The first on the Monday of the week before: the books know that week whole.
        orders.book(connection, [an_order(n, WEEK_47 + timedelta(days=n - 3 if n else -7)) for n in range(9)])
    shop.close()

    def run(*arguments: str) -> Said:
        with pytest.raises(SystemExit) as ended:
            main(["report", *arguments])
        return Said(int(ended.value.code or 0), *capfd.readouterr())

    return run


def test_a_report_is_printed_as_its_text_reads(report: Report) -> None:
    said = report("finance", "--week", "2024-W47")
    assert said.code == 0
    assert said.out.startswith("Week 47: 6 orders, $150.00, +100.0 % on week 46 (made by hand)\n")
    assert "Monday 18 to Sunday 24 November 2024, America/Denver" in said.out
    assert all(len(line) <= 72 for line in said.out.splitlines()[2:])


@pytest.mark.parametrize(
    ("arguments", "headline"),
    [
        (("--day", "2024-11-18"), "Marketing, 18 November 2024: 1 order, $25.00"),
        (("--week", "2024-w47"), "Marketing, week 47: 6 orders, $150.00"),
        (("--month", "2024-11"), "Marketing, November 2024: 9 orders, $225.00"),
    ],
)
def test_marketing_takes_a_day_a_week_or_a_month(report: Report, arguments: tuple[str, str], headline: str) -> None:
    assert report("marketing", *arguments).out.startswith(headline)


def test_without_a_period_it_is_the_last_week_that_is_over(report: Report) -> None:
    said = report("finance")
    assert said.code == 0
    assert "Nobody ordered and nobody cancelled" in said.out


def test_all_its_forms_are_written_and_the_tables_are_the_same_each_time(report: Report, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        said = report("finance", "--week", "2024-W47", "--out", folder)
        assert (said.code, said.err) == (0, "")
    written = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    forms = ("eml", "txt", "html", "csv", "xlsx")
    assert set(written) == {*(f"report.{form}" for form in forms), "report-orders.png", "report-dollars.png"}
    for name in ("report.csv", "report.xlsx", "report-orders.png", "report-dollars.png"):
        assert written[name] == (tmp_path / "two" / name).read_bytes()
    shown = re.findall(r'<img[^>]* src="([^"]+)"', written["report.html"].decode())
    assert shown == ["report-orders.png", "report-dollars.png"]
    message = email.message_from_bytes(written["report.eml"], policy=email.policy.default)
    assert "made by hand" in message["Subject"]


def test_a_product_that_is_named_like_a_formula_stays_a_name(report: Report, tmp_path: Path) -> None:
    assert report("marketing", "--week", "2024-W47", "--out", "out").code == 0
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "out" / "report.xlsx")["Ranks"] for cell in row]
    assert "'=HYPERLINK(1) mug" in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_sending_queues_it_for_each_recipient_each_time_and_lists_it(report: Report, tmp_path: Path) -> None:
    for _ in range(2):
        said = report("marketing", "--week", "2024-W47", "--send")
        assert said.out == "marketing 2024-W47: will be mailed to anna, otto\n"
    shop = open_shop(f"sqlite:///{tmp_path / 'shop.sqlite'}")
    with shop.reading() as connection:
        queued = [one.mail for one in outbox.listing(connection)]
    shop.close()
    assert sorted(mail.facts["recipient"] for mail in queued) == ["anna", "anna", "otto", "otto"]
    assert {(mail.kind, mail.role) for mail in queued} == {("report_marketing", Role.STAFF)}
    assert report("list").out.count("by hand") == 2


def test_what_nobody_gets_is_not_sent(report: Report, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.partition("[reports")[0])
    said = report("finance", "--week", "2024-W47", "--send")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("mailorder: nobody gets the finance report; add a section [reports.staff.NAME]")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("finance", "--week", "2026-W54"), "there is no week '2026-W54'; write it like 2026-W47"),
        (("finance", "--week", "2025-W53"), "there is no week 2025-W53: 2025 has 52 weeks"),
        (("finance", "--week", "47"), "there is no week '47'; write it like 2026-W47"),
        (("finance", "--week", "8999-W01"), "is not over yet"),
        (("finance", "--month", "2024-11"), "the finance report is of a week; use --week"),
        (("marketing", "--day", "2024-02-30"), "there is no day '2024-02-30'; write it like 2026-11-22"),
        (("marketing", "--month", "2024-13"), "there is no month '2024-13'; write it like 2026-11"),
        (("marketing", "--month", "november"), "there is no month 'november'; write it like 2026-11"),
        (("marketing", "--day", "8999-01-01"), "is not over yet"),
        (("marketing", "--day", "2024-11-18", "--week", "2024-W47"), "give only one of --day, --week"),
    ],
)
def test_a_mistake_is_told_in_one_line(report: Report, arguments: tuple[str, ...], told: str) -> None:
    said = report(*arguments)
    assert (said.code, said.out) == (1, "")
    assert told in said.err
    assert said.err.startswith("mailorder: ")
    assert said.err.count("\n") == 1


def test_reports_can_be_looked_at_before_there_are_any(report: Report, tmp_path: Path) -> None:
    assert report("list").code == 0
    with pytest.raises(SystemExit) as ended:
        main(["preview", "report_finance", "--out", "seen"])
    assert not ended.value.code
    html = (tmp_path / "seen" / "report_finance-plain.html").read_text("utf-8")
    for picture in re.findall(r'<img[^>]* src="([^"]+)"', html):
        assert (tmp_path / "seen" / picture).read_bytes().startswith(b"\x89PNG")
