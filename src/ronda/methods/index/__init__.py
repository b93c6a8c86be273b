"""The vulnerability of areas from indicators: an index with its parts, its uncertainty, and how it did.

Takes indicators per area as float arrays, NaN where nothing is known; gives scores from 0 to 100, higher is more
vulnerable. Never invents a weight, never fills in what is missing, never scores a person.
Method notes: docs/methods/index.md, docs/methods/uncertainty.md.
"""

from ronda.methods.index.categories import Cutoffs, categories, spread_cutoffs
from ronda.methods.index.checking import Moran, Outcome, decayed, moran, outcome
from ronda.methods.index.explaining import Changes, next_cutoffs, similar_areas, smallest_changes
from ronda.methods.index.normalising import Normalisation, Scale, normalised
from ronda.methods.index.sensitivity import Sensitivity, choice_sensitivity, sobol
from ronda.methods.index.structure import (
    Aggregation,
    Scores,
    Structure,
    combined,
    contributions,
    equal_weights,
    scored,
)
from ronda.methods.index.uncertainty import Choices, Runs, Uncertainty, draw_runs, ranks_of, uncertainty

__all__ = [
    "Aggregation",
    "Changes",
    "Choices",
    "Cutoffs",
    "Moran",
    "Normalisation",
    "Outcome",
    "Runs",
    "Scale",
    "Scores",
    "Sensitivity",
    "Structure",
    "Uncertainty",
    "categories",
    "choice_sensitivity",
    "combined",
    "contributions",
    "decayed",
    "draw_runs",
    "equal_weights",
    "moran",
    "next_cutoffs",
    "normalised",
    "outcome",
    "ranks_of",
    "scored",
    "similar_areas",
    "smallest_changes",
    "sobol",
    "spread_cutoffs",
    "uncertainty",
]
