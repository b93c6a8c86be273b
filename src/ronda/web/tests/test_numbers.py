from decimal import Decimal

from django.utils import translation

from ronda.web.numbers import number_words, percent_words, signed_words, station_numbers


def test_writes_thousands_with_a_point_and_decimals_with_a_comma() -> None:
    assert number_words(1234567) == "1.234.567"
    assert number_words(1234.5, 1) == "1.234,5"
    assert number_words(Decimal("0.125"), 2) == "0,13"


def test_nothing_known_is_a_dash_and_never_zero() -> None:
    assert number_words(None) == "–"
    assert percent_words(None) == "–"
    assert number_words(0) == "0"


def test_says_the_sign_with_a_true_minus() -> None:
    assert signed_words(-37) == "−37"
    assert signed_words(37) == "+37"
    assert signed_words(0) == "0"


def test_a_share_becomes_a_percentage_with_a_space() -> None:
    assert percent_words(0.97) == "97,0\N{NO-BREAK SPACE}%"
    assert percent_words(Decimal(1), 0) == "100\N{NO-BREAK SPACE}%"


def test_english_pages_use_english_marks() -> None:
    with translation.override("en"):
        assert number_words(1234.5, 1) == "1,234.5"


def test_stations_are_named_by_number_and_many_are_cut_short():
    codes = [f"5101022007{number:03d}" for number in (5, 1, 2)]

    assert station_numbers(codes) == "01, 02, 05"
    assert station_numbers(codes, most=2) == "01, 02 (+1)"
