"""The check character: the standard's own example, and every wrong key and every swap of real messages."""

import doctest

from hypothesis import given
from hypothesis import strategies as st

from ronda.methods import check
from ronda.methods.check import character, check_character, has_check

SIGNS = f"{character.ALPHABET} "
SHEETS = (
    "5101022003007 BUP 190 42 232 5 237",
    "5101022003007 BUP 11 3 14 0 14",
    "5101011006901 PPWP 0 0 0 0 0",
    "3507012001012 GUB 101 110 11 222 9 231",
)


def test_the_examples_in_the_text_hold() -> None:
    assert doctest.testmod(character).failed == 0
    assert set(check.__all__) == {"check_character", "has_check"}


def test_it_is_the_character_of_the_standard() -> None:
    assert check_character("G123489654321") == "Y"  # ISBT 128, which uses ISO/IEC 7064 MOD 37-2


def test_every_single_wrong_key_of_a_sheet_is_found() -> None:
    tried = 0
    for text in SHEETS:
        sign = check_character(text)
        for at in range(len(text)):
            for other in SIGNS.replace(text[at], ""):
                tried += 1
                assert not has_check(text[:at] + other + text[at + 1 :], sign)
    assert tried > 4_000


def test_every_swap_of_neighbours_of_a_sheet_is_found_also_of_a_digit_and_a_blank() -> None:
    for text in SHEETS:
        sign = check_character(text)
        for at in range(len(text) - 1):
            swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
            assert swapped == text or not has_check(swapped, sign)


def test_every_wrong_check_character_is_found() -> None:
    for text in SHEETS:
        assert sum(has_check(text, sign) for sign in f"{character.ALPHABET}*") == 1


@given(st.text(SIGNS, min_size=2, max_size=80), st.data())
def test_of_any_text_one_wrong_key_and_one_swap_are_found(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 2))
    other = data.draw(st.sampled_from(SIGNS))
    sign = check_character(text)
    wrong = text[:at] + other + text[at + 1 :]
    swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]

    assert wrong == text or not has_check(wrong, sign)
    assert swapped == text or not has_check(swapped, sign)


def test_control_a_plain_sum_of_digits_misses_every_swap(monkeypatch) -> None:
    monkeypatch.setattr(character, "RADIX", 1)
    text = SHEETS[0]

    assert has_check(text[:14] + text[15] + text[14] + text[16:], check_character(text))


def test_what_has_no_check_character_is_never_right() -> None:
    assert not has_check("", "1")
    assert not has_check("tps 7", "1")
