"""A version as the site shows it: every area with its count and its parts, down to the stations of a village."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ronda.kernel.areas import Level, level, parent
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

    def is_village(self, code: str) -> bool:
        return bool(code) and level(code) is Level.VILLAGE


def contest_tree(
    publication: Publication,
    contest: str,
    sheets: Sequence[PublishedSheet],
    held: Sequence[HeldSheet],
) -> ContestTree:
    """Counts of every area of a version, added up from its villages."""
    stations = _lines(sheets, held)
    counts = {
        village: _village(figures, [line.sheet for line in stations.get(village, ()) if line.sheet])
        for village, figures in publication.coverage[contest].items()
    }
    children: dict[str, list[str]] = {}
    for code in _upward(counts, publication.area):
        children.setdefault(parent(code), []).append(code)
    for code in sorted(children, key=len, reverse=True):
        counts[code] = summed(counts[one] for one in children[code])
    counts.setdefault(publication.area, Count())
    return ContestTree(
        contest, publication.area, counts, {code: sorted(parts) for code, parts in children.items()}, stations
    )


def _lines(sheets: Sequence[PublishedSheet], held: Sequence[HeldSheet]) -> dict[str, list[StationLine]]:
    out = {sheet.station: sheet for sheet in sheets}
    kept = {one.station: one for one in held}
    lines: dict[str, list[StationLine]] = {}
    for code in sorted({*out, *kept}):
        sheet, hold = out.get(code), kept.get(code)
        village = sheet.area if sheet else hold.area if hold else ""
        lines.setdefault(village, []).append(StationLine(code, int(code[10:]), sheet, hold))
    return lines


def _village(figures: Sequence[int], sheets: Sequence[PublishedSheet]) -> Count:
    stations, held, open_votes = figures
    count = Count(stations=stations, held=held, open_votes=open_votes)
    for sheet in sheets:
        count.add(
            Count(
                published=1,
                votes=list(sheet.votes),
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
