"""A draw on its page: what was frozen, what was drawn, what its stations say. Risk and interval in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from ronda.results.adapters.audit_results import CONFIDENCE, Shares, judged_of, shares_of
from ronda.results.adapters.batch_draws import method_of
from ronda.results.adapters.batch_lists import BatchList, batch_list_parse
from ronda.results.adapters.shown import Heading
from ronda.results.domain import AuditKind
from ronda.results.models import AuditDraw, AuditList, Sheet
from ronda.web.numbers import number_words, percent_words

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A drawn station: in which turns, whether its form is there, and what that moves of the margin (recap)."""

    station: str
    turns: str
    is_in: bool
    moved: int | None


@dataclass(frozen=True, slots=True)
class ShareLine:
    name: str
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the draw says so far, with the mark of its state."""

    mark: str
    sentence: str
    note: str
    shares: tuple[ShareLine, ...] = ()
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """A draw with its stations, each once in the order first drawn."""

    lines: tuple[DrawnLine, ...]
    outcome: Outcome

    @property
    def is_in(self) -> int:
        return sum(line.is_in for line in self.lines)


def turns_of(drawn: Sequence[str]) -> dict[str, str]:
    """Every drawn station with its turns: a weighted draw may come to one again."""
    turns: dict[str, list[int]] = {}
    for turn, code in enumerate(drawn, start=1):
        turns.setdefault(code, []).append(turn)
    return {code: ", ".join(map(str, found)) for code, found in turns.items()}


def round_of(frozen: AuditList, draw: AuditDraw, forms: Mapping[str, Sheet], names: Heading) -> Round:
    """For who reads counts."""
    listed, turns = batch_list_parse(frozen.body.splitlines()), turns_of(draw.drawn)
    if frozen.kind == AuditKind.MISSING:
        outcome, moved = _missing(frozen, draw, listed, forms, names), dict[str, int]()
    else:
        outcome, moved = _recap(frozen, draw, listed, forms, len(turns))
    lines = [DrawnLine(code, turn, code in forms, moved.get(code)) for code, turn in turns.items()]
    return Round(tuple(lines), outcome)


def _missing(
    frozen: AuditList, draw: AuditDraw, listed: BatchList, forms: Mapping[str, Sheet], names: Heading
) -> Outcome:
    wanted = [code for code in draw.drawn if code not in forms]
    if wanted:
        numbers = {"n": number_words(len(draw.drawn) - len(wanted)), "all": number_words(len(draw.drawn))}
        sentence = _("%(n)s dari %(all)s TPS terundi sudah masuk.") % numbers
        note = _("Perkiraan baru sah bila semua TPS terundi masuk; yang datang lebih dulu bukan undian.")
        return Outcome("proc", sentence, note)
    sums, size = _by_choice(frozen.counted_votes, names), len(_labels(names, 0))
    rows = [_by_choice(forms[code].votes, names) for code in draw.drawn]
    size = max([size, len(sums), *map(len, rows)])
    votes = np.array([row + [0] * (size - len(row)) for row in rows], np.int64)
    try:
        found = shares_of(listed.units, draw.drawn, votes, frozen.counted, sums)
    except ValueError:
        return Outcome("no", _("TPS terundi tidak memuat suara sah."), "")
    lines = tuple(
        ShareLine(name, one.share, *one.interval(confidence=CONFIDENCE))
        for name, one in zip(_labels(names, size), found.estimates, strict=True)
    )
    return Outcome("done", _all_in(frozen, draw), _variance(found), lines)


def _labels(names: Heading, size: int) -> list[str]:
    if names.parties:
        return [_("Partai %(number)s") % {"number": number} for number in names.parties]
    return [names.choice(at) for at in range(max(size, len(names.choices)))]


def _by_choice(votes: Sequence[int | None], names: Heading) -> list[int]:
    every = [number or 0 for number in votes]
    if not names.parties:
        return every
    return [sum(every[at] for at in rows if at < len(every)) for rows in names.parties.values()]


def _all_in(frozen: AuditList, draw: AuditDraw) -> str:
    words = _(
        "Semua %(drawn)s TPS terundi sudah masuk. Bersama %(counted)s TPS yang sudah masuk saat daftar dibekukan,"
        " hasilnya mewakili seluruh %(all)s TPS."
    )
    return words % {
        "drawn": number_words(len(draw.drawn)),
        "counted": number_words(frozen.counted),
        "all": number_words(frozen.counted + frozen.stations),
    }


def _variance(found: Shares) -> str:
    first = found.estimates[0]
    words = {"drawn": number_words(first.drawn), "stations": number_words(first.stations)}
    words["parts"] = number_words(found.parts)
    tail = _("Ragam dihitung antar-TPS, bukan antar-pemilih, dengan koreksi populasi terbatas.")
    if found.is_split:
        return _("Penaksir rasio gabungan, berlapis dalam %(parts)s kelompok kecamatan.") % words + " " + tail
    return _("Penaksir rasio tanpa lapisan kecamatan: yang terundi terlalu sedikit.") + " " + tail


def _recap(
    frozen: AuditList, draw: AuditDraw, listed: BatchList, forms: Mapping[str, Sheet], stations: int
) -> tuple[Outcome, dict[str, int]]:
    method = method_of(frozen.method)
    size = len(listed.choices)
    votes = {code: _row(sheet, size) for code, sheet in forms.items()}
    try:
        judged = judged_of(listed, draw.drawn, votes, method)
    except ValueError:
        sentence = _(
            "Satu form memuat suara lebih banyak daripada surat suara TPS-nya. Periksa form itu dahulu."
        )
        return Outcome("mach", sentence, "", goes_on=True), {}
    is_enough = judged.risk <= frozen.risk_percent / 100
    word = _("cukup") if is_enough else _("lanjutkan")
    sentence = _("Risiko terukur %(risk)s, batas %(limit)s: %(word)s.") % {
        "risk": percent_words(judged.risk),
        "limit": percent_words(frozen.risk_percent / 100, 0),
        "word": word,
    }
    note = _missing_forms(stations - len(forms)) if len(forms) < stations else _meaning(is_enough)
    return Outcome("done" if is_enough else "proc", sentence, note, goes_on=not is_enough), dict(judged.moved)


def _row(sheet: Sheet, size: int) -> Ints:
    every = [number or 0 for number in sheet.votes]
    return np.array([*every, *[0] * size][:size], np.int64)


def _missing_forms(number: int) -> str:
    words = _(
        "%(n)s TPS terundi belum ada salinan kertasnya (plano, PTPS, saksi); selama belum ada, dihitung paling buruk."
    )
    return words % {"n": number_words(number)}


def _meaning(is_enough: bool) -> str:
    if is_enough:
        return _("Form C.Hasil yang terundi membenarkan pemenang menurut rekap pada batas risiko ini.")
    return _("Undi lebih banyak dengan benih yang sama, atau bandingkan semua TPS.")
