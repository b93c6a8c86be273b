"""An instrument put to values: structure, scale and cut-offs as it sets them, and the index with what explains it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ronda.law.instrument_scales import FixedCutoffs, MeanSd, Unit
from ronda.law.instruments import Instrument
from ronda.law.rules import Name
from ronda.methods.index import (
    Aggregation,
    Changes,
    Choices,
    Cutoffs,
    Scale,
    Scores,
    Structure,
    Uncertainty,
    categories,
    contributions,
    next_cutoffs,
    normalised,
    scored,
    smallest_changes,
    spread_cutoffs,
    uncertainty,
)
from ronda.risk.adapters.values import Values

Floats = NDArray[np.floating]
USUAL = Choices()
MANY = 20_000  # areas above which the smallest change of each takes longer than the rest


@dataclass(frozen=True)
class Setting:
    """How an index is to be made, beside what the instrument sets."""

    unit: Unit
    aggregation: Aggregation = "arithmetic"
    choices: Choices = USUAL
    n_runs: int = 1_000
    seed: int = 1


@dataclass(frozen=True, eq=False)
class Indexed:
    """An index and what explains it. Without cut-offs for the unit `categories` and `changes` are None."""

    values: Values
    indicators: tuple[str, ...]
    dimensions: tuple[str, ...]
    points: Floats
    scores: Scores
    parts: Floats
    cutoffs: Cutoffs | None
    categories: NDArray[np.int8] | None
    changes: Changes | None
    uncertainty: Uncertainty
    weights: tuple[Name, Name]


def index_of(
    values: Values,
    instrument: Instrument,
    setting: Setting,
    *,
    go_on: Callable[[float], bool] = lambda share: True,
) -> Indexed:
    """Make the index of values whose columns are the established indicators of an instrument.

    Raises ValueError if the instrument establishes no indicator, InterruptedError if `go_on` says no.
    """
    codes = tuple(one.code for one in instrument.established)
    structure, dimensions, called = structure_of(instrument)
    scale = scale_of(instrument)
    points = normalised(values.raw, scale)
    scores = scored(points, structure, aggregation=setting.aggregation)
    rule = cutoffs_of(instrument, setting.unit)
    cutoffs = rule(scores.index) if rule and (~np.isnan(scores.index)).sum() > 1 else None
    spread = uncertainty(
        values.raw,
        scale,
        structure,
        cutoffs=rule or (lambda _scores: Cutoffs(np.inf, np.inf)),
        choices=setting.choices,
        n_runs=setting.n_runs,
        seed=setting.seed,
        go_on=go_on,
    )
    changes = None
    if cutoffs and len(points) <= MANY:
        target = next_cutoffs(scores.index, cutoffs)
        changes = smallest_changes(points, structure, target, aggregation=setting.aggregation)
    return Indexed(
        values,
        codes,
        dimensions,
        points,
        scores,
        contributions(points, structure, aggregation=setting.aggregation),
        cutoffs,
        categories(scores.index, cutoffs) if cutoffs else None,
        changes,
        spread,
        called,
    )


def structure_of(instrument: Instrument) -> tuple[Structure, tuple[str, ...], tuple[Name, Name]]:
    """Weights of the established indicators and of the dimensions that have any, and what both must be called.

    A dimension without an established indicator cannot be scored; the weights of the others are raised in proportion.
    """
    if not instrument.established:
        raise ValueError(f"{instrument.id} establishes no indicator: nothing can be scored with it")
    paths = [dimension for dimension, _part in instrument.paths]
    dimensions = tuple(dict.fromkeys(paths))
    inside, inside_name = instrument.weights_of("indicator")
    tops, tops_name = instrument.weights_of("dimension")
    kept = np.array([float(tops[code]) for code in dimensions])
    structure = Structure(
        np.array([dimensions.index(code) for code in paths]),
        np.array([float(inside[one.code]) for one in instrument.established]),
        kept / kept.sum(),
    )
    return structure, dimensions, (tops_name, inside_name)


def scale_of(instrument: Instrument) -> Scale:
    """From 0 to 1 for yes and no; else from 0 to the largest value of the table, since no source fixes a bound."""
    established = instrument.established
    top = 1.0 if instrument.scoring.kind == "yes_no" else np.nan
    return Scale(
        np.zeros(len(established)),
        np.full(len(established), top),
        np.array([one.direction != "lower_is_worse" for one in established]),
    )


def cutoffs_of(instrument: Instrument, unit: Unit) -> Callable[[Floats], Cutoffs] | None:
    """From scores to cut-offs as the instrument sets them for a unit; None where no figure leads to a category."""
    scale = instrument.scale_for(unit)
    if isinstance(scale, MeanSd):
        deviations, kind = float(scale.k), scale.sd
        return lambda scores: spread_cutoffs(scores, deviations=deviations, kind=kind)
    if isinstance(scale, FixedCutoffs) and len(scale.levels) == 3:
        step = 10.0**-scale.decimals / 2  # scores are rounded half up before they are compared
        low, middle = (float(level.up_to) + step for level in scale.levels[:2])
        return lambda _scores: Cutoffs(low, middle)
    return None
