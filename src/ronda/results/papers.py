"""What later stages use of result forms: the rows of a paper, figures while they are typed, rules and their words,
tables of results."""

from ronda.results.adapters.checking import Failure, failures_of
from ronda.results.adapters.paper import Box, Line, Paper, paper_of
from ronda.results.adapters.recap_words import KIND_NAMES, move_sentence, row_words, rule_of
from ronda.results.adapters.shown import Heading, failure_words, heading
from ronda.results.adapters.tables import (
    CHOICE,
    FIGURES,
    PLACE,
    SOURCE,
    Field,
    Table,
    choice_rows,
    data_package,
    figure_cells,
    tidy_table,
)
from ronda.results.adapters.told import area_words
from ronda.results.adapters.typed import COLUMNS, Typed, figures_of, row_id, typed_figure, typed_of

__all__ = [
    "CHOICE",
    "COLUMNS",
    "FIGURES",
    "KIND_NAMES",
    "PLACE",
    "SOURCE",
    "Box",
    "Failure",
    "Field",
    "Heading",
    "Line",
    "Paper",
    "Table",
    "Typed",
    "area_words",
    "choice_rows",
    "data_package",
    "failure_words",
    "failures_of",
    "figure_cells",
    "figures_of",
    "heading",
    "move_sentence",
    "paper_of",
    "row_id",
    "row_words",
    "rule_of",
    "tidy_table",
    "typed_figure",
    "typed_of",
]
