"""The grammar of text messages: what people type, and what they meant by it."""

import random
import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ronda.channels.adapters.sms import Problem, SmsRead, What, check_text, sms_read
from ronda.channels.adapters.sms_answer import (
    answer_help,
    answer_kept,
    answer_report,
    answer_sheet,
    answer_step,
)
from ronda.channels.domain import SMS_MAX, gsm7_fit, gsm7_length
from ronda.kernel.areas import is_code
from ronda.law.sms import sms_words
from ronda.methods.check import check_character

VILLAGE, STATION = "51.01.02.2007", "5101022007007"
FIGURES = (190, 42, 232, 5, 237)
SIGN = check_character(check_text(VILLAGE, 7, "BUP", FIGURES))
SHEET = f"{STATION} HASIL BUP 190 42 232 5 237 {SIGN}"


def said(text: str, own: str = VILLAGE) -> tuple[object, ...]:
    read = sms_read(text, own_area=own)
    return read.what, read.place, read.station, read.step or read.kind, read.problem


@pytest.mark.parametrize(
    "text",
    ["TPS 7 BUKA", "tps 7 buka", "Tps07 Dibuka", "  TPS-007:  BUKA.", "7 buka", "TSP 7 BUKA", "TPS 7 BUKS",
     "5101022007007 BUKA", "51O1O22OO7OO7 buka", "51.01.02.2007 7 BUKA", "5101022007/7 buka", "TPS\u00a07\nBUKA"],
)  # fmt: skip
def test_a_station_that_opened_is_understood_however_it_is_typed(text: str) -> None:
    assert said(text) == (What.STEP, VILLAGE, 7, "opened", None)


@pytest.mark.parametrize(
    ("own", "code"), [("51.01.02", "2007"), ("51.01", "022007"), ("51.01", "5101022007")]
)
def test_the_short_code_is_what_is_missing_behind_the_own_area(own: str, code: str) -> None:
    assert said(f"{code} TPS 7 TUTUP", own) == (What.STEP, VILLAGE, 7, "closed", None)


def test_the_queue_has_its_number_and_a_note() -> None:
    read = sms_read("TPS 7 ANTRE 40 hujan deras", own_area=VILLAGE)

    assert (read.step, read.queue, read.note) == ("queue", 40, "HUJAN DERAS")


@pytest.mark.parametrize("text", ["TPS 7 UANG amplop", "TPS 7 ada apa UANG", "UANG di TPS 7 ada amplop"])
def test_a_report_keeps_the_words_and_finds_its_place(text: str) -> None:
    read = sms_read(text, own_area=VILLAGE)

    assert (read.what, read.text, read.place, read.station) == (What.REPORT, text, VILLAGE, 7)


def test_a_word_near_to_a_step_is_no_step_where_a_sentence_follows() -> None:
    assert said("TPS 7 BUKAN KPPS yang datang")[0] is What.REPORT


def test_a_typo_that_could_mean_two_things_is_not_guessed() -> None:
    """LAMBAT and JALAN stand apart; a word as near to two meanings has none."""
    from ronda.channels.adapters import sms

    words = [*sms._table()]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for word in words:
        for at in range(len(word)):
            for letter in letters:
                typed = word[:at] + letter + word[at + 1 :]
                found = sms._near(typed)
                near = {
                    sms._table()[one] for one in words if sms.OSA.distance(typed, one) == 1 and len(one) > 3
                }
                if typed not in words and len(typed) > 3 and len(near) > 1:
                    assert found is None, typed


def test_danger_is_heard_anywhere_in_a_message() -> None:
    assert sms_read("TPS 7 KERAS bawa parang DARURAT", own_area=VILLAGE).is_danger
    assert not sms_read("TPS 7 KERAS", own_area=VILLAGE).is_danger


@pytest.mark.parametrize(
    ("text", "own", "problem"),
    [("", "", Problem.EMPTY), (" .,", "", Problem.PLACE),
     ("BUKA", "", Problem.PLACE), ("TPS 7 BUKA", "", Problem.PLACE),
     ("TPS 7 BUKA", "51.01", Problem.PLACE), ("51.01.02.2007 BUKA", "", Problem.STATION),
     ("ada amplop", "", Problem.PLACE), (f"{STATION} HASIL", "", Problem.FIGURES),
     (f"{STATION} HASIL BUP 1 2 L", "", Problem.FIGURES), (SHEET.replace("190", "191"), "", Problem.CHECK)],
)  # fmt: skip
def test_what_is_missing_is_named(text: str, own: str, problem: Problem) -> None:
    assert sms_read(text, own_area=own).problem is problem


@pytest.mark.parametrize(
    "text",
    [SHEET, SHEET.lower(), f"TPS 7 hasil bup 190,42,232,5,237 {SIGN}", f"TPS O7 HSIL BUP 190.42.232.5.237 #{SIGN}",
     f"TPS 7 HASIL BUP 19O 42 232 5 237 {SIGN}"],
)  # fmt: skip
def test_figures_are_read_with_any_separators(text: str) -> None:
    read = sms_read(text, own_area=VILLAGE)

    assert (read.contest, read.figures, read.problem) == ("BUP", FIGURES, None)


