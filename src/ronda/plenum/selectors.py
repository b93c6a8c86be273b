"""Reads of plenums: the columns, the forms below them, what does not agree, and objections with their due day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from django.db.models import F, QuerySet

from ronda.elections.selectors import (
    contest_list,
    contests_with,
    election_current,
    in_language,
    station_list,
    touches,
)
from ronda.kernel.areas import Level, area_range, level, station_area
from ronda.kernel.scope import Scope
from ronda.law.mandates import mandates
from ronda.law.objections import ObjectionStep, objection_steps
from ronda.places.selectors import area_children, area_names
from ronda.plenum.adapters.comparing import Finding, Sheet, Table, findings_of
from ronda.plenum.domain import below_words, compared_rows, row_labels
from ronda.plenum.models import Column, Objection, Plenum
from ronda.results import selectors as results
from ronda.results.papers import Paper, area_words, paper_of, row_id, typed_of

Action = Literal["read", "add", "change"]


@dataclass(frozen=True, slots=True)
class Heard:
    """A plenum with what is known of it: the form, its columns and everything that does not agree."""

    plenum: Plenum
    paper: Paper
    table: Table
    totals: dict[str, dict[str, int]]
    findings: list[Finding]


def may_see(scope: Scope, action: Action = "read") -> bool:
    return scope.kind in mandates().reach("plenum", action)


@dataclass(frozen=True, slots=True)
class ContestHere:
    """What can be recapitulated in an area: a contest, or its list of one electoral district."""

    election: str
    contest: str
    district: str
    name: str

    @property
    def key(self) -> str:
        return f"{self.election}/{self.contest}/{self.district}"


def contests_here(area: str, on: date) -> list[ContestHere]:
    """What is voted on in an area now; below a contest its electoral districts that have a part there."""
    election = election_current(on)
    if election is None:
        return []
    found: dict[tuple[str, str], ContestHere] = {}
    for row in contest_list(election, area=area):
        if not row.district or touches(row, area):
            name = in_language(row.name_id, row.name_en)
            found.setdefault(
                (row.code, row.district), ContestHere(election.code, row.code, row.district, name)
            )
    return list(found.values())


def plenums_of(area: str) -> QuerySet[Plenum]:
    low, high = area_range(area)
    return Plenum.objects.filter(area__gte=low, area__lt=high).order_by("state", "area", "contest")


def plenum_for(id_: UUID) -> Plenum:
    return Plenum.objects.get(pk=id_)


def plenum_of(election: str, contest: str, area: str, district: str) -> Plenum | None:
    known = Plenum.objects.filter(election=election, contest=contest, area=area, district=district)
    return known.first()


def heard(plenum: Plenum, language: str) -> Heard:
    """All of a plenum as it stands."""
    paper = paper_of(
        election=plenum.election,
        contest=plenum.contest,
        area=plenum.area,
        district=plenum.district,
        language=language,
    )
    boxes, rows = compared_rows(paper)
    codes, villages = _columns_of(plenum)
    read = {column.code: dict(column.figures) for column in plenum.columns.order_by("code")}
    totals = {code: typed for code, typed in read.items() if code not in villages and typed}
    names = {code: area_words(code) for code in {*villages.values(), plenum.area}}
    names |= area_names(code for code in codes if "." in code)
    own = {code: typed for code, typed in read.items() if code in villages and typed}
    unit = below_words(level(plenum.area)).unit
    labels = row_labels(paper, boxes)
    table = Table(boxes, rows, tuple(codes), own, below_of(plenum, codes), villages, names, unit, labels)
    return Heard(plenum, paper, table, totals, findings_of(table, totals))


def _columns_of(plenum: Plenum) -> tuple[list[str], dict[str, str]]:
    """Columns of its D.Hasil, and the unit whose total each is a part of: stations of villages, or the areas below.
    Of an electoral district, only those that have a part in it."""
    inside = _inside(plenum)
    if level(plenum.area) in (Level.DISTRICT, Level.VILLAGE):
        stations = station_list(plenum.election, area=plenum.area).values_list("code", flat=True)
        villages = {code: station_area(code) for code in stations if inside(station_area(code))}
        return list(villages), villages
    codes = [area.code for area in area_children(plenum.area) if inside(area.code)]
    return codes, dict.fromkeys(codes, plenum.area)


def _inside(plenum: Plenum) -> Callable[[str], bool]:
    """Whether an area has a part in what the plenum recapitulates."""
    if not plenum.district:
        return lambda _area: True
    rows = [one for one in contests_with(plenum.election, plenum.contest) if one.district == plenum.district]
    return lambda area: any(touches(row, area) for row in rows)


def below_of(plenum: Plenum, codes: Sequence[str]) -> dict[str, Sheet]:
    """The form below each column: the copy that is read first, or the recapitulation of the level below."""
    if level(plenum.area) in (Level.DISTRICT, Level.VILLAGE):
        return _stations_below(plenum, codes)
    recaps = results.recaps_last(plenum.election, plenum.contest, codes, district=plenum.district)
    found = {code: Sheet(code, source, 1, typed_of(figures)) for code, (source, figures) in recaps.items()}
    # The total that a plenum below read out stands under its own unit. A unit with one list names no district.
    own = Column.objects.filter(
        plenum__election=plenum.election,
        plenum__contest=plenum.contest,
        plenum__district__in={"", plenum.district},
        plenum__area=F("code"),
        code__in=codes,
    ).exclude(plenum=plenum)
    return found | {column.code: Sheet(column.code, "pleno", 1, dict(column.figures)) for column in own}


def _stations_below(plenum: Plenum, codes: Sequence[str]) -> dict[str, Sheet]:
    found = results.first_copies(plenum.election, plenum.contest, plenum.area)
    wanted = set(codes)
    return {
        code: Sheet(code, row.source, row.version, typed_of(row.figures))
        for code, row in found.items()
        if code in wanted
    }


def station_columns(election: str, contest: str, area: str) -> dict[str, list[int]]:
    """By station the votes of its column in the districts' D.Hasil; a column without all its votes is left out."""
    rows = Column.objects.filter(
        plenum__election=election, plenum__contest=contest, code__startswith=area.replace(".", "")
    )
    read = {code: figures for code, figures in rows.values_list("code", "figures") if "." not in code}
    size = max((sum(box[:1] == "v" and box[1:].isdigit() for box in one) for one in read.values()), default=0)
    boxes = [row_id(at) for at in range(size)]
    return {
        code: [one[box] for box in boxes]
        for code, one in read.items()
        if size and all(isinstance(one.get(box), int) for box in boxes)
    }


def objections_of(area: str) -> QuerySet[Objection]:
    low, high = area_range(area)
    rows = Objection.objects.filter(area__gte=low, area__lt=high).select_related("plenum")
    return rows.order_by("state", "due_on", "-votes")


def objection_for(id_: UUID) -> Objection:
    return Objection.objects.select_related("plenum").get(pk=id_)


def steps_for(plenum: Plenum) -> list[tuple[ObjectionStep, date | None]]:
    """The steps from this plenum upwards, each with its last day."""
    here = level(plenum.area).value
    order = ["district", "regency", "province", "nation"]
    start = order.index(here) if here in order else 0
    steps = [
        (step, step.last_day(plenum.election))
        for step in objection_steps()
        if order.index(step.level) >= start or step.days_after_vote is not None
    ]
    return sorted(steps, key=lambda found: found[1] or date.max)


def due_of(plenum: Plenum) -> date | None:
    """The last day of the step in which a difference of this plenum is raised first."""
    own = (step for step in objection_steps() if step.stages and step.level == level(plenum.area).value)
    return next((step.last_day(plenum.election) for step in own), None)
