"""What stands around a page: its shapes and its hooks. A context above builds it for the request."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from ronda.web.localtime import clock_words, day_words, local

_STATION = re.compile(r"^\d{13}$")


@dataclass(frozen=True, slots=True)
class NavItem:
    """One room of the house: its word, address, icon and how many things wait in it."""

    key: str
    label: str
    href: str
    icon: str
    count: int | None = None
    group: int = 1


@dataclass(frozen=True, slots=True)
class Place:
    """An area in the breadcrumb or in its switcher."""

    code: str
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class StageChip:
    """Election, stage and days left: Pemilu 2024 · Masa tenang · H-2."""

    election: str
    stage: str
    left: str
    href: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A line in the person menu: a post that may be taken, or a post an administrator may look through."""

    key: str
    label: str
    note: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything around the page of a signed-in person; the default is the frame of a stranger."""

    signed_in: bool = False
    nav: tuple[NavItem, ...] = ()
    area: str = ""
    crumbs: tuple[Place, ...] = ()
    places: tuple[Place, ...] = ()
    stage: StageChip | None = None
    now: datetime | None = None
    rate: float = 1.0
    person: str = ""
    initials: str = ""
    post: str = ""
    unit: str = ""
    view_as: str = ""
    view_choices: tuple[Choice, ...] = ()
    view_begin: str = ""
    view_end: str = ""
    sign_out: str = ""
    search: str = ""
    links: tuple[NavItem, ...] = ()
    live: str = ""

    @property
    def bottom(self) -> tuple[NavItem, ...]:
        """At most four rooms in the bottom bar of a phone; the fifth place is the menu of the rest."""
        return self.nav[:4]

    @property
    def rest(self) -> tuple[NavItem, ...]:
        return self.nav[4:]

    @property
    def clock(self) -> str:
        return clock_words(self.now, self.area) if self.now else ""

    @property
    def clock_s(self) -> int:
        """Seconds since midnight on the clocks of the place: what the shown clock runs on from."""
        here = local(self.now, self.area) if self.now else None
        return here.hour * 3600 + here.minute * 60 + here.second if here else 0

    @property
    def epoch_s(self) -> float:
        """The same moment as the live line names it."""
        return self.now.timestamp() if self.now else 0.0

    @property
    def day(self) -> str:
        return day_words(local(self.now, self.area).date(), short=True, year=False) if self.now else ""


STRANGER = Frame()
Names = dict[str, str]
_build: Callable[[HttpRequest], Frame] = lambda request: STRANGER  # noqa: E731
_read_areas: Callable[[str], Names] = lambda regency: {}  # noqa: E731
_read_agencies: Callable[[], Names] = dict
_areas: Names = {}
_agencies: Names = {}


def provide(
    *,
    build: Callable[[HttpRequest], Frame] | None = None,
    areas: Callable[[str], Names] | None = None,
    agencies: Callable[[], Names] | None = None,
) -> None:
    """Contexts above hand in how to build the frame and how areas and agencies are called.

    `areas` gets a code of at most regency level and returns the names of it and of all below it.
    """
    global _build, _read_areas, _read_agencies
    _build, _read_areas = build or _build, areas or _read_areas
    _read_agencies = agencies or _read_agencies
    names_forget()


def names_forget() -> None:
    """After an import of places or a new agency: read the names again."""
    _areas.clear()
    _agencies.clear()


def frame_of(request: HttpRequest) -> Frame:
    return _build(request)


def area_name(code: str) -> str:
    """The name of an area; an unknown code stays a code."""
    if code and code not in _areas:
        _areas.update(_read_areas(code[:5]))
    return _areas.get(code, code) if code else ""


def agency_name(code: str) -> str:
    """The name of an agency; an unknown code stays a code."""
    if code and code not in _agencies:
        _agencies.update(_read_agencies())
    return _agencies.get(code, code) if code else ""


def place_name(code: str) -> str:
    """TPS 07 Penyaringan for a station, the area's name otherwise."""
    if not _STATION.match(code or ""):
        return area_name(code)
    village = f"{code[:2]}.{code[2:4]}.{code[4:6]}.{code[6:10]}"
    return f"TPS {int(code[10:]):02d} {area_name(village)}"
