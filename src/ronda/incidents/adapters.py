"""Kinds of incident out of the law files, and desks out of the register of agencies, in the shapes used here."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from ronda.agencies import selectors as agencies
from ronda.incidents.domain import Desk
from ronda.law import IncidentKind, incident_kinds
from ronda.law.incident_kinds import outcomes
from ronda.law.mandates import mandates

FALLBACK_HOURS = 24  # a kind that left the law file since; the page says "belum diverifikasi"


@dataclass(frozen=True)
class KindWords:
    """A kind as the pages show it."""

    id: str
    name: str
    group: str
    agency: str
    informed: tuple[str, ...]
    hours: int
    is_verified: bool
    source: str
    hint: str
    questions: tuple[str, ...] = ()
    becomes: tuple[str, ...] = ()


def kind_words(kind: str) -> KindWords:
    """The kind in the language of the page; an id that is no longer listed keeps its id as its name."""
    listed = incident_kinds().get(kind)
    if listed is None:
        return KindWords(kind, kind, "other", "", (), FALLBACK_HOURS, is_verified=False, source="", hint="")
    return _words(listed)


def _words(kind: IncidentKind) -> KindWords:
    language = "en" if (get_language() or "id").startswith("en") else "id"
    section = kind.source.section or ""
    return KindWords(
        id=kind.id,
        name=kind.name_in(language),
        group=kind.group,
        agency=kind.agency,
        informed=kind.informed,
        hours=kind.due.hours,
        is_verified=kind.is_verified,
        source=f"{kind.source.instrument}, {section}" if section else kind.source.instrument,
        hint=kind.hint.in_language(language),
        questions=tuple(question.in_language(language) for question in kind.questions),
        becomes=tuple(outcomes()[one].name.in_language(language) for one in kind.becomes),
    )


def kinds_list() -> list[KindWords]:
    """All kinds in the order of the law file."""
    return [_words(kind) for kind in incident_kinds().values()]


def act_within_hours(kind: str) -> int:
    """Hours that the kind gives to whoever must act next."""
    listed = incident_kinds().get(kind)
    return listed.due.hours if listed else FALLBACK_HOURS


def desk_exists(desk: Desk) -> bool:
    """Whether there is such a unit and its kind of agency may hold incidents."""
    units = agencies.unit_list(agency=desk.agency).filter(area=desk.area)
    kinds = set(units.values_list("agency__kind", flat=True))
    return bool(kinds & set(mandates().reach("incident", "read")) - {"system"})


def desks_covering(area: str) -> list[tuple[Desk, str]]:
    """All desks that may receive an incident there, nearest first, each once, with its unit's name."""
    codes = [area[:length] for length in (13, 8, 5, 2) if len(area) >= length] + [""]
    holders = set(mandates().reach("incident", "read"))
    rows = agencies.unit_list().filter(area__in=codes, agency__kind__in=holders)
    units = sorted(rows, key=lambda unit: (unit.agency.kind, -len(unit.area), unit.name))
    named: dict[Desk, str] = {}
    for unit in units:
        named.setdefault(Desk(unit.agency_id, unit.area), unit.name)
    return list(named.items())


def desk_names(desks: Iterable[Desk]) -> dict[Desk, str]:
    """Names of the units behind desks, in one query; an unknown desk is called by its codes."""
    wanted = set(desks)
    rows = agencies.unit_list().filter(
        agency__in={desk.agency for desk in wanted}, area__in={desk.area for desk in wanted}
    )
    found = {Desk(unit.agency_id, unit.area): unit.name for unit in rows.order_by("-name")}
    return {desk: found.get(desk) or f"{desk.agency} {desk.area}".strip() for desk in wanted}


def desk_name(desk: Desk) -> str:
    """The name of one desk."""
    return desk_names([desk])[desk]
