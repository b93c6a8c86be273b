"""States of a version, who may let it out, and how figures of stations add up. No queries, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ROLES = ("duty", "head")
STEPS = (50, 75, 90, 100)  # percent of the stations published, from which the next step of the ramp begins


class PublishingRefused(Exception):
    """What was asked cannot be done; the text says why and what to do."""


class State(TextChoices):
    """Where a version stands."""

    PROPOSED = "proposed", gettext_lazy("menunggu orang kedua")
    PUBLISHED = "published", gettext_lazy("terbit")
    REFUSED = "refused", gettext_lazy("ditolak")


def require_second_person(*, state: str, proposed_by: str, by: str) -> None:
    """PublishingRefused unless another person decides about a version that waits."""
    if state != State.PROPOSED:
        raise PublishingRefused(_("Versi ini sudah diputuskan. Muat ulang halaman."))
    if not by or proposed_by == by:
        raise PublishingRefused(_("Yang mengusulkan tidak boleh menyetujui. Minta petugas lain."))


@dataclass(slots=True)
class Count:
    """What is published of an area, and what is not: counts of areas add up to the count of the area above."""

    stations: int = 0
    published: int = 0
    held: int = 0
    lists: frozenset[int] = frozenset()  # ballot papers on which the area votes
    votes: list[int] = field(default_factory=list)  # per row of the paper; none where there are several
    parties: dict[int, int] = field(default_factory=dict)
    valid: int = 0
    invalid: int = 0
    users: int = 0
    registered: int = 0
    open_votes: int = 0

    @property
    def missing(self) -> int:
        """Stations of which no copy came."""
        return self.stations - self.published - self.held

    @property
    def share(self) -> float:
        return self.published / self.stations if self.stations else 0.0

    @property
    def step(self) -> int:
        """Step of the five-step ramp of coverage; 0 is nothing published."""
        if not self.published:
            return 0
        return 1 + sum(self.published * 100 >= self.stations * least for least in STEPS)

    def add(self, other: Count) -> None:
        for name in (
            "stations",
            "published",
            "held",
            "valid",
            "invalid",
            "users",
            "registered",
            "open_votes",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        lists = self.lists | other.lists
        self.votes = added(self.votes, other.votes) if len(lists) < 2 else []
        self.lists = lists
        for party, votes in other.parties.items():
            self.parties[party] = self.parties.get(party, 0) + votes

    def vote_share(self, votes: int) -> float:
        """Share of the valid votes, 0 to 1."""
        return votes / self.valid if self.valid else 0.0


def added(first: Sequence[int], second: Sequence[int]) -> list[int]:
    size = max(len(first), len(second))
    padded = [[*votes, *[0] * (size - len(votes))] for votes in (first, second)]
    return [a + b for a, b in zip(*padded, strict=True)]


def summed(counts: Iterable[Count]) -> Count:
    total = Count()
    for count in counts:
        total.add(count)
    return total
