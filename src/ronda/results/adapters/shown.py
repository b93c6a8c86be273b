"""Counts, copies and failed checks as pages show them: words, differences beside figures, stations as squares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ronda.elections.selectors import choice_list, contest_for, election_for, in_language
from ronda.law import election_laws
from ronda.law.forms import FormRule, form_rules
from ronda.methods.tally import Limits
from ronda.methods.tally.rules import Across, Ballots, Equal, PartySum, Reading
from ronda.results.adapters.checking import SIDES, Failure, rules_tested
from ronda.results.adapters.lists import Lists, lists_of
from ronda.results.domain import reading_rank, source_name
from ronda.results.models import AreaSummary, Copy, FailedCheck, Sheet
from ronda.web.numbers import number_words, signed_words

if TYPE_CHECKING:
    from ronda.elections.models import Choice


@dataclass(frozen=True, slots=True)
class Heading:
    """Names of an election, a contest and its choices in ballot order."""

    election: str
    contest: str
    election_name: str
    contest_name: str
    choices: tuple[str, ...]
    parties: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def choice(self, at: int) -> str:
        return self.choices[at] if at < len(self.choices) else _("Pilihan %(number)s") % {"number": at + 1}


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure beside the reference: absent, the same, or more or less by `delta`."""

    value: int | None
    delta: int = 0
    is_reference: bool = False

    @property
    def css(self) -> str:
        if self.is_reference:
            return "ref"
        return "up" if self.delta > 0 else "dn" if self.delta < 0 else ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the form across all copies."""

    name: str
    number: str
    cells: tuple[Cell, ...]
    css: str = ""

    @property
    def is_hot(self) -> bool:
        return any(cell.delta for cell in self.cells)


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """A failed check in words."""

    check: FailedCheck
    rule: FormRule
    name: str
    sentence: str
    innocent: str
    sources: str

    @property
    def is_error(self) -> bool:
        return self.rule.severity == "error"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One copy added up over an area."""

    source: str
    name: str
    present: int
    share: float
    cells: tuple[Cell, ...]
    total: int


def heading(election: str, contest: str, area: str, district: str = "") -> Heading:
    """Names for people; what the register does not know keeps its code. Where an area votes on several lists and no
    electoral district is named, the choices are the parties."""
    found = election_for(election)
    name = in_language(found.name_id, found.name_en) if found else election
    lists = lists_of(election, contest)
    if not district and lists.are_several(area):
        return Heading(election, contest, name, _contest_name(election, contest), *_parties(lists))
    row = contest_for(found, contest, area=area, district=district) if found else None
    if row is None:
        return Heading(election, contest, name, _contest_name(election, contest), _by_law(election, contest))
    choices = tuple(_line(choice) for choice in choice_list(row))
    return Heading(
        election, contest, name, in_language(row.name_id, row.name_en), choices, lists.parties(row)
    )


def _parties(lists: Lists) -> tuple[tuple[str, ...], dict[int, tuple[int, ...]]]:
    """The parties of several lists as choices, in order, and where the only row of each stands."""
    names = tuple(f"{number} {name}" for number, name in lists.names.items())
    return names, {number: (at,) for at, number in enumerate(lists.names)}


def _contest_name(election: str, contest: str) -> str:
    law = election_laws().get(election)
    names = [one.name for one in law.contests if one.code == contest] if law else []
    return names[0].in_language(get_language() or "id") if names else contest


def _by_law(election: str, contest: str) -> tuple[str, ...]:
    law = election_laws().get(election)
    listed = next((one.choices for one in law.contests if one.code == contest), ()) if law else ()
    return tuple(f"{choice.number:02d} {choice.name}" for choice in listed)


def _line(choice: Choice) -> str:
    """Number and name of a row of the form: 02 Name; of a candidate on the list of party 12: 12.3 Name."""
    if not choice.party:
        return f"{choice.number:02d} {choice.name}"
    number = f"{choice.party}.{choice.number}" if choice.number else str(choice.party)
    return f"{number} {choice.name}"


def rules_held(sheets: Sequence[Sheet], names: Heading) -> set[str]:
    """Rules that could be tested on these copies at all: empty is not zero."""
    law = election_laws().get(names.election)
    if law is None:
        return set()
    limits = Limits(law.station.voters_max, law.station.reserve_share)
    tested = [rules_tested(sheet.figures, limits, names.parties) for sheet in sheets]
    return set().union(*tested)


def shown_checks(checks: Iterable[FailedCheck]) -> list[ShownCheck]:
    """Failed checks with their rule and what was compared; the same finding in two copies is one line."""
    language = get_language() or "id"
    shown: dict[tuple[str, str, str], ShownCheck] = {}
    for check in checks:
        rule = form_rules()[check.rule]
        sources = source_name(check.source)
        if check.against:
            sources = f"{sources} ↔ {source_name(check.against)}"
        name, innocent = rule.name.in_language(language), rule.innocent.in_language(language)
        made = ShownCheck(check, rule, name, sentence(check), innocent, sources)
        key = check.station or check.area, check.rule, made.sentence
        if key in shown:
            made = replace(shown[key], sources=f"{shown[key].sources}, {sources}")
        shown[key] = made
    return list(shown.values())


def sentence(check: FailedCheck) -> str:
    """The figures that were compared, in one sentence."""
    facts = check.facts
    match check.rule:
        case "X01" | "X02":
            names = {"source": source_name(check.source), "against": source_name(check.against)}
            pair = {"first": listed(facts["first"]), "second": listed(facts["second"])}
            return _("%(source)s %(first)s, %(against)s %(second)s.") % {**names, **pair}
        case "X05":
            pair = {"sum": listed(facts["sum"]), "recap": listed(facts["recap"])}
            words = _("Jumlah TPS %(sum)s, rekap resmi %(recap)s.") % pair
            return (
                _("Dapil %(district)s: %(words)s") % {**facts, "words": words}
                if facts.get("district")
                else words
            )
    numbers = {name: number for name, number in facts.items() if isinstance(number, int)}
    return _sheet_sentence(check.rule, numbers, check.delta)


