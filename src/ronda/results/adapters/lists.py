"""Which list each area of a contest votes on, and counts of several lists together: candidates differ from one
electoral district to the next, so that above them only parties add up."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ronda.elections.selectors import (
    contest_in,
    contests_with,
    has_several_lists,
    parties_named,
    party_rows,
    touches,
)

if TYPE_CHECKING:
    from ronda.elections.models import Contest
    from ronda.results.domain import AreaCount

Parties = Mapping[int, tuple[int, ...]]


@dataclass(frozen=True)
class Lists:
    """The lists of one contest as the register has them when a count begins."""

    rows: tuple[Contest, ...]

    @cached_property
    def names(self) -> dict[int, str]:
        """Every party of any list by its number, in order."""
        return parties_named(self.rows)

    @cached_property
    def _kept(self) -> dict[str, bool]:
        return {}

    @cached_property
    def _parties(self) -> dict[Contest | None, Parties]:
        return {}

    def are_several(self, area: str) -> bool:
        """Whether the area votes on more than one list."""
        if len(self.rows) < 2:
            return False
        if area not in self._kept:
            self._kept[area] = has_several_lists(self.rows, area)
        return self._kept[area]

    def of(self, area: str) -> Contest | None:
        """The list of an area that votes on one."""
        return contest_in(self.rows, area)

    def parties(self, row: Contest | None) -> Parties:
        """Where the rows of each party stand on a list."""
        if row not in self._parties:
            self._parties[row] = party_rows(row)
        return self._parties[row]

    def districts(self, area: str) -> list[Contest]:
        """The electoral districts of which the area holds a part."""
        return [row for row in self.rows if row.district and touches(row, area)]

    def by_list(self, villages: Collection[str]) -> list[tuple[Parties, set[str]]]:
        """The villages of each electoral district, with the parties of its list."""
        groups: dict[Contest | None, set[str]] = {}
        for village in villages:
            groups.setdefault(self.of(village), set()).add(village)
        return [(self.parties(row), inside) for row, inside in groups.items()]

    def carried(self, count: AreaCount, area: str, above: str) -> AreaCount:
        """The count of an area as it adds up in the area above: votes by party where that votes on several lists."""
        if not self.are_several(above) or self.are_several(area):
            return count
        row = self.of(area)
        return replace(count, votes={key: self.by_party(votes, row) for key, votes in count.votes.items()})

    def carried_recap(self, recap: Mapping[str, object], area: str, above: str) -> dict[str, object]:
        """The same for what an official recapitulation says of the area."""
        if not recap or not self.are_several(above) or self.are_several(area):
            return dict(recap)
        return self.recap_by_party(recap, self.of(area))

    def recap_by_party(self, recap: Mapping[str, object], row: Contest | None) -> dict[str, object]:
        """What a recapitulation of one list says, by party."""
        told = {key: recap[key] for key in ("votes", "deltas") if isinstance(recap.get(key), list)}
        return {**recap, **{key: self.by_party(numbers, row) for key, numbers in told.items()}}

    def by_party(self, votes: Sequence[int | None] | object, row: Contest | None) -> list[int]:
        """Votes of one list by party, in the order of the numbers of all parties; nothing where one is missing."""
        numbers = list(votes) if isinstance(votes, Sequence) else []
        places = self.parties(row)
        if not places or None in numbers:
            return []
        return [sum(numbers[at] for at in places.get(party, ()) if at < len(numbers)) for party in self.names]


def lists_of(election: str, contest: str) -> Lists:
    """The lists of a contest; without any where the election is not registered."""
    return Lists(tuple(contests_with(election, contest)))
