"""Every reader gives a clear refusal or something that can be kept, and does not hang, whatever comes in."""

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from ronda.law.checkins import CheckinRules
from ronda.law.loader import LawError, load_text
from tests.badinput.readers import RULES, Reader, file_readers, value_readers
from tests.badinput.trying import try_all
from tests.counts import FILE, count

HANG_S = 10.0  # of the processor's own time, so that a busy machine does not count
FILES = [reader.name for reader in file_readers(Path())]
VALUES = [reader.name for reader in value_readers()]


def survives(reader: Reader, came: Any, hang_s: float = HANG_S) -> None:
    """The promise itself: own error or a good result, and no hang."""
    began = time.process_time()
    try:
        result = reader.read(came)
    except reader.refuses as refusal:
        words = str(refusal).strip()
    else:
        words = "none"
        assert reader.check(result), f"{reader.name} let {repr(came)[:200]} through as {repr(result)[:200]}"
    assert words, "a refusal says what is wrong"
    assert time.process_time() - began < hang_s, f"{reader.name} hangs on {repr(came)[:200]}"


def _run(reader: Reader, cases: int) -> int:
    return try_all(reader.inputs, cases, lambda came: survives(reader, came))


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
    endless = Reader("endless", st.just(0), lambda came: sum(range(3_000_000)), ())

    with pytest.raises(TypeError):
        _run(forgetful, 200)
    with pytest.raises(AssertionError, match="let"):
        _run(careless, 2_000)
    with pytest.raises(AssertionError, match="hangs"):
        survives(endless, 0, hang_s=0.001)


def test_control_a_strategy_that_runs_dry_turns_the_suite_red() -> None:
    with pytest.raises(AssertionError, match="only 2 of 50 inputs"):
        try_all(st.booleans(), 50, lambda came: None)


@pytest.mark.parametrize("text", ["[" * 3_000, "{a: " * 900 + "1" + "}" * 900])
def test_a_law_file_nested_without_end_is_refused(text: str) -> None:
    with pytest.raises(LawError, match="valid YAML"):
        load_text(text, CheckinRules, "dalam.yaml")


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("zone: Asia/Makassar", "zone: Asia/Makasar"),
        ("zone: Asia/Makassar", "zone: Asia"),
        ("day: 0", "day: 99999999999"),
        ('share_min: "0.5"', 'share_min: "1/0"'),
    ],
)
def test_a_law_file_that_cannot_be_reckoned_with_is_refused(written: str, instead: str) -> None:
    assert written in RULES
    with pytest.raises(LawError):
        load_text(RULES.replace(written, instead), CheckinRules, "salah.yaml")


def test_the_counts_are_those_that_were_promised() -> None:
    """Each of them is the number of inputs that a test really tries, else that test is red (see `try_all`)."""
    table = tomllib.loads(FILE.read_text())
    mine = [name for name in table if name.startswith("badinput_")]

    assert sum(table[name]["fast"] for name in mine) >= 20_000
    assert all(table[name]["full"] >= 10 * table[name]["fast"] for name in mine)


def test_all_parsers_together_meet_the_promised_number_of_inputs() -> None:
    """S7: 950,000 at the parsers and 50,000 over HTTP; a tenth of it in the fast run."""
    table = tomllib.loads(FILE.read_text())
    parsers = ("gate_inputs", "channel_inputs", "badinput_values", "badinput_files")
    over_http = ("gate_requests", "channel_requests", "badinput_pages", "badinput_api", "badinput_gate")

    for speed, least in (("fast", 0.1), ("full", 1)):
        assert sum(table[name][speed] for name in parsers) >= 950_000 * least
        assert sum(table[name][speed] for name in over_http) >= 50_000 * least