def failure_words(failure: Failure) -> str:
    """The same sentence for a form that is still being typed."""
    left, right = SIDES.get(failure.rule, ("left", "right"))
    return _sheet_sentence(failure.rule, {left: failure.left, right: failure.right}, failure.delta)


def _sheet_sentence(rule: str, figures: Mapping[str, int], delta: int) -> str:
    numbers = {name: number_words(value) for name, value in figures.items()} | {"delta": signed_words(delta)}
    match rule:
        case "R01":
            return _("Angka di luar 0 sampai 999, terpaut %(delta)s.") % numbers
        case "R05":
            words = _("Suara calon berjumlah %(sum)s, suara sah tertulis %(valid)s: selisih %(delta)s.")
            return words % numbers
        case "R08":
            words = _("Sah dan tidak sah %(total)s, pengguna hak pilih %(users)s: selisih %(delta)s.")
            return words % numbers
        case "R13":
            return _("Pemilih terdaftar %(registered)s, batas %(cap)s.") % numbers
        case "R14":
            return _("Satu calon %(votes)s suara, paling banyak mungkin %(most)s.") % numbers
        case "X11":
            return _("%(votes)s suara menggantikan hasil lama; keputusannya belum dicatat.") % numbers
    if isinstance(form_rules()[rule].test, Equal | Across | PartySum | Ballots | Reading):
        return _("Tertulis %(left)s, pembandingnya %(right)s: selisih %(delta)s.") % numbers
    return _("Tertulis %(left)s, batasnya %(right)s.") % numbers


def listed(votes: Sequence[int]) -> str:
    """A few figures in ballot order: 63 / 121."""
    shown = [number_words(number) for number in votes[:4]]
    return " / ".join([*shown, "…"] if len(votes) > 4 else shown)


def shift_words(deltas: Sequence[int], names: Heading, *, most: int = 4) -> list[tuple[str, int]]:
    """The choices whose figure moved most, in ballot order, with the difference."""
    moved = [at for at, delta in enumerate(deltas) if delta]
    largest = sorted(moved, key=lambda at: -abs(deltas[at]))[:most]
    return [(names.choice(at).split(" ")[0], deltas[at]) for at in sorted(largest)]


def source_lines(summary: AreaSummary) -> list[SourceLine]:
    """Every copy added up over an area, in reading order. Sums of unequal coverage are not compared."""
    lines = []
    for source in sorted(summary.present, key=reading_rank):
        votes = summary.votes.get(source, [])
        present = summary.present[source]
        share = present / summary.stations if summary.stations else 0.0
        cells = tuple(Cell(number) for number in votes)
        lines.append(SourceLine(source, source_name(source), present, share, cells, sum(votes)))
    return lines


def recap_line(summary: AreaSummary) -> tuple[Cell, ...]:
    """The official recap beside the sum of the stations; differences only where every station is in."""
    votes = summary.recap.get("votes") or []
    deltas = summary.recap.get("deltas") or [0] * len(votes)
    return tuple(Cell(number, delta) for number, delta in zip(votes, deltas, strict=False))


def form_rows(sheets: Sequence[Sheet], names: Heading) -> tuple[list[Row], list[Row], list[Row]]:
    """The rows of the form across copies: voters, choices, totals. The first copy is the reference."""
    voters = [
        _row(_("Pemilih dalam DPT"), [sheet.registered for sheet in sheets]),
        _row(_("Pengguna hak pilih"), [sheet.users for sheet in sheets]),
    ]
    size = max((len(sheet.votes) for sheet in sheets), default=0)
    choices = []
    for at in range(size):
        number, _space, name = names.choice(at).partition(" ")
        choices.append(_row(name, [_vote(sheet, at) for sheet in sheets], number=number))
    totals = [
        _row(_("Jumlah suara calon"), [_sum(sheet) for sheet in sheets], css="tot"),
        _row(_("Suara sah tertulis"), [sheet.valid for sheet in sheets]),
        _row(_("Suara tidak sah"), [sheet.invalid for sheet in sheets]),
        _row(_("Sah dan tidak sah"), [_cast(sheet) for sheet in sheets], css="tot"),
    ]
    return voters, choices, totals


def _row(name: str, values: Sequence[int | None], *, number: str = "", css: str = "") -> Row:
    reference = next((at for at, value in enumerate(values) if value is not None), None)
    cells = []
    for at, value in enumerate(values):
        base = values[reference] if reference is not None else None
        delta = value - base if value is not None and base is not None else 0
        cells.append(Cell(value, delta, is_reference=at == 0))
    return Row(name, number, tuple(cells), css)


def _vote(sheet: Copy, at: int) -> int | None:
    return sheet.votes[at] if at < len(sheet.votes) else None


def _sum(sheet: Copy) -> int | None:
    return None if None in sheet.votes else sum(number for number in sheet.votes if number is not None)


def _cast(sheet: Copy) -> int | None:
    return None if sheet.valid is None or sheet.invalid is None else sheet.valid + sheet.invalid


def other_rows(sheets: Sequence[Sheet]) -> list[Row]:
    """Further figures that came with a copy, by the field id of the form."""
    names = sorted({name for sheet in sheets for name in sheet.other})
    return [_row(name, [sheet.other.get(name) for sheet in sheets]) for name in names]