def wrong_keys(text: str) -> list[str]:
    """Every message that differs by one digit, or in which two neighbours are swapped."""
    changed = [
        text[:at] + digit + text[at + 1 :]
        for at, sign in enumerate(text)
        if sign.isdigit()
        for digit in "0123456789"
        if digit != sign
    ]
    swapped = [
        text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        for at in range(len(text) - 1)
        if text[at] != text[at + 1]
    ]
    return changed + swapped


@pytest.mark.parametrize(
    ("figures", "contest"),
    [
        (FIGURES, "BUP"),
        ((11, 3, 14, 0, 14), "BUP"),
        ((101, 110, 11, 222, 9, 231), "GUB"),
        ((0, 1, 10, 100), "PPWP"),
    ],
)
def test_one_wrong_digit_and_every_swap_of_neighbours_is_found(
    figures: tuple[int, ...], contest: str
) -> None:
    sign = check_character(check_text(VILLAGE, 7, contest, figures))
    words = " ".join(map(str, figures))
    for text in wrong_keys(f"{STATION} HASIL {contest} {words} {sign}"):
        read = sms_read(text)
        taken = (read.place, read.station, read.contest, read.figures)
        assert (
            read.problem is not None or taken == (VILLAGE, 7, contest, figures) or read.what is not What.SHEET
        ), text


def test_control_without_the_check_character_wrong_digits_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    from ronda.channels.adapters import sms

    monkeypatch.setattr(sms, "has_check", lambda text, sign: True)
    with pytest.raises(AssertionError):
        test_one_wrong_digit_and_every_swap_of_neighbours_is_found(FIGURES, "BUP")


def test_every_kind_and_step_is_named_by_each_of_its_words() -> None:
    law = sms_words()
    for table, what in ((law.kinds, What.REPORT), (law.steps, What.STEP)):
        for id_, words in table.items():
            for word in words:
                assert said(f"TPS 7 {word}")[:4] == (what, VILLAGE, 7, id_)


GRAINS = ("TPS", "7", "BUKA", "HASIL", "BUP", STATION, VILLAGE, "\x00", "\ud800", "😀", "٣", "²", "0", "99999999999",
          "ANTRE", "UANG", "*", "L", ".", "...", "51.01.", "é", "½", "x" * 300)  # fmt: skip


def any_sms(chance: random.Random) -> tuple[str, str]:
    """Words of messages in any order and shape, and a place of the sender."""
    words = [chance.choice(GRAINS) for _ in range(chance.randrange(8))]
    text = chance.choice(("", " ", "  ", "\n", ",")).join(words)
    if chance.random() < 0.3:
        at = chance.randrange(len(SHEET))
        text = SHEET[:at] + chance.choice(GRAINS) + SHEET[at + chance.randrange(3) :]
    return text, chance.choice(("", VILLAGE, "51.01.02", "51.01", "51"))


def is_kept(read: SmsRead) -> bool:
    """What a message of the gate can carry, whatever came in."""
    return (
        is_code(read.place)
        and (read.station is None or 1 <= read.station <= 999)
        and all(0 <= figure < 10**9 for figure in read.figures)
        and (read.queue is None or 0 <= read.queue <= 999)
        and "\x00" not in read.text
        and read.text.encode().decode() == read.text
    )


@given(st.text(st.characters(codec=None), max_size=200), st.sampled_from(("", VILLAGE, "51.01")))
def test_any_text_is_read_as_something_that_can_be_kept(text: str, own: str) -> None:
    assert is_kept(sms_read(text, own_area=own))


def test_any_mixture_of_words_is_read_as_something_that_can_be_kept() -> None:
    chance = random.Random(11)
    for _ in range(2_000):
        text, own = any_sms(chance)
        assert is_kept(sms_read(text, own_area=own)), text


@given(st.text(st.characters(codec=None), max_size=300))
def test_any_text_is_made_to_fit_one_text_message(text: str) -> None:
    assert gsm7_length(gsm7_fit(text)) <= SMS_MAX


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_answer_fits_one_text_message_whole(language: str) -> None:
    """Also with the longest name and the longest kind; nothing is cut but the name of the place."""
    with translation.override(language):
        answers = longest_answers()

    assert all(gsm7_length(answer) <= SMS_MAX and not answer.endswith("..") for answer in answers), answers
    assert all(re.match(r"Ronda[:.] ", answer) for answer in answers)


def longest_answers() -> list[str]:
    """Every answer with the longest name, kind and figures."""
    name, code = "Sumberagung Kidul Wetan Lor Kulon Barat", "7D1E-40AC-9F3C"
    sheet = sms_read(SHEET)
    long = tuple([999] * 40)
    answers = [answer_help(), answer_sheet(sheet, name, FIGURES[:2])]
    answers += [
        answer_step(sms_read(f"TPS 7 {word} 999", own_area=VILLAGE), name)
        for (word, *_) in sms_words().steps.values()
    ]
    answers += [
        answer_report(sms_read(f"TPS 7 {word}", own_area=VILLAGE), name, code)
        for (word, *_) in sms_words().kinds.values()
    ]
    answers += [
        answer_kept(one, sheet, name, code, wanted=20)
        for one in (*Problem, "choices", "contest", "sender", "register")
        if one != Problem.EMPTY
    ]
    big = SmsRead(What.SHEET, "", VILLAGE, 999, contest="DPRDKAB", figures=(*long, 39_960, 1, 39_961))
    answers.append(answer_sheet(big, name, long))
    return answers
