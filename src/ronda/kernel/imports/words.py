"""What is wrong with a text or a code, in words for people."""

import re
import unicodedata

from django.utils.translation import gettext as _

_TAG = re.compile(r"<\s*[A-Za-z/!?]")
_EXPONENT = re.compile(r"^[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+$")
_NUMBER = re.compile(r"\s*[+-]?[\d.,]+\s*\Z", re.ASCII)
_DIRECTION = set("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def text_problem(value: str, most: int) -> str:
    """What is wrong with a text, as a sentence about what is wanted; empty when nothing is."""
    if len(value) > most:
        return _("paling banyak %(most)s huruf") % {"most": most}
    if _TAG.search(value):
        return _("teks biasa tanpa tanda HTML")
    if any(char in _DIRECTION for char in value):
        return _("teks tanpa tanda pembalik arah tulisan")
    if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\n\r" for char in value):
        return _("teks tanpa karakter kendali")
    return ""


def explain_code(value: str, count: int) -> str:
    """A code as it came, with the reason when a spreadsheet most likely spoilt it."""
    if not value:
        return _("kosong")
    if _EXPONENT.match(value):
        return _("%(value)s (Excel mengubahnya menjadi bilangan; jadikan kolom ini teks)") % {"value": value}
    if value.isascii() and value.isdigit() and 0 < count - len(value) <= 3:
        message = _("%(value)s (kurang %(short)s angka; Excel mungkin membuang nol, jadikan kolom ini teks)")
        return message % {"value": value, "short": count - len(value)}
    return shorten(visible(value))


def visible(value: str) -> str:
    """Text with control and direction characters written out, so that they cannot disturb a message."""
    return "".join(
        f"[U+{ord(c):04X}]" if unicodedata.category(c)[0] == "C" and c != " " else c for c in value
    )


def harmless(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula gets a mark in front; numbers stay numbers."""
    is_formula = cell.lstrip()[:1] in ("=", "+", "-", "@") and not _NUMBER.match(cell)
    return f"'{cell}" if is_formula else cell


def shorten(value: str, most: int = 120) -> str:
    return value if len(value) <= most else f"{value[: most - 1]}…"
