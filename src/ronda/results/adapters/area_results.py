"""The copies of an area with the names of its places and choices: what tables, workbooks and reports are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from ronda.elections.selectors import choice_list, election_for, station_list
from ronda.kernel.areas import Level, ancestors, at_level
from ronda.law import election_laws
from ronda.places.selectors import area_names
from ronda.results.adapters.lists import Lists, lists_of
from ronda.results.adapters.shown import Heading, heading
from ronda.results.domain import reading_rank
from ronda.results.models import Sheet
from ronda.results.selectors import area_sheets
from ronda.web.localtime import local

if TYPE_CHECKING:
    from ronda.elections.models import Contest


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the ballot in the order of the form. `party` and `number` are 0 where there is none."""

    party: int
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class StationResult:
    """A station and its copies in reading order; without a copy nothing has come in yet."""

    code: str
    village: str
    number: int
    copies: tuple[Sheet, ...]

    @property
    def first(self) -> Sheet | None:
        """The copy that stands for the station."""
        return self.copies[0] if self.copies else None


@dataclass(frozen=True)
class AreaResults:
    """A contest in an area, with its stations in order of code."""

    titles: Heading
    area: str
    voting_on: date
    at: datetime
    choices: tuple[Choice, ...]
    stations: tuple[StationResult, ...]
    names: Mapping[str, str]
    lists: Lists
    district: str = ""

    @property
    def parts(self) -> list[AreaResults]:
        """The same for each electoral district of the area, with its own choices; itself where there is one list."""
        if self.district or not self.lists.are_several(self.area):
            return [self]
        return [self._part(row) for row in self.lists.districts(self.area)]

    def _part(self, row: Contest) -> AreaResults:
        election, contest = self.titles.election, self.titles.contest
        stations = tuple(one for one in self.stations if self.lists.of(one.village) == row)
        return replace(
            self,
            titles=heading(election, contest, self.area, row.district),
            choices=tuple(Choice(one.party, one.number, one.name) for one in choice_list(row)),
            stations=stations,
            district=row.district,
        )

    def votes_of(self, one: StationResult) -> list[int | None]:
        """The votes of the copy that stands for a station, by the choices of the area: parties where it holds several
        lists; nothing where none has come in."""
        size, sheet = len(self.choices), one.first
        if sheet is None:
            return [None] * size
        if self.district or not self.lists.are_several(self.area):
            return [*sheet.votes, *[None] * (size - len(sheet.votes))]
        return [*self.lists.by_party(sheet.votes, self.lists.of(one.village))] or [None] * size

    @property
    def reported(self) -> int:
        return sum(bool(one.copies) for one in self.stations)

    def name_of(self, code: str) -> str:
        return self.names.get(code) or code or _("Indonesia")

    def by_area(self, wanted: Level) -> dict[str, list[StationResult]]:
        """Stations of each area of a level, in order of code."""
        found: dict[str, list[StationResult]] = {}
        for one in self.stations:
            found.setdefault(at_level(one.village, wanted), []).append(one)
        return found


def area_results(election: str, contest: str, area: str, *, at: datetime) -> AreaResults:
    """The last version of every copy of an area as it stands now, for who may see it."""
    titles, found, law = (
        heading(election, contest, area),
        election_for(election),
        election_laws().get(election),
    )
    stations = _stations(election, contest, area)
    villages = {one.village for one in stations}
    above = {code for village in villages for code in ancestors(village)}
    lists = lists_of(election, contest)
    votes = [] if lists.are_several(area) else [len(copy.votes) for one in stations for copy in one.copies]
    size = max([len(titles.choices), *votes])
    return AreaResults(
        titles,
        area,
        found.voting_on if found else law.voting_on if law else local(at, area).date(),
        at,
        _choices(titles, lists, area, size),
        tuple(stations),
        area_names(villages | above),
        lists,
    )


def _stations(election: str, contest: str, area: str) -> list[StationResult]:
    copies: dict[str, list[Sheet]] = {}
    for sheet in area_sheets(election, contest, area):
        copies.setdefault(sheet.station, []).append(sheet)
    places = {row.code: (row.area, row.number) for row in station_list(election, area=area)}
    places |= {
        code: (sheets[0].area, sheets[0].number) for code, sheets in copies.items() if code not in places
    }
    return [
        StationResult(
            code, *places[code], tuple(sorted(copies.get(code, ()), key=lambda s: reading_rank(s.source)))
        )
        for code in sorted(places)
    ]


def _choices(titles: Heading, lists: Lists, area: str, size: int) -> tuple[Choice, ...]:
    """From the register, else from the law, else by place on the form alone; parties where lists differ."""
    if lists.are_several(area):
        return tuple(Choice(number, 0, name) for number, name in lists.names.items())
    row, law = lists.of(area), election_laws().get(titles.election)
    known = [Choice(one.party, one.number, one.name) for one in choice_list(row)] if row else []
    if not known and law:
        listed = next((one.choices for one in law.contests if one.code == titles.contest), ())
        known = [Choice(0, one.number, one.name) for one in listed]
    further = [Choice(0, at + 1, titles.choice(at)) for at in range(len(known), size)]
    return (*known, *further)
