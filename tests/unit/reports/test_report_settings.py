"""Which reports come when and to whom is said in config.toml, and a mistake there is one line."""

import json
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from daemon.config import Config, ConfigError, When, load_config
from daemon.reports.process import errand, read_errand
from store.facts import Report, Span

ANNA = '[reports.staff.anna]\naddress = "anna@shop.example"\n'
SHIPPED = Path(__file__).parents[3] / "config.toml"


def told(folder: Path, text: str) -> Config:
    file = folder / "config.toml"
    file.write_text(text)
    return load_config(file)


def test_nothing_is_reported_until_somebody_is_to_get_it() -> None:
    assert load_config(SHIPPED).reports.times() == {}


def test_the_shipped_file_tells_the_defaults() -> None:
    assert load_config(SHIPPED).reports == Config().reports


def test_who_gets_what_and_when(tmp_path: Path) -> None:
    reports = told(tmp_path, ANNA + 'reports = ["finance"]\n[reports.staff.ben]\naddress = "ben@b.example"\n').reports
    assert (reports.recipients(Report.FINANCE), reports.recipients(Report.MARKETING)) == (("anna", "ben"), ("ben",))
    assert reports.times() == {
        (Report.FINANCE, Span.WEEK): When(time(7), 0),
        (Report.MARKETING, Span.WEEK): When(time(7, 30), 0),
        (Report.MARKETING, Span.MONTH): When(time(8), 1),
    }


def test_a_report_that_never_comes_is_left_out(tmp_path: Path) -> None:
    text = '[reports.finance]\nweekly = ""\n[reports.marketing]\ndaily = "23:59"\nweekly = ""\nmonthly = ""\n'
    assert told(tmp_path, text + ANNA).reports.times() == {(Report.MARKETING, Span.DAY): When(time(23, 59))}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[reports.finance]\nweekly = "07:00"', 'reports.finance.weekly: write a day and a time like "monday 07:00"'),
        ('[reports.marketing]\nmonthly = "31 08:00"', "reports.marketing.monthly: write a day from 1 to 28"),
        ('[reports.marketing]\ndaily = "7.30"', 'reports.marketing.daily: write a time like "07:30"'),
        ('[reports]\ntimezone = "Mars"', "reports.timezone: is not an IANA time zone"),
        ('[reports]\nweek_starts = "mon"', "reports.week_starts: "),
        ('[reports]\nlate = "never"', "reports.late: "),
        ("[reports]\nweeks = 105", "reports.weeks: "),
        ('[reports.staff.anna]\naddress = "anna"', "reports.staff.anna.address: is not a plain mail address"),
        (
            '[reports.staff.anna]\naddress = "orders@shop.example"',
            "reports.staff.anna.address must not be the shop's own",
        ),
        ('[reports.staff."Anna B"]\naddress = "a@b.example"', "reports.staff: Anna B: name it with small letters"),
        ('[reports.staff.anna]\naddress = "a@b.example"\nreports = ["sales"]', "reports.staff.anna.reports.0: "),
        ('[reports.staff.anna]\nadress = "a@b.example"', "reports.staff.anna.adress: no such key"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_key(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(ConfigError) as refused:
        told(tmp_path, text)
    assert line in str(refused.value)


def test_the_reporting_process_is_told_nothing_of_the_vault_nor_of_passwords(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILORDER_SMTP__PASSWORD", "hush")
    config = told(tmp_path, ANNA + "[reports.marketing]\ndaily = '08:00'\n[offers]\nenabled = false\n")
    text = json.dumps(errand(config, datetime(2026, 11, 23, tzinfo=UTC)))
    assert "hush" not in text
    assert "vault" not in text
    monkeypatch.delenv("MAILORDER_SMTP__PASSWORD")
    again, now = read_errand(text)
    assert (again.reports, again.offers, again.shop) == (config.reports, config.offers, config.shop)
    assert now == datetime(2026, 11, 23, tzinfo=UTC)
