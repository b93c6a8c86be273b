"""The check sheet of a district: what the recapitulation should say, station by station, before it is read out.

Plain rows for the PDF and the workbook. A figure that no copy has is empty, never zero; a sum over a gap is partial.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ronda.kernel.areas import Level, parent
from ronda.law.forms import FormField, form_fields
from ronda.places.selectors import area_list, area_names
from ronda.results.adapters.checking import form_figures
from ronda.results.adapters.lists import Lists, lists_of
from ronda.results.adapters.shown import Heading, heading
from ronda.results.domain import reading_rank, source_name
from ronda.results.selectors import StationLine, station_lines
from ronda.web.context import drill
from ronda.web.localtime import clock_words, day_words, local

ALWAYS = frozenset({"dpt", "pengguna", "sah", "tidak_sah", "sah_tidak_sah"})
DIFFERENCES = frozenset({"X01", "X02"})


class RowKind(StrEnum):
    PART = "part"
    PLAIN = "plain"
    PARTY = "party"
    CANDIDATE = "candidate"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of the recapitulation. `adds`: field id, or the positions of the choices that it adds up."""

    label: str
    kind: RowKind
    adds: str | tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """A number and whether nothing is missing from it; None where nothing is there at all."""

    value: int | None
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class StationColumn:
    """The figures of one station in the order of the rows; without a source there is no copy yet."""

    number: int
    source: str
    differs: bool
    figures: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class VillageColumns:
    name: str
    stations: tuple[StationColumn, ...]

    @property
    def sums(self) -> tuple[Sum, ...]:
        return tuple(_sum(cells) for cells in zip(*(one.figures for one in self.stations), strict=True))


@dataclass(frozen=True, slots=True)
class CheckSheet:
    """Everything the paper says."""

    election: str
    contest: str
    district: str
    regency: str
    made: str
    warning: str
    rows: tuple[SheetRow, ...]
    villages: tuple[VillageColumns, ...]

    @property
    def sums(self) -> tuple[Sum, ...]:
        return tuple(
            Sum(_sum([one.value for one in cells]).value, all(one.is_whole for one in cells))
            for cells in zip(*(village.sums for village in self.villages), strict=True)
        )

    @property
    def stations(self) -> int:
        return sum(len(village.stations) for village in self.villages)

    @property
    def missing(self) -> int:
        return sum(not station.source for village in self.villages for station in village.stations)

    @property
    def sources(self) -> list[str]:
        """Copies that were read, in reading order."""
        found = {one.source for village in self.villages for one in village.stations if one.source}
        return sorted(found, key=reading_rank)


def check_sheet(
    election: str, contest: str, district: str, *, at: datetime, list_: str = ""
) -> CheckSheet | None:
    """The sheet of a district as the copies stand now; None where no station is known. Where the district holds several
    electoral districts, `list_` names one; without it the sheet has the parties alone."""
    lists = lists_of(election, contest)
    inside = [
        area
        for area in area_list(district, Level.VILLAGE)
        if not list_ or ((row := lists.of(area.code)) and row.district == list_)
    ]
    found = {area.name: _lines(election, contest, area.code, lists, district, list_) for area in inside}
    lines = {name: stations for name, stations in found.items() if stations}
    if not lines:
        return None
    names = area_names([district, parent(district)])
    titles = heading(election, contest, district, list_)
    made = f"{day_words(local(at, district).date())} {clock_words(at, district)}"
    place = names.get(district, district), names.get(parent(district), parent(district))
    return laid_out(titles, lines, place=place, made=made)


def _lines(
    election: str, contest: str, village: str, lists: Lists, district: str, list_: str
) -> list[StationLine]:
    """The stations of a village; their votes by party where the sheet is of several lists."""
    found = station_lines(election, contest, village)
    if list_ or not lists.are_several(district):
        return found
    row = lists.of(village)
    for line in found:
        for sheet in line.copies.values():
            sheet.votes = lists.by_party(sheet.votes, row) or [None] * len(lists.names)
    return found


def laid_out(
    names: Heading, lines: Mapping[str, Sequence[StationLine]], *, place: tuple[str, str], made: str
) -> CheckSheet:
    """Rows of the form that anything is known of, and one column per station under its village."""
    read = {village: [_read(line) for line in stations] for village, stations in lines.items()}
    figures = [known for stations in read.values() for _line, _source, known, _votes in stations]
    size = max([len(names.choices), *(len(v) for stations in read.values() for *_rest, v in stations)])
    rows = tuple(
        _rows(
            names, size, {name for known in figures for name, number in known.items() if number is not None}
        )
    )
    villages = tuple(
        VillageColumns(village, tuple(_column(*one, rows) for one in stations))
        for village, stations in read.items()
    )
    return CheckSheet(names.election_name, names.contest_name, *place, made, warning(), rows, villages)


