"""What `mailorder check` says of the clocks."""

from datetime import UTC, datetime, timedelta

import pytest

from daemon.service.checking import apart

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("seconds", [-60, -1, 0, 60])
def test_clocks_that_differ_by_a_minute_at_most_agree(seconds: int) -> None:
    assert apart(NOON + timedelta(seconds=seconds), NOON) == "agrees with ours"


@pytest.mark.parametrize(("seconds", "told"), [(61, "61 s ahead of ours"), (-7200, "7200 s behind ours")])
def test_clocks_apart_are_told_by_how_much(seconds: int, told: str) -> None:
    with pytest.raises(OSError, match=told):
        apart(NOON + timedelta(seconds=seconds), NOON)
