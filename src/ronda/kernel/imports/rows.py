"""One row under check: readers that note an error instead of raising."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TypeVar

from django.utils.translation import gettext as _

from ronda.kernel.imports.words import explain_code, shorten, text_problem, visible

T = TypeVar("T")

_INTEGER = re.compile(r"^[+-]?\d{1,18}$")
_DECIMAL = re.compile(r"^[+-]?\d{1,9}(?:[.,]\d{1,18})?$")


@dataclass(frozen=True, slots=True)
class RowError:
    """What stood in one cell and what was wanted."""

    row: int
    column: str
    wanted: str
    came: str


@dataclass(slots=True)
class Row:
    """One row under check: readers note an error and give None, so that one row shows all its errors."""

    number: int
    cells: dict[str, str]
    errors: list[RowError] = field(default_factory=list)

    def refuse(self, column: str, wanted: str, came: str | None = None) -> None:
        shown = self.cells.get(column, "") if came is None else came
        self.errors.append(RowError(self.number, column, wanted, shorten(shown)))

    def text(self, column: str, *, most: int = 200, required: bool = True) -> str:
        """Text without markup and control characters; emoji and any script are welcome."""
        value = unicodedata.normalize("NFC", self.cells.get(column, ""))
        if not value:
            if required:
                self.refuse(column, _("isi"), _("kosong"))
            return ""
        if problem := text_problem(value, most):
            self.refuse(column, problem, visible(value))
            return ""
        return " ".join(value.split())

    def integer(self, column: str, low: int, high: int, *, required: bool = False) -> int | None:
        """A whole number in low..high; empty is None, never zero."""
        value = self.cells.get(column, "").removesuffix(".0")
        if not value and not required:
            return None
        if not _INTEGER.match(value) or not value.isascii() or not low <= int(value) <= high:
            wanted = _("bilangan bulat %(low)s sampai %(high)s") % {"low": low, "high": high}
            self.refuse(column, wanted, value or _("kosong"))
            return None
        return int(value)

    def decimal(self, column: str, low: float, high: float) -> float | None:
        """A number in low..high with point or comma; empty is None."""
        value = self.cells.get(column, "")
        if not value:
            return None
        number = float(value.replace(",", ".")) if value.isascii() and _DECIMAL.match(value) else None
        if number is None or not low <= number <= high:
            self.refuse(column, _("bilangan antara %(low)s dan %(high)s") % {"low": low, "high": high})
            return None
        return number

    def digits(self, column: str, count: int) -> str:
        """A code of exactly `count` digits; says so when a spreadsheet has spoilt it."""
        value = self.cells.get(column, "").removesuffix(".0")
        if value.isascii() and value.isdigit() and len(value) == count:
            return value
        self.refuse(column, _("%(count)s angka") % {"count": count}, explain_code(value, count))
        return ""

    def choice(self, column: str, options: dict[str, T], default: T) -> T:
        """One of the words in `options`; empty is the default."""
        value = self.cells.get(column, "").casefold()
        if value and value not in options:
            self.refuse(column, _("salah satu dari %(words)s") % {"words": ", ".join(options)})
        return options.get(value, default)
