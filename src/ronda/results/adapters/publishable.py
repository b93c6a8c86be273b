"""Whether the sheet of a station may be published, and if not why (docs/methods/publication.md).

A sheet is published only if it is whole, every sum of the form agrees, its votes fit the voters of the station and
the legal reserve, a second copy or two people say the same, and nothing that was published falls without a
correction. Everything else is held for people. No queries, no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from ronda.law.forms import form_rules
from ronda.methods.tally import Count, Limits, Sheets, evaluate
from ronda.methods.tally.rules import Compared
from ronda.results.adapters.checking import Parties, form_figures
from ronda.results.domain import Figures, Held, Outcome, Reading, reading_rank

DECIDES = "plano"
WITNESS = "saksi-"


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one station and contest.

    `registered` are the voters by the registry. `settled` are copies that two people entered blind from the photo
    with the same figures. `is_corrected`: a correction entry says why what was published changes.
    """

    station: str
    copies: tuple[Reading, ...]
    registered: int | None = None
    published: Reading | None = None
    settled: frozenset[str] = frozenset()
    is_corrected: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The copy of a station that would be published, and the reasons to hold it; none means it may be."""

    station: str
    copy: Reading | None
    reasons: tuple[str, ...]

    @property
    def is_publishable(self) -> bool:
        return self.copy is not None and not self.reasons


def sheet_rules() -> tuple[str, ...]:
    """Ids of the rules that every correct form meets."""
    return tuple(
        rule.id
        for rule in form_rules().values()
        if rule.severity == "error" and rule.level == "sheet" and not isinstance(rule.test, Compared)
    )


def all_rules() -> frozenset[str]:
    """Every rule that can hold a sheet: those of the form and our own."""
    return frozenset((*sheet_rules(), *Held.values))


def verdicts(
    cases: Sequence[Case],
    limits: Limits,
    *,
    parties: Parties | None = None,
    rules: Collection[str] | None = None,
) -> list[Verdict]:
    """One verdict per case. `limits` holds the most voters a station may have by statute."""
    wanted = all_rules() if rules is None else frozenset(rules)
    judged = [_Judged.of(case, limits) for case in cases]
    broken = _broken_sums(judged, limits, parties or {}, wanted)
    own = [(reason, test) for reason, test in _OWN.items() if reason in wanted]
    return [
        Verdict(
            one.case.station,
            one.base,
            (*sums, *(str(reason) for reason, test in own if test(one))),
        )
        for one, sums in zip(judged, broken, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Judged:
    """A case with the copies that count, the one that would be published, and the ballots of the station."""

    case: Case
    base: Reading | None
    others: tuple[Reading, ...]
    limits: Limits
    outcomes: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, case: Case, limits: Limits) -> _Judged:
        """After a repeated vote or count the copies of the first result count no more."""
        outcomes = frozenset(copy.outcome for copy in case.copies) - {Outcome.REGULAR}
        counting = [copy for copy in case.copies if not outcomes or copy.outcome in outcomes]
        ranked = sorted(counting, key=lambda copy: (not copy.figures.is_present, reading_rank(copy.source)))
        return cls(case, ranked[0] if ranked else None, tuple(ranked[1:]), limits, outcomes)

    @property
    def voters(self) -> int | None:
        if self.case.registered is not None:
            return self.case.registered
        return self.base.figures.registered if self.base else None

    @property
    def ballots(self) -> int | None:
        """The most ballots there can have been: registered voters and the reserve, rounded up."""
        if self.voters is None:
            return None
        return self.voters + _up(self.voters * self.limits.reserve_share)

    @property
    def is_settled(self) -> bool:
        return self.base is not None and self.base.source in self.case.settled


def _up(share: Fraction) -> int:
    return -(-share.numerator // share.denominator)


def _broken_sums(
    judged: Sequence[_Judged], limits: Limits, parties: Parties, wanted: frozenset[str]
) -> list[list[str]]:
    """Ids of the rules of the form that the copy of each station breaks."""
    broken: list[list[str]] = [[] for _ in judged]
    if not judged:
        return broken
    sheets = _sheets([one.base.figures if one.base else Figures(()) for one in judged], parties)
    for rule in sheet_rules():
        if rule in wanted:
            failed = evaluate(form_rules()[rule].test, sheets, limits).check.failed
            for row in np.flatnonzero(failed):
                broken[row].append(rule)
    return broken


def _sheets(figures: Sequence[Figures], parties: Parties) -> Sheets:
    choices = max(len(one.votes) for one in figures)
    padded = [[*one.votes, *[None] * (choices - len(one.votes))] for one in figures]
    fields = [form_figures(one) for one in figures]
    names = sorted({name for one in fields for name in one})
    return Sheets(
        {name: Count.of([one.get(name) for one in fields]) for name in names},
        Count.of(np.array(padded, dtype=object).reshape(len(figures), choices)),
        parties=parties,
    )


def _is_incomplete(one: _Judged) -> bool:
    if one.base is None:
        return True
    figures = one.base.figures
    return not figures.is_present or None in (figures.valid, figures.invalid, figures.users)


def _is_without_voters(one: _Judged) -> bool:
    return one.voters is None


def _is_voters_impossible(one: _Judged) -> bool:
    """Above what the statute allows, or another number on the form than in the registry."""
    stated = one.base.figures.registered if one.base else None
    is_high = one.voters is not None and one.voters > one.limits.voters_max
    return is_high or (stated is not None and one.voters is not None and stated != one.voters)


def _is_over_ballots(one: _Judged) -> bool:
    if one.base is None or one.ballots is None:
        return False
    figures = one.base.figures
    known = [number for number in (*figures.votes, figures.valid, figures.users) if number is not None]
    both = (figures.valid or 0) + (figures.invalid or 0)
    return max([*known, both]) > one.ballots


def _is_contradicted(one: _Judged) -> bool:
    """Another copy says otherwise. Two people who read the plano decide that; a majority does not."""
    if one.base is None or (one.is_settled and one.base.source == DECIDES):
        return False
    return any(_differ(one.base.figures, other.figures) for other in one.others)


def _differ(first: Figures, second: Figures) -> bool:
    size = max(len(first.votes), len(second.votes))
    pairs = [(_at(first.votes, at), _at(second.votes, at)) for at in range(size)]
    pairs += [(first.valid, second.valid), (first.invalid, second.invalid), (first.users, second.users)]
    return any(a != b for a, b in pairs if a is not None and b is not None)


def _at(votes: Sequence[int | None], at: int) -> int | None:
    return votes[at] if at < len(votes) else None


def _is_unconfirmed(one: _Judged) -> bool:
    """Neither a copy from another hand nor two people say the same of every vote. Parties do not vouch for parties."""
    if one.base is None or one.is_settled:
        return False
    base, own = _votes(one.base.figures), one.base.source
    return not any(
        _votes(other.figures) == base
        and other.source != own
        and not (_is_party(own) and _is_party(other.source))
        for other in one.others
    )


def _is_party(source: str) -> bool:
    return source.startswith(WITNESS)


def _votes(figures: Figures) -> tuple[int | None, ...]:
    return (*figures.votes, figures.valid, figures.invalid)


def _is_without_basis(one: _Judged) -> bool:
    """A result that came about otherwise than the published one, or in several ways at once (X11)."""
    if len(one.outcomes) > 1:
        return True
    before = one.case.published
    if before is None or one.base is None or one.case.is_corrected:
        return False
    return one.base.outcome != before.outcome


def _is_falling(one: _Judged) -> bool:
    before = one.case.published
    if before is None or one.base is None or one.case.is_corrected:
        return False
    pairs = zip(_votes(before.figures), _votes(one.base.figures), strict=False)
    shorter = len(one.base.figures.votes) < len(before.figures.votes)
    return shorter or any(old is not None and (new is None or new < old) for old, new in pairs)


_OWN: Mapping[Held, Callable[[_Judged], bool]] = {
    Held.INCOMPLETE: _is_incomplete,
    Held.VOTERS_UNKNOWN: _is_without_voters,
    Held.VOTERS_IMPOSSIBLE: _is_voters_impossible,
    Held.OVER_BALLOTS: _is_over_ballots,
    Held.COPIES_DIFFER: _is_contradicted,
    Held.NOT_CONFIRMED: _is_unconfirmed,
    Held.WITHOUT_BASIS: _is_without_basis,
    Held.FALLING: _is_falling,
}
