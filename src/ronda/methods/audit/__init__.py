"""Audits of a recapitulation against the forms it was made from, and how units are drawn for them.

Takes reported and audited votes per batch as integer arrays without missing values, weights, public seeds. Gives
sizes, p-values and draws that an outsider can repeat from the seed and the list. Larger p-values are worse: the outcome
is less surely right. Never says why a figure differs. Method note: docs/methods/audit.md.
"""

from ronda.methods.audit.ballots import (
    bravo_mean_size,
    bravo_quantile_size,
    bravo_stop_chance,
    supersimple_constant,
    supersimple_first_size,
    supersimple_size,
)
from ronda.methods.audit.batches import (
    Contest,
    alpha_p_values,
    error_bounds,
    errors,
    macro_clean_size,
    macro_first_size,
    macro_p_value,
    worst_form,
)
from ronda.methods.audit.detection import detection_chance, detection_size
from ronda.methods.audit.draws import draw_number, draw_plain, draw_weighted, list_digest

__all__ = [
    "Contest",
    "alpha_p_values",
    "bravo_mean_size",
    "bravo_quantile_size",
    "bravo_stop_chance",
    "detection_chance",
    "detection_size",
    "draw_number",
    "draw_plain",
    "draw_weighted",
    "error_bounds",
    "errors",
    "list_digest",
    "macro_clean_size",
    "macro_first_size",
    "macro_p_value",
    "supersimple_constant",
    "supersimple_first_size",
    "supersimple_size",
    "worst_form",
]
