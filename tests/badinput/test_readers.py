"""Every reader gives a clear refusal or something that can be kept, within two seconds, whatever comes in."""

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.badinput.readers import Reader, file_readers, value_readers
from tests.counts import count

HANG_S = 2.0
FILES = [reader.name for reader in file_readers(Path())]
VALUES = [reader.name for reader in value_readers()]
QUIET = [
    HealthCheck.function_scoped_fixture,
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
]


def survives(reader: Reader, came: Any) -> None:
    """The promise itself: own error or a good result, and no hang."""
    began = time.monotonic()
    try:
        result = reader.read(came)
    except reader.refuses as refusal:
        words = str(refusal).strip()
    else:
        words = "none"
        assert reader.check(result), f"{reader.name} let {repr(came)[:200]} through as {repr(result)[:200]}"
    assert words, "a refusal says what is wrong"
    assert time.monotonic() - began < HANG_S


def _run(reader: Reader, cases: int) -> None:
    @settings(max_examples=cases, deadline=None, suppress_health_check=QUIET, derandomize=True, database=None)
    @given(reader.inputs)
    def cases_of(came: Any) -> None:
        survives(reader, came)

    cases_of()


@pytest.mark.parametrize("name", FILES)
def test_any_file_is_read_or_refused(name: str, tmp_path: Path) -> None:
    reader = next(one for one in file_readers(tmp_path) if one.name == name)

    _run(reader, -(-count("badinput_files") // len(FILES)))


@pytest.mark.parametrize("name", VALUES)
def test_any_value_is_read_or_refused(name: str) -> None:
    reader = next(one for one in value_readers() if one.name == name)

    _run(reader, -(-count("badinput_values") // len(VALUES)))


def test_control_a_planted_unhandled_case_turns_the_suite_red() -> None:
    """A reader that forgets that a count may be no number is found; so is one that lets a NUL through, and a hang."""
    forgetful = Reader("forgetful", st.integers() | st.text(), lambda came: 1 + came, (ValueError,))
    careless = Reader("careless", st.text(), lambda came: came, (), lambda came: "\x00" not in came)
    slow = Reader("slow", st.just(0), lambda came: time.sleep(HANG_S + 0.1), ())

    with pytest.raises(TypeError):
        _run(forgetful, 200)
    with pytest.raises(AssertionError, match="let"):
        _run(careless, 2_000)
    with pytest.raises(AssertionError):
        _run(slow, 1)


def test_the_counts_are_those_that_were_promised() -> None:
    import tomllib

    from tests.counts import FILE

    table = tomllib.loads(FILE.read_text())
    mine = [name for name in table if name.startswith("badinput_")]

    assert sum(table[name]["fast"] for name in mine) >= 20_000
    assert all(table[name]["full"] >= 10 * table[name]["fast"] for name in mine)
