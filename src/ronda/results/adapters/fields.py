"""Fields of the form C.Hasil by the ids of `docs/reference/import-formats.md`, and figures made out of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from ronda.results.adapters.incoming import CHOICES_MAX
from ronda.results.domain import Figures, Outcome
from ronda.web.localtime import WIB

CHOICE = re.compile(r"suara_([1-9]\d{0,2})\Z", re.ASCII)
PLACE = ("station", "province", "regency", "district", "village", "number")
BESIDE = (*PLACE, "source", "outcome", "captured_at")
_BY_SEX = (
    "dpt",
    "pengguna_dpt",
    "pengguna_dptb",
    "pengguna_dpk",
    "pengguna",
    "disabilitas",
)
FORM = (
    *(f"{row}_{column}" for row in _BY_SEX for column in ("l", "p", "j")),
    *("ss_diterima", "ss_digunakan", "ss_dikembalikan", "ss_tidak_digunakan"),
    *("sah", "tidak_sah", "sah_tidak_sah", "status_suara", "status_adm", "images"),
)
_OWN = ("sah", "tidak_sah")
OUTCOMES: Final[Mapping[str, str]] = {
    "reguler": Outcome.REGULAR,
    "penghitungan suara ulang": Outcome.RECOUNT,
    "penghitungan suara susulan": Outcome.LATE_COUNT,
    "pemungutan suara ulang": Outcome.REVOTE,
    "pemungutan suara susulan": Outcome.LATE_VOTE,
    "pemungutan suara lanjutan": Outcome.CONTINUED_VOTE,
    "psu": Outcome.REVOTE,
    "pss": Outcome.LATE_VOTE,
    "psl": Outcome.CONTINUED_VOTE,
}


def is_field(name: str) -> bool:
    return name in BESIDE or name in FORM or CHOICE.match(name) is not None


def choices_of(fields: Iterable[str]) -> int:
    """How many choices the fields `suara_1`, `suara_2` … are; ValueError when there is none or one is left out."""
    numbers = sorted(int(hit.group(1)) for name in fields if (hit := CHOICE.match(name)))
    if not numbers or numbers != list(range(1, len(numbers) + 1)) or len(numbers) > CHOICES_MAX:
        came = ", ".join(f"suara_{number}" for number in numbers) or "none"
        raise ValueError(f"wanted suara_1 to suara_N without a gap, at most {CHOICES_MAX}; came {came}")
    return len(numbers)


def figures_from(values: Mapping[str, int | None], votes: Iterable[int | None]) -> Figures:
    """Figures out of form fields, each as it came; what was not reported is left out, never zero."""
    men, women = values.get("dpt_l"), values.get("dpt_p")
    added = men + women if men is not None and women is not None else None
    stated = values.get("dpt_j")
    return Figures(
        votes=tuple(votes),
        valid=values.get("sah"),
        invalid=values.get("tidak_sah"),
        users=values.get("pengguna_j"),
        registered=added if stated is None else stated,
        other={name: number for name, number in values.items() if number is not None and name not in _OWN},
    )


def moment_of(text: str) -> datetime | None:
    """A time such as 2024-02-16 16:25:10 on KPU's clock, which runs in western time; None when it is no time."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=WIB)
