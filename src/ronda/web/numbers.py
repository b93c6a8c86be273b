"""Numbers as Indonesian officers write them: 1.234,5; in English pages 1,234.5. A true minus sign."""

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils import translation

MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"


def number_words(value: float | Decimal | None, decimals: int = 0) -> str:
    """1234.5 with one decimal: 1.234,5. Nothing known: a dash, never zero."""
    if value is None:
        return NOTHING
    if isinstance(value, int) and not decimals:
        return _whole(value, _is_english())
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = _marked(f"{abs(exact):,.{decimals}f}")
    return f"{MINUS}{text}" if exact < 0 else text


def count_writer() -> Callable[[int | None], str]:
    """`number_words` for counts in the language of now, asked once: for maps and lists that write hundreds."""
    is_english = _is_english()
    return lambda value: NOTHING if value is None else _whole(value, is_english)


def station_numbers(codes: Sequence[str], most: int = 12) -> str:
    """Numbers of polling stations, from their codes, as people write them: 01, 02, 05 (+3)."""
    numbers = sorted(int(code[10:]) for code in codes)
    shown = ", ".join(f"{number:02d}" for number in numbers[:most])
    return f"{shown} (+{len(numbers) - most})" if len(numbers) > most else shown


@lru_cache(maxsize=20_000)
def _whole(value: int, is_english: bool) -> str:
    """Counts are by far the most frequent numbers of a page, and mostly the same ones."""
    text = f"{value:,}".replace("-", MINUS)
    return text if is_english else text.translate(_INDONESIAN)


_INDONESIAN = str.maketrans(",.", ".,")


def _marked(text: str) -> str:
    """English marks as they are, else those of Indonesian."""
    return text if _is_english() else text.translate(_INDONESIAN)


def _is_english() -> bool:
    return (translation.get_language() or "id").startswith("en")


def signed_words(value: float | Decimal | None, decimals: int = 0) -> str:
    """+37, −37, 0."""
    text = number_words(value, decimals)
    return f"+{text}" if value is not None and value > 0 else text


def percent_words(share: float | Decimal | None, decimals: int = 1) -> str:
    """A share of 0 to 1 as 97,0 %."""
    if share is None:
        return NOTHING
    return f"{number_words(Decimal(str(share)) * 100, decimals)}\N{NO-BREAK SPACE}%"
