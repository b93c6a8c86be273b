"""Which ballot paper each village votes on. Electoral districts have papers of their own: between them candidates are
other people, so only parties add up."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.text import slugify

from ronda.elections.selectors import choice_list, contest_in, contests_with

if TYPE_CHECKING:
    from ronda.elections.models import Contest


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the ballot paper. `party` and `number` are 0 where there is none."""

    party: int
    number: int
    name: str

    @property
    def label(self) -> str:
        if self.party and self.number:
            return f"{self.party}.{self.number}"
        return f"{self.party or self.number:02d}"


@dataclass(frozen=True, slots=True)
class Paper:
    """A ballot paper: of the electoral district `district` of the contest held in `area`, or the only one there."""

    area: str = ""
    district: str = ""
    lines: tuple[Line, ...] = ()

    @property
    def parties(self) -> dict[int, str]:
        """Names of the parties by their numbers; none where choices stand on no list."""
        return {line.party: line.name for line in self.lines if line.party and not line.number}

    def by_party(self, votes: Sequence[int]) -> dict[int, int]:
        """Votes of each party: those for itself and for its candidates."""
        added: dict[int, int] = {}
        for line, count in zip(self.lines, votes, strict=False):
            if line.party:
                added[line.party] = added.get(line.party, 0) + count
        return added


UNKNOWN = Paper()


@dataclass
class Ballots:
    """The papers of a contest, by village."""

    of_village: dict[str, int] = field(default_factory=dict)
    papers: dict[int, Paper] = field(default_factory=dict)

    @classmethod
    def of(cls, election: str, contest: str, villages: Iterable[str]) -> Ballots:
        made, rows = cls(), contests_with(election, contest)
        for village in villages:
            found = contest_in(rows, village)
            made.of_village[village] = found.pk if found else 0
            if found and found.pk not in made.papers:
                made.papers[found.pk] = _paper(found)
        return made

    def paper(self, village: str) -> Paper:
        return self.papers.get(self.of_village.get(village, 0), UNKNOWN)

    def only(self, lists: Collection[int]) -> Paper | None:
        """The paper of an area that votes on one; None where it votes on several."""
        return self.papers.get(next(iter(lists), 0), UNKNOWN) if len(lists) < 2 else None

    def parties(self, lists: Iterable[int]) -> dict[int, str]:
        """Every party on these papers by its number; none if one of them has no parties."""
        found = [self.papers.get(one, UNKNOWN).parties for one in lists]
        names = {number: name for parties in reversed(found) for number, name in parties.items()}
        return dict(sorted(names.items())) if all(found) else {}

    def districts(self, lists: Collection[int]) -> list[int]:
        """Electoral districts of one council in the order of their names; none where papers belong to several."""
        papers = {one: self.papers.get(one, UNKNOWN) for one in lists}
        is_one_council = len({paper.area for paper in papers.values()}) == 1
        if not is_one_council or not all(paper.district for paper in papers.values()):
            return []
        return sorted(papers, key=lambda one: _natural(papers[one].district))

    def files(self) -> Mapping[int, str]:
        """The name of the page of each electoral district."""
        names: dict[int, str] = {}
        for one, paper in sorted(self.papers.items()):
            if not paper.district:
                continue
            stem = "-".join(filter(None, ("dapil", paper.area, slugify(paper.district))))
            while f"{stem}.html" in names.values():
                stem += "-2"
            names[one] = f"{stem}.html"
        return names


def _paper(contest: Contest) -> Paper:
    lines = tuple(Line(row.party, row.number, row.name) for row in choice_list(contest))
    return Paper(contest.area, contest.district, lines)


def _natural(name: str) -> list[tuple[int, str]]:
    """Jember 2 before Jember 10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name) if part]
