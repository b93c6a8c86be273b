"""What a copy of a result is, which copy is read first, and how counts of areas add up. No queries, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ronda.kernel.areas import Level, at_level
from ronda.methods.tally.copies import reading_rank as reading_rank

PAPERS_DIFFER, COPIES_DIFFER, RECAP_DIFFERS, WITHOUT_BASIS = "X01", "X02", "X05", "X11"
COPY_RULES = (PAPERS_DIFFER, COPIES_DIFFER)
UNPLACED = "kpu2019-"


class CheckLevel(TextChoices):
    STATION = "station", _("TPS")
    UNIT = "unit", _("Rekapitulasi")


class Outcome(TextChoices):
    """How a result came about, as KPU's field `psu` tells it. A later one replaces the result before it."""

    REGULAR = "regular", _("Reguler")
    RECOUNT = "recount", _("Penghitungan suara ulang")
    LATE_COUNT = "late_count", _("Penghitungan suara susulan")
    REVOTE = "revote", _("Pemungutan suara ulang")
    LATE_VOTE = "late_vote", _("Pemungutan suara susulan")
    CONTINUED_VOTE = "continued_vote", _("Pemungutan suara lanjutan")


class AuditKind(TextChoices):
    """What a frozen list is drawn from for."""

    MISSING = "missing", _("Undian TPS yang belum masuk")
    RECAP = "recap", _("Audit rekap terhadap C.Hasil")


class AuditMethod(TextChoices):
    """How stations are drawn and judged (docs/methods/audit.md)."""

    MACRO = "macro", _("Kaplan-Markov (MACRO): TPS besar lebih mungkin terundi, boleh berulang")
    ALPHA = "alpha", _("ALPHA: tiap TPS sama mungkin, tanpa berulang")


SEED_DIGITS = 10  # fewer could be tried out beforehand
RISKS = (1, 5, 10)  # percent
DRAWS_MOST = 20_000


class ByOutcome(Protocol):
    """A copy that tells of which station it is and how its result came about."""

    @property
    def station(self) -> str: ...
    @property
    def outcome(self) -> str: ...


T = TypeVar("T", bound=ByOutcome)


def in_force(copies: Iterable[T]) -> list[T]:
    """The copies that count: once a vote or a count was repeated, those of the first result of the station count no
    more (X11)."""
    every = list(copies)
    replaced = {copy.station for copy in every if copy.outcome != Outcome.REGULAR}
    return [copy for copy in every if copy.outcome != Outcome.REGULAR or copy.station not in replaced]


REGULAR = Outcome.REGULAR.value


class Decision(Protocol):
    """What a decision that replaces a result says of the time from which on it holds."""

    @property
    def since(self) -> datetime: ...
    @property
    def outcome(self) -> str: ...


def outcome_since(decisions: Iterable[Decision], at: datetime) -> str:
    """To which result a copy captured at this time belongs: that of the latest decision which holds by then."""
    began = [one for one in decisions if one.since <= at]
    return max(began, key=lambda one: one.since).outcome if began else REGULAR


class RecapDifference(StrEnum):
    """In what a recap differs from its stations: in the division of the votes alone, or in their number. Says neither
    how much nor for whom."""

    DIVISION = "division"
    TOTAL = "total"


def recap_difference(delta: int) -> RecapDifference:
    """The kind of a difference by what it is over all choices together."""
    return RecapDifference.TOTAL if delta else RecapDifference.DIVISION


PAPERS = ("plano", "ptps", "pengawas")
SOURCE_NAMES = {
    "plano": _("C.Hasil plano"),
    "ptps": _("Salinan PTPS"),
    "pengawas": _("Salinan pengawas"),
    "kpu": _("Situng KPU"),
    "sirekap": _("Sirekap"),
    "kp": _("KawalPemilu"),
    "pemantau": _("Pemantau"),
    "rekap": _("D.Hasil kecamatan"),
}
SOURCE_OF_KIND = {"bawaslu": "ptps", "kpu": "sirekap", "pemantau": "pemantau"}


