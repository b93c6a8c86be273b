"""The environment is read once, and a bad value is refused with a sentence."""

from pathlib import Path

import pytest

from ronda.config import env


def test_takes_the_default_when_the_setting_is_absent_or_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RONDA_T", " ")
    assert env.integer("RONDA_T", 8000, 1, 65535) == 8000
    assert env.flag("RONDA_ABSENT", True) is True


@pytest.mark.parametrize("came", ["x", "0", "65536", "1.5"])
def test_refuses_a_number_out_of_bounds_with_a_sentence(monkeypatch: pytest.MonkeyPatch, came: str) -> None:
    monkeypatch.setenv("RONDA_T", came)
    with pytest.raises(
        env.SettingError, match=r"RONDA_T must be a whole number from 1 to 65535, but it is '"
    ):
        env.integer("RONDA_T", 8000, 1, 65535)


def test_refuses_a_word_outside_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RONDA_T", "loud")
    with pytest.raises(env.SettingError, match="one of quiet, plain"):
        env.choice("RONDA_T", "plain", ["quiet", "plain"])


@pytest.mark.parametrize(("came", "value"), [("ya", True), ("1", True), ("off", False), ("FALSE", False)])
def test_reads_yes_and_no_in_both_languages(monkeypatch: pytest.MonkeyPatch, came: str, value: bool) -> None:
    monkeypatch.setenv("RONDA_T", came)
    assert env.flag("RONDA_T") is value


def test_refuses_neither_yes_nor_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RONDA_T", "maybe")
    with pytest.raises(env.SettingError, match="1 or 0"):
        env.flag("RONDA_T")


def test_never_repeats_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RONDA_T", "hunter2")
    with pytest.raises(env.SettingError) as refusal:
        env.text("RONDA_T", secret=True, least=32)
    assert "hunter2" not in str(refusal.value)


def test_refuses_a_path_that_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RONDA_T", str(tmp_path / "none"))
    with pytest.raises(env.SettingError, match="something that exists"):
        env.path("RONDA_T", tmp_path, exists=True)


def test_splits_words_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RONDA_T", "a, b ,,c")
    assert env.words("RONDA_T") == ["a", "b", "c"]
