from datetime import UTC, date, datetime

import pytest

from ronda.situation.domain import CHAT_MAX, fitted, moments_of, plain
from ronda.web.localtime import WITA


def test_a_running_day_ends_now_and_is_held_against_yesterday_at_the_same_clock() -> None:
    now = datetime(2024, 11, 27, 6, 0, tzinfo=UTC)  # 14.00 WITA
    moments = moments_of(date(2024, 11, 27), zone=WITA, now=now)

    assert moments.is_running
    assert moments.start == datetime(2024, 11, 26, 16, 0, tzinfo=UTC)
    assert (moments.until, moments.before_until) == (now, datetime(2024, 11, 26, 6, 0, tzinfo=UTC))


def test_a_day_that_is_over_ends_before_midnight() -> None:
    moments = moments_of(date(2024, 11, 26), zone=WITA, now=datetime(2024, 11, 27, 6, 0, tzinfo=UTC))

    assert not moments.is_running
    assert moments.until.astimezone(WITA).strftime("%d %H.%M") == "26 23.59"


def test_a_day_that_has_not_begun_has_no_moments() -> None:
    with pytest.raises(ValueError, match="has not begun"):
        moments_of(date(2024, 11, 28), zone=WITA, now=datetime(2024, 11, 27, 6, 0, tzinfo=UTC))


def test_a_name_with_signs_of_markup_stays_plain() -> None:
    assert plain("*Desa*  _Baru_\n~x~ `y` #1 <b>") == "Desa Baru x y 1 b"


def test_a_long_text_is_cut_between_lines_and_says_so() -> None:
    body = [f"Kecamatan {number}: 12 kejadian terbuka" for number in range(500)]
    text = fitted(["JUDUL"], body, ["sumber"], more="… dan seterusnya")

    assert len(text) <= CHAT_MAX
    assert text.endswith("… dan seterusnya\n\nsumber\n")
    assert all(
        line in {"JUDUL", "sumber", "", "… dan seterusnya"} or line in body for line in text.splitlines()
    )


def test_a_short_text_is_whole() -> None:
    assert fitted(["a"], ["b"], ["c"], more="lagi") == "a\nb\n\nc\n"