# With a thousand redrawn elections, as the paper on spikes has it, p-values go down to 0.001.
SEED, RUNS = 1, 1_000
FEWEST_SCREENED, MOST_SCREENED = 30, 12_000
NARROW = (Level.VILLAGE, Level.DISTRICT)
WIDE_ONLY = ("integer_percentages", "spikes")  # for a regency or more: docs/methods/screens.md


PHOTO_CLASS = 3  # names and signatures stand on a form
PHOTO_TYPES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"RIFF": "image/webp"}


def photo_type(head: bytes) -> str | None:
    """The type of a photo by its first bytes; None for anything else."""
    return next((kind for magic, kind in PHOTO_TYPES.items() if head.startswith(magic)), None)


def source_name(source: str) -> str:
    """The name of a copy for people: Situng KPU, Saksi 02."""
    if source.startswith("saksi-"):
        return str(_("Saksi %(number)s") % {"number": source.removeprefix("saksi-")})
    return str(SOURCE_NAMES.get(source, source))


def source_of(agency: str, kind: str) -> str:
    """The copy an agency hands in when the message does not say."""
    if kind == "partai":
        return f"saksi-{agency.removeprefix('partai-')}"
    return SOURCE_OF_KIND.get(kind, agency)


def is_paper(source: str) -> bool:
    """Whether a copy was taken from paper by who stood at the station; others were read from photos or typed in."""
    return source in PAPERS or source.startswith("saksi-")


