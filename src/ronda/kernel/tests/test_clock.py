"""The drill clock: what it shows, how fast it runs, and that time is real without one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ronda.kernel import clock

DAWN = datetime(2024, 2, 13, 22, tzinfo=UTC)


@pytest.fixture
def drill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "clock.json"
    monkeypatch.setenv("RONDA_CLOCK_FILE", str(path))
    return path


def test_without_a_drill_time_is_real_and_runs_as_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RONDA_CLOCK_FILE", raising=False)
    assert (clock.drill(), clock.rate()) == (None, 1.0)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_drill_that_was_not_begun_has_no_clock_yet(drill: Path) -> None:
    assert (clock.drill(), clock.rate()) == (None, 1.0)


def test_a_drill_shows_its_own_time_and_says_how_fast_it_runs(drill: Path) -> None:
    clock.set_drill(drill, simulated=DAWN, speed=120)
    assert clock.rate() == 120
    assert clock.now() >= DAWN


def test_a_drill_that_stands_still_shows_one_moment_until_it_is_set_anew(drill: Path) -> None:
    clock.set_drill(drill, simulated=DAWN, speed=0)
    assert (clock.now(), clock.rate()) == (DAWN, 0)
    clock.set_drill(drill, simulated=DAWN + timedelta(hours=1), speed=0)
    assert clock.now() == DAWN + timedelta(hours=1)
