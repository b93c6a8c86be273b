"""Arithmetic checks and comparisons of result sheets, vectorised over polling stations.

Tests of single sheets are data (`rules`); `evaluate` runs one of them over all stations.
Takes figures as integer arrays with a presence mask of the same shape; an absent figure is unknown, not zero.
Gives signed integer differences and the stations where a check could be made and failed.
Never reads a file, never decides what a difference means: a flag is a reason to look at paper.
Method note: docs/methods/tally.md.
"""

from ronda.methods.tally.checks import (
    Check,
    Count,
    range_digits,
    with_reserve,
)
from ronda.methods.tally.copies import Comparison, compare, moved_votes
from ronda.methods.tally.recap import RecapCheck, UnitSums, recap_check, unit_sums
from ronda.methods.tally.rules import Limits, Outcome, Sheets, evaluate, party_total

__all__ = [
    "Check",
    "Comparison",
    "Count",
    "Limits",
    "Outcome",
    "RecapCheck",
    "Sheets",
    "UnitSums",
    "compare",
    "evaluate",
    "moved_votes",
    "party_total",
    "range_digits",
    "recap_check",
    "unit_sums",
    "with_reserve",
]