def copies_rule(first: str, second: str) -> str:
    """The rule that two differing copies break."""
    return PAPERS_DIFFER if is_paper(first) and is_paper(second) else COPIES_DIFFER


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one copy; None is not reported, never zero."""

    votes: tuple[int | None, ...]
    valid: int | None = None
    invalid: int | None = None
    users: int | None = None
    registered: int | None = None
    other: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_present(self) -> bool:
        return bool(self.votes) and None not in self.votes

    @property
    def is_empty(self) -> bool:
        numbers = (*self.votes, self.valid, self.invalid, self.users)
        return all(number is None for number in numbers)


@dataclass(frozen=True, slots=True)
class Reading:
    """The figures of one copy with whose they are and how the result came about."""

    source: str
    figures: Figures
    outcome: str = Outcome.REGULAR
    version: int = 1


@dataclass(frozen=True, slots=True)
class Judged:
    """A registered station, or one that a copy names, with the copy that would be published and what holds it."""

    station: str
    area: str
    voters: int | None
    copy: Reading | None
    reasons: tuple[str, ...]

    @property
    def number(self) -> int:
        return int(self.station[10:])

    @property
    def is_publishable(self) -> bool:
        return self.copy is not None and not self.reasons


class Held(TextChoices):
    """Why a sheet is not published, besides the rules of the form."""

    INCOMPLETE = "incomplete", _("Ada angka yang belum terisi")
    VOTERS_UNKNOWN = "voters_unknown", _("Jumlah pemilih TPS belum diketahui")
    VOTERS_IMPOSSIBLE = "voters_impossible", _("Jumlah pemilih melewati batas atau lain dari daftar TPS")
    OVER_BALLOTS = "over_ballots", _("Suara melebihi pemilih dan surat suara cadangan")
    COPIES_DIFFER = "copies_differ", _("Salinan tidak sama")
    NOT_CONFIRMED = "not_confirmed", _("Belum ada salinan kedua atau entri ganda yang sama")
    WITHOUT_BASIS = "without_basis", _("Hasil diganti tanpa catatan koreksi")
    FALLING = "falling", _("Lebih rendah dari yang sudah terbit, tanpa catatan koreksi")


@dataclass(slots=True)
class AreaCount:
    """What is known of all stations of an area; counts of areas add up to the count of the area above. Open votes are
    the most ballots that stations without a copy can hold, first votes those of the copy that is read first in each
    station (where votes are not for lists); None where a part of the area was counted before these were."""

    stations: int = 0
    reported: int = 0
    both: int = 0
    differing: int = 0
    failed: int = 0
    stake: int = 0
    open_votes: int | None = 0
    present: dict[str, int] = field(default_factory=dict)
    votes: dict[str, list[int]] = field(default_factory=dict)
    first_votes: list[int] | None = field(default_factory=list)
    rules: dict[str, int] = field(default_factory=dict)

    def add(self, other: AreaCount) -> None:
        """Take in the count of an area below."""
        for name in ("stations", "reported", "both", "differing", "failed", "stake"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.add_first(other.open_votes, other.first_votes)
        for source, number in other.present.items():
            self.present[source] = self.present.get(source, 0) + number
        for rule, number in other.rules.items():
            self.rules[rule] = self.rules.get(rule, 0) + number
        for source, votes in other.votes.items():
            self.votes[source] = _added(self.votes.get(source, []), votes)

    def add_first(self, open_votes: int | None, votes: Sequence[int] | None) -> None:
        """Take in what stations without a copy can hold, and votes of the copy that is read first in others."""
        mine, own = self.open_votes, self.first_votes
        self.open_votes = None if mine is None or open_votes is None else mine + open_votes
        self.first_votes = None if own is None or votes is None else _added(own, votes)

    def add_copy(self, source: str, figures: Figures) -> None:
        """Take in one copy of a station; its votes are all there."""
        self.present[source] = self.present.get(source, 0) + 1
        votes = [number for number in figures.votes if number is not None]
        self.votes[source] = _added(self.votes.get(source, []), votes)

    def without(self, part: AreaCount) -> AreaCount:
        """This count less one that was added to it; a copy or a rule without anything left is not named."""
        names = ("stations", "reported", "both", "differing", "failed", "stake")
        left = {name: getattr(self, name) - getattr(part, name) for name in names}
        present = _less(self.present, part.present)
        votes = {
            source: _added(numbers, [-number for number in part.votes.get(source, ())])
            for source, numbers in self.votes.items()
            if source in present
        }
        made = AreaCount(
            **left,
            open_votes=self.open_votes,
            present=present,
            votes=votes,
            first_votes=self.first_votes,
            rules=_less(self.rules, part.rules),
        )
        taken = None if part.open_votes is None else -part.open_votes
        made.add_first(taken, None if part.first_votes is None else [-n for n in part.first_votes])
        return made

    @property
    def reference(self) -> str | None:
        """The copy whose sums are compared with the recap: the first in reading order that has any station."""
        sources = [source for source, number in self.present.items() if number]
        return min(sources, key=reading_rank, default=None)

    @property
    def is_complete(self) -> bool:
        """Every station is there in the copy that is compared with the recap."""
        source = self.reference
        return source is not None and self.stations > 0 and self.present[source] == self.stations


def _less(numbers: Mapping[str, int], taken: Mapping[str, int]) -> dict[str, int]:
    left = {name: number - taken.get(name, 0) for name, number in numbers.items()}
    return {name: number for name, number in left.items() if number}


def _added(first: Sequence[int], second: Sequence[int]) -> list[int]:
    size = max(len(first), len(second))
    padded = [list(votes) + [0] * (size - len(votes)) for votes in (first, second)]
    return [a + b for a, b in zip(*padded, strict=True)]


def counted(counts: Iterable[AreaCount]) -> AreaCount:
    """The sum of the counts of areas that do not overlap."""
    total = AreaCount()
    for count in counts:
        total.add(count)
    return total


def common_area(codes: Iterable[str]) -> str:
    """The smallest area that holds all codes; empty is the country."""
    every = set(codes)
    for wanted, length in ((Level.VILLAGE, 13), (Level.DISTRICT, 8), (Level.REGENCY, 5), (Level.PROVINCE, 2)):
        if every and all(len(code) >= length for code in every):
            found = {at_level(code, wanted) for code in every}
            if len(found) == 1:
                return found.pop()
    return ""
