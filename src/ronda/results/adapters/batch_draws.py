"""An audit step by step, from a frozen list: how many to draw, which they are, what their forms say. The command line
and the page do the same. No Django and no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ronda.methods.audit import (
    Contest,
    alpha_p_values,
    draw_plain,
    draw_weighted,
    error_bounds,
    errors,
    macro_first_size,
    macro_p_value,
    worst_form,
)
from ronda.results.adapters.batch_lists import BatchList

Method = Literal["macro", "alpha"]
Forms = Mapping[str, NDArray[np.int64]]
WEIGHT_BITS = 40


def method_of(word: str) -> Method:
    """The method that a row names."""
    return "macro" if word == "macro" else "alpha"


def planned_size(contest: Contest, method: Method, *, risk: float) -> int:
    """Draws that suffice if every form is clean; never more than every station where none is drawn twice."""
    if method == "macro":
        return macro_first_size(contest, risk=risk)
    units = contest.bound.size
    clean = alpha_p_values(error_bounds(contest), [0.0] * units)
    return min(units, sum(value > risk for value in clean) + 1)


def drawn_of(listed: BatchList, seed: str, draws: int, method: Method) -> list[int]:
    """Positions in the list, in the order drawn. ValueError when more are wanted than there are, or without a seed."""
    if method == "alpha":
        return draw_plain(seed, len(listed.units), draws)
    weights = (error_bounds(listed.held) * 2**WEIGHT_BITS).astype(np.int64)
    return draw_weighted(seed, weights, draws)


def errors_of(listed: BatchList, drawn: Sequence[int], forms: Forms) -> list[float]:
    """How far the recapitulation of every draw favoured the winner; a form that is not there counts at its worst."""
    audited = [
        forms[listed.units[unit]] if listed.units[unit] in forms else worst_form(listed.held, unit)
        for unit in drawn
    ]
    return [float(one) for one in errors(listed.held, drawn, np.array(audited))]


def risk_measured(listed: BatchList, drawn: Sequence[int], found: Sequence[float], method: Method) -> float:
    """The largest chance of seeing so little error if the outcome were wrong."""
    bounds = error_bounds(listed.held)
    if method == "macro":
        return macro_p_value(bounds, drawn, np.array(found))
    return alpha_p_values(bounds, found)[-1]