Read = tuple[StationLine, str, Mapping[str, int | None], Sequence[int | None]]


def _read(line: StationLine) -> Read:
    """The first copy in reading order: its figures by field of the form, and its votes."""
    source = min(line.copies, key=reading_rank, default="")
    if not source:
        return line, "", {}, ()
    sheet = line.copies[source]
    known = form_figures(sheet.figures)
    both = known["sah"], known["tidak_sah"]
    total = None if None in both else sum(number for number in both if number is not None)
    return line, source, {"sah_tidak_sah": total} | known, sheet.votes


def _column(
    line: StationLine,
    source: str,
    known: Mapping[str, int | None],
    votes: Sequence[int | None],
    rows: Iterable[SheetRow],
) -> StationColumn:
    differs = bool(DIFFERENCES & set(line.rules))
    return StationColumn(line.number, source, differs, tuple(_figure(row, known, votes) for row in rows))


def _figure(row: SheetRow, known: Mapping[str, int | None], votes: Sequence[int | None]) -> int | None:
    if isinstance(row.adds, str):
        return known.get(row.adds)
    cells = [votes[at] if at < len(votes) else None for at in row.adds]
    if not cells or None in cells:
        return None
    return sum(cell for cell in cells if cell is not None)


def _sum(cells: Sequence[int | None]) -> Sum:
    there = [cell for cell in cells if cell is not None]
    return Sum(sum(there) if there else None, len(there) == len(cells))


def _rows(names: Heading, size: int, known: set[str]) -> Iterable[SheetRow]:
    parts = {
        "voters": _("Pemilih dan pengguna hak pilih"),
        "ballots": _("Surat suara"),
        "disability": _("Pemilih disabilitas"),
    }
    for part, title in parts.items():
        yield from _part(title, [field for field in form_fields() if field.part == part], known)
    yield SheetRow(_("Perolehan suara"), RowKind.PART)
    yield from _choices(names, size)
    yield from _part(_("Suara sah dan tidak sah"), [f for f in form_fields() if f.part == "totals"], known)


def _part(title: str, fields: Iterable[FormField], known: set[str]) -> Iterable[SheetRow]:
    """The fields that always stand there and those that any copy has, men and women together."""
    ids = [(field, field.ids[-1]) for field in fields]
    shown = [(field, key) for field, key in ids if field.id in ALWAYS or key in known]
    if shown:
        yield SheetRow(title, RowKind.PART)
    for field, key in shown:
        kind = RowKind.TOTAL if field.id == "sah_tidak_sah" else RowKind.PLAIN
        yield SheetRow(field.name.in_language(get_language() or "id"), kind, key)


def _choices(names: Heading, size: int) -> Iterable[SheetRow]:
    """Choices in the order of the form; below the list of a party what it has together."""
    last = {places[-1]: party for party, places in names.parties.items()}
    first = {places[0] for places in names.parties.values()}
    inside = {at for places in names.parties.values() for at in places}
    for at in range(size):
        kind = RowKind.PARTY if at in first else RowKind.CANDIDATE if at in inside else RowKind.PLAIN
        yield SheetRow(names.choice(at), kind, (at,))
        if party := last.get(at):
            label = _("Jumlah suara partai %(party)s") % {"party": party}
            yield SheetRow(label, RowKind.TOTAL, names.parties[party])


def warning() -> str:
    """What every page says in its corner; first of all where nothing is real."""
    return " · ".join(filter(None, (drill(), _("Bukan dokumen resmi")))).upper()


def notes(sheet: CheckSheet) -> list[str]:
    """What the marks mean and where the figures come from, for the foot of every page."""
    sources = ", ".join(f"{code} = {source_name(code)}" for code in sheet.sources) or _("belum ada salinan")
    there = sheet.stations - sheet.missing
    counts = {"there": there, "stations": sheet.stations, "sources": sources}
    return [
        _("Sumber: %(sources)s. %(there)s dari %(stations)s TPS sudah ada lembarnya.") % counts,
        _("○ belum ada lembar: isi dengan tangan · ≠ salinan tidak sama: lihat kertasnya")
        + " · "
        + _("– tidak tertulis · (…) belum lengkap"),
    ]
