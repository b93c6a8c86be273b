"""Screens over the sheets of an area, in the order in which they are worth doing: which stations to look at first.

Takes counts per station as integer arrays without missing values. Gives what stands out, with the null model, the
number of tests, the seed and the effect in votes; larger residuals are stranger, neither is worse by itself. Never
says that anything was done by anybody, never names a person; above "perlu dicek" only documents that disagree can go,
and those are not found here. Method note: docs/methods/screens.md.
"""

from ronda.methods.screens.basis import Basis, Word, benjamini_hochberg
from ronda.methods.screens.digits import LastDigits, last_digits
from ronda.methods.screens.fingerprint import Fingerprint, fingerprint
from ronda.methods.screens.integers import (
    IntegerPercentages,
    Peaks,
    Turnout,
    integer_percentages,
    near_whole_percent,
)
from ronda.methods.screens.mixture import Mixture, fit_mixture
from ronda.methods.screens.neighbours import Neighbours, neighbour_outliers
from ronda.methods.screens.spikes import Spikes, share_spikes
from ronda.methods.screens.vectors import EqualVectors, equal_vectors

__all__ = [
    "Basis",
    "EqualVectors",
    "Fingerprint",
    "IntegerPercentages",
    "LastDigits",
    "Mixture",
    "Neighbours",
    "Peaks",
    "Spikes",
    "Turnout",
    "Word",
    "benjamini_hochberg",
    "equal_vectors",
    "fingerprint",
    "fit_mixture",
    "integer_percentages",
    "last_digits",
    "near_whole_percent",
    "neighbour_outliers",
    "share_spikes",
]
