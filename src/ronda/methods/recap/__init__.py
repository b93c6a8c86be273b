"""Recapitulation against the forms below it: which rows moved, from whom, to whom, in how many stations.

Takes the figures of two forms as integer arrays with presence masks and the rows of the form; an absent figure is
unknown, not zero. Gives signed differences, shifts and moves in votes. Never says why and never names a person: a
difference is a reason to look at both papers. Method note: docs/methods/recap.md.
"""

from ronda.methods.recap.basis import Figures, FormRows, Line
from ronda.methods.recap.differences import Differences, row_differences, sum_differences
from ronda.methods.recap.moves import Move, MoveKind, moves, moves_across
from ronda.methods.recap.shifts import Shifts, shifts
from ronda.methods.recap.systematic import Systematic, systematic

__all__ = [
    "Differences",
    "Figures",
    "FormRows",
    "Line",
    "Move",
    "MoveKind",
    "Shifts",
    "Systematic",
    "moves",
    "moves_across",
    "row_differences",
    "shifts",
    "sum_differences",
    "systematic",
]
