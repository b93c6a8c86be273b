"""What can be said of an area while some of its stations are missing: bounds, estimates, sizes of samples.

Takes votes per station as integer arrays without missing values (stations that are not in are counted, not filled), and
what the missing ones can hold at most. Gives shares in [0, 1] with their standard errors, and bounds in whole votes.
Never speaks of stations that merely happened to come in as if they had been drawn.
Method note: docs/methods/coverage.md.
"""

from ronda.methods.coverage.bounds import Lead, worst_case
from ronda.methods.coverage.estimate import (
    Estimate,
    Stratum,
    design_effect,
    ratio_estimate,
    sample_size,
    stratified_estimate,
)

__all__ = [
    "Estimate",
    "Lead",
    "Stratum",
    "design_effect",
    "ratio_estimate",
    "sample_size",
    "stratified_estimate",
    "worst_case",
]
