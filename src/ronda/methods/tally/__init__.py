"""Arithmetic checks and comparisons of result sheets, vectorised over polling stations.

Takes figures as integer arrays with a presence mask of the same shape; an absent figure is unknown, not zero.
Gives signed integer differences and the stations where a check could be made and failed.
Never reads a file, never decides what a difference means: a flag is a reason to look at paper.
Method note: docs/methods/tally.md.
"""

from ronda.methods.tally.checks import (
    Check,
    Count,
    dpt_cap,
    range_digits,
    turnout_mismatch,
    valid_sum,
    votes_gt_cap,
    with_reserve,
)
from ronda.methods.tally.copies import Comparison, compare, moved_votes
from ronda.methods.tally.recap import RecapCheck, UnitSums, recap_check, unit_sums

__all__ = [
    "Check",
    "Comparison",
    "Count",
    "RecapCheck",
    "UnitSums",
    "compare",
    "dpt_cap",
    "moved_votes",
    "range_digits",
    "recap_check",
    "turnout_mismatch",
    "unit_sums",
    "valid_sum",
    "votes_gt_cap",
    "with_reserve",
]
