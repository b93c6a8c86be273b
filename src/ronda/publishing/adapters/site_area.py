"""The page of an area or an electoral district: coverage, votes, parts, stations.

Parties add up over electoral districts; candidates stand only on the pages of areas that vote on one paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ronda.kernel.areas import ancestors, within
from ronda.methods.coverage import Lead, worst_case
from ronda.places.selectors import area_names
from ronda.publishing.adapters.ballots import Paper
from ronda.publishing.adapters.site_map import Part, drawing_of, map_svg
from ronda.publishing.adapters.site_tree import ContestTree, StationLine
from ronda.publishing.adapters.site_words import contest_law, contest_name, reason_words
from ronda.publishing.domain import Count, summed
from ronda.publishing.models import Correction, Publication, PublishedSheet
from ronda.web.numbers import number_words, percent_words

CHOICES_ACROSS = 24


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """A choice or a party with its votes in an area."""

    number: str
    name: str
    votes: int
    share: float
    is_party: bool = False

    @property
    def width(self) -> str:
        return f"{self.share * 100:.1f}"


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of an area in a table of parts; `votes` in the order of the columns, none while nothing is published."""

    name: str
    href: str
    count: Count
    votes: Sequence[int]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A station of a village in its table."""

    number: int
    sheet: PublishedSheet | None
    votes: Sequence[int]
    held: str


@dataclass(frozen=True)
class Site:
    """One version with all that its pages are made of."""

    publication: Publication
    trees: Sequence[ContestTree]
    corrections: Sequence[Correction]
    names: Mapping[str, str]

    @classmethod
    def of(
        cls, publication: Publication, trees: Sequence[ContestTree], corrections: Sequence[Correction]
    ) -> Site:
        codes = {code for tree in trees for code in tree.counts}
        codes |= {publication.area, *ancestors(publication.area)} if publication.area else set()
        return cls(publication, trees, corrections, area_names(codes))

    def name(self, code: str) -> str:
        return self.names.get(code, code) if code else _("Indonesia")


def area_page(site: Site, tree: ContestTree, code: str) -> dict[str, object]:
    """An area between the whole and a village, or one of the two."""
    count, codes = tree.counts[code], tree.children.get(code, ())
    table = _Table.of(tree, count)
    return {
        **_page(site, tree, table, codes),
        "title": site.name(code),
        "trail": [(site.name(one), area_file(tree, one)) for one in _above(tree, code)],
        "district": _district_of(tree, count),
        "districts": _districts(tree, table, code),
        "lead": _lead(site, tree, code),
        "lines": [_sheet_line(table, line) for line in tree.stations.get(code, ())],
        "is_village": tree.is_village(code),
    }


def district_page(site: Site, tree: ContestTree, district: int) -> dict[str, object]:
    """An electoral district, as far as it lies in the area of the version."""
    codes = tree.districts[district]
    table = _Table.of(tree, summed(tree.counts[code] for code in codes))
    return {
        **_page(site, tree, table, codes),
        "title": district_name(tree.ballots.papers[district]),
        "trail": [(site.name(tree.root), area_file(tree, tree.root))],
    }


def area_file(tree: ContestTree, code: str) -> str:
    return "index.html" if code == tree.root else f"{code}.html"


def district_name(paper: Paper) -> str:
    return _("Dapil %(name)s") % {"name": paper.district}


@dataclass(frozen=True)
class _Table:
    """Whose votes the columns of the tables of a page hold: parties on lists, else the choices of the one paper."""

    count: Count
    paper: Paper | None
    parties: Mapping[int, str]

    @classmethod
    def of(cls, tree: ContestTree, count: Count) -> _Table:
        return cls(count, tree.ballots.only(count.lists), tree.ballots.parties(count.lists))

    @property
    def choices(self) -> list[ChoiceLine]:
        """Parties or choices with their votes in the whole area."""
        count = self.count
        if not count.published:
            return []
        if not self.parties:
            return self.rows
        votes = {number: count.parties.get(number, 0) for number in self.parties}
        return [
            ChoiceLine(f"{number:02d}", self.parties[number], cast, count.vote_share(cast), is_party=True)
            for number, cast in votes.items()
        ]

    @property
    def rows(self) -> list[ChoiceLine]:
        """Every row of the paper: parties themselves and their candidates; none where there are several papers."""
        lines = self.paper.lines if self.paper else ()
        found = []
        for at, votes in enumerate(self.count.votes):
            line = lines[at] if at < len(lines) else None
            name = line.name if line else _("Pilihan %(number)s") % {"number": at + 1}
            number = line.label if line else f"{at + 1:02d}"
            is_party = bool(line and line.party and not line.number)
            found.append(ChoiceLine(number, name, votes, self.count.vote_share(votes), is_party))
        return found

    @property
    def across(self) -> list[ChoiceLine]:
        """What stands in columns, where they are not too many to read."""
        return self.choices if len(self.choices) <= CHOICES_ACROSS else []

    def votes_of(self, count: Count) -> Sequence[int]:
        """The columns of a part."""
        if not count.published:
            return []
        return [count.parties.get(number, 0) for number in self.parties] if self.parties else count.votes


def _page(site: Site, tree: ContestTree, table: _Table, codes: Sequence[str]) -> dict[str, object]:
    """What every page with votes shows."""
    count = table.count
    parts = [
        PartLine(site.name(code), f"{code}.html", tree.counts[code], table.votes_of(tree.counts[code]))
        for code in codes
    ]
    drawn, undrawn = _map(parts, codes) if len(parts) > 1 else ("", [])
    return {
        "publication": site.publication,
        "contest": contest_name(site.publication.election, tree.contest),
        "count": count,
        "choices": table.choices,
        "has_parties": bool(table.parties),
        "rows": table.rows if table.parties else [],
        "is_mixed": bool(count.published) and table.paper is None,
        "across": table.across,
        "parts": parts,
        "map": drawn,
        "undrawn": undrawn,
    }


def _above(tree: ContestTree, code: str) -> list[str]:
    if code == tree.root:
        return []
    between = [one for one in reversed(ancestors(code)) if len(one) > len(tree.root)]
    return [tree.root, *between]


def _district_of(tree: ContestTree, count: Count) -> tuple[str, str] | None:
    """The electoral district in which an area lies as a whole, and its page if it has one."""
    paper = tree.ballots.only(count.lists)
    if paper is None or not paper.district:
        return None
    district = next(iter(count.lists))
    has_page = len(tree.districts.get(district, ())) > 1
    return district_name(paper), tree.district_files[district] if has_page else ""


def _districts(tree: ContestTree, table: _Table, code: str) -> list[PartLine]:
    """The electoral districts of an area, each as far as it lies in it: they add up to the area."""
    lists = table.count.lists
    if len(lists) < 2:
        return []
    lines = []
    for one in tree.ballots.districts(lists):
        count = summed(tree.counts[part] for part in tree.districts[one] if within(part, code))
        name, href = district_name(tree.ballots.papers[one]), tree.district_files[one]
        lines.append(PartLine(name, href, count, table.votes_of(count)))
    return lines


def _map(parts: Sequence[PartLine], codes: Sequence[str]) -> tuple[SafeString, list[PartLine]]:
    """The map, and the parts that are not on it because their outline is not known."""
    cells = [
        Part(
            code,
            part.name,
            part.count.stations,
            part.href,
            part.count.step,
            percent_words(part.count.share),
            _words(part.count),
        )
        for code, part in zip(codes, parts, strict=True)
    ]
    drawing = drawing_of(cells)
    picture = map_svg(drawing, cells, label=_("Bagian wilayah menurut TPS yang terbit"))
    return picture, [part for code, part in zip(codes, parts, strict=True) if code not in drawing.by_code]


def _words(count: Count) -> str:
    return _("%(published)s dari %(stations)s TPS terbit, %(share)s") % {
        "published": number_words(count.published),
        "stations": number_words(count.stations),
        "share": percent_words(count.share),
    }


def _lead(site: Site, tree: ContestTree, code: str) -> Lead | None:
    """Whether the stations that are missing can change who leads; only for the whole and where one seat is at stake."""
    count, law = tree.counts[code], contest_law(site.publication.election, tree.contest)
    is_asked = code == tree.root and law is not None and law.choice_kind == "pair"
    if not is_asked or len(count.votes) < 2 or not count.published:
        return None
    return worst_case(np.array(count.votes, np.int64), count.open_votes)


def _sheet_line(table: _Table, line: StationLine) -> SheetLine:
    held = "; ".join(reason_words(reason) for reason in line.held.reasons) if line.held else ""
    votes: Sequence[int] = line.sheet.votes if line.sheet else ()
    if table.parties and table.paper:
        by_party = table.paper.by_party(votes)
        votes = [by_party.get(number, 0) for number in table.parties]
    return SheetLine(line.number, line.sheet, votes, held)
