"""A version as the site shows it: every area with its count and its parts, down to the stations of a village."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ronda.kernel.areas import Level, level, parent
from ronda.publishing.adapters.ballots import Ballots
from ronda.publishing.domain import Count, summed
from ronda.publishing.models import HeldSheet, Publication, PublishedSheet


@dataclass(frozen=True, slots=True)
class StationLine:
    """One station of a village: published, held, or neither."""

    code: str
    number: int
    sheet: PublishedSheet | None
    held: HeldSheet | None


@dataclass(frozen=True)
class ContestTree:
    """The counts of one contest from the area of the version down to its villages."""

    contest: str
    root: str
    ballots: Ballots
    counts: Mapping[str, Count]
    children: Mapping[str, Sequence[str]]
    stations: Mapping[str, Sequence[StationLine]] = field(default_factory=dict)

    @property
    def total(self) -> Count:
        return self.counts[self.root]

    @property
    def pages(self) -> list[str]:
        """Areas that have a page of their own below the root, in order of code."""
        return sorted(code for code in self.counts if code != self.root)

    @cached_property
    def districts(self) -> dict[int, list[str]]:
        """The papers of an area that votes on several, each with the largest areas that vote on it alone."""
        found: dict[int, list[str]] = {}
        for code in self.pages:
            own = self.counts[code].lists
            if len(own) == 1 and own != self.counts[parent(code)].lists:
                found.setdefault(next(iter(own)), []).append(code)
        return found

    @cached_property
    def district_files(self) -> dict[int, str]:
        """Where the votes of each electoral district are told: on a page of its own, or on that of its only part."""
        own = self.ballots.files()
        return {
            one: own[one] if len(parts) > 1 else f"{parts[0]}.html"
            for one, parts in self.districts.items()
            if one in own
        }

    def is_village(self, code: str) -> bool:
        return bool(code) and level(code) is Level.VILLAGE


def contest_tree(
    publication: Publication,
    contest: str,
    ballots: Ballots,
    sheets: Sequence[PublishedSheet],
    held: Sequence[HeldSheet],
) -> ContestTree:
    """Counts of every area of a version, added up from its villages."""
    stations = _lines(sheets, held)
    counts = {
        village: _village(village, figures, ballots, stations.get(village, ()))
        for village, figures in publication.coverage[contest].items()
    }
    children: dict[str, list[str]] = {}
    for code in _upward(counts, publication.area):
        children.setdefault(parent(code), []).append(code)
    for code in sorted(children, key=len, reverse=True):
        counts[code] = summed(counts[one] for one in children[code])
    counts.setdefault(publication.area, Count())
    parts = {code: sorted(below) for code, below in children.items()}
    return ContestTree(contest, publication.area, ballots, counts, parts, stations)


def _lines(sheets: Sequence[PublishedSheet], held: Sequence[HeldSheet]) -> dict[str, list[StationLine]]:
    out = {sheet.station: sheet for sheet in sheets}
    kept = {one.station: one for one in held}
    lines: dict[str, list[StationLine]] = {}
    for code in sorted({*out, *kept}):
        sheet, hold = out.get(code), kept.get(code)
        village = sheet.area if sheet else hold.area if hold else ""
        lines.setdefault(village, []).append(StationLine(code, int(code[10:]), sheet, hold))
    return lines


def _village(village: str, figures: Sequence[int], ballots: Ballots, lines: Sequence[StationLine]) -> Count:
    stations, held, open_votes = figures
    lists = frozenset([ballots.of_village[village]])
    count = Count(stations=stations, held=held, open_votes=open_votes, lists=lists)
    for sheet in (line.sheet for line in lines if line.sheet):
        count.add(
            Count(
                published=1,
                votes=list(sheet.votes),
                parties=ballots.paper(village).by_party(sheet.votes),
                valid=sheet.valid,
                invalid=sheet.invalid,
                users=sheet.users,
                registered=sheet.registered,
            )
        )
    return count


def _upward(villages: Iterable[str], root: str) -> set[str]:
    """The villages and every area between them and the root, without the root."""
    found: set[str] = set()
    for code in villages:
        while len(code) > len(root) and code not in found:
            found.add(code)
            code = parent(code)
    return found
