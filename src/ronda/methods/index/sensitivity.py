"""Which choice moves the outcome: first-order and total shares of its variance (Sobol)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ronda.methods.index.normalising import Scale
from ronda.methods.index.structure import Floats, Structure
from ronda.methods.index.uncertainty import USUAL, Bench, Choices, Runs, draw_runs, ranks_of

Sample = Mapping[str, np.typing.NDArray[np.generic]]


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Shares of the variance of an outcome.

    Parameters
    ----------
    names : tuple of str
    first : float array of shape (n_factors,)
        By this factor alone, 0 to 1; a small negative number is noise of the estimate.
    total : float array of shape (n_factors,)
        By this factor and all it does together with others.
    first_error, total_error : float array of shape (n_factors,)
        Standard errors.

    Examples
    --------
    >>> Sensitivity(("a",), np.array([0.3]), np.array([0.5]), np.array([0.01]), np.array([0.01])).names
    ('a',)
    """

    names: tuple[str, ...]
    first: Floats
    total: Floats
    first_error: Floats
    total_error: Floats


def sobol(
    model: Callable[[Sample], Floats],
    draw: Callable[[int, np.random.Generator], Sample],
    *,
    n: int,
    rng: np.random.Generator,
) -> Sensitivity:
    """Estimate the shares from two independent samples and their mixtures.

    Parameters
    ----------
    model : callable
        From a sample to one outcome for each row: float array of shape (n,).
    draw : callable
        n independent rows of each factor; a factor may have any shape behind its first axis.
    n : int
        Rows; the model is asked for n x (2 + factors) of them.
    rng : numpy.random.Generator

    Returns
    -------
    Sensitivity

    References
    ----------
    Saltelli et al. (2010), Computer Physics Communications 181, 259-270 (first order, their table 2 b);
    Jansen (1999), ibid. 117, 35-43 (total). Method note: docs/methods/uncertainty.md.

    Examples
    --------
    >>> two = lambda n, rng: {"x": rng.uniform(size=n), "y": rng.uniform(size=n)}
    >>> found = sobol(lambda s: 2 * s["x"] + s["y"], two, n=20_000, rng=np.random.default_rng(1))
    >>> found.total.round(1).tolist()
    [0.8, 0.2]
    """
    one, other = draw(n, rng), draw(n, rng)
    at_one, at_other = model(one), model(other)
    variance = np.concatenate([at_one, at_other]).var()
    first, total = [], []
    for name in one:
        mixed = model({**one, name: other[name]})
        first.append(at_other * (mixed - at_one))
        total.append((at_one - mixed) ** 2 / 2)
    whole = variance if variance > 0 else 1.0
    return Sensitivity(
        tuple(one),
        np.array([part.mean() for part in first]) / whole,
        np.array([part.mean() for part in total]) / whole,
        np.array([part.std() for part in first]) / whole / np.sqrt(n),
        np.array([part.std() for part in total]) / whole / np.sqrt(n),
    )


def choice_sensitivity(
    raw: Floats,
    scale: Scale,
    structure: Structure,
    *,
    choices: Choices = USUAL,
    n: int = 256,
    seed: int = 1,
) -> Sensitivity:
    """Which choice moves the ranking: shares of the variance of the mean shift in rank against the plain index.

    Parameters
    ----------
    raw, scale, structure, choices
        As in `uncertainty`; areas must have at least one indicator.
    n, seed : int

    Returns
    -------
    Sensitivity
        Of "normalisation", "aggregation", "weights" and "error".

    References
    ----------
    OECD/JRC (2008), step 7. Method note: docs/methods/uncertainty.md.

    Examples
    --------
    >>> raw = np.random.default_rng(1).uniform(size=(30, 4))
    >>> plain = Scale(np.zeros(4), np.ones(4), np.ones(4, dtype=bool))
    >>> four = Structure(np.array([0, 0, 1, 1]), np.full(4, 0.5), np.full(2, 0.5))
    >>> choice_sensitivity(raw, plain, four, n=64).names
    ('normalisation', 'aggregation', 'weights', 'error')
    """
    is_scored = np.asarray(~np.isnan(raw).all(axis=1))
    bench = Bench(raw, scale, structure, choices, is_scored)
    still = Choices(choices.normalisations[:1], choices.aggregations[:1], 0.0, 0.0)
    plain = draw_runs(structure, still, 1, np.random.default_rng(seed))
    base = ranks_of(Bench(raw, scale, structure, still, is_scored).scores(plain)[0])
    names = ("normalisation", "aggregation", "weights", "error")

    def draw(rows: int, rng: np.random.Generator) -> Sample:
        runs = draw_runs(structure, choices, rows, rng)
        weights = np.concatenate([runs.weights, runs.dimension_weights], axis=1)
        return dict(zip(names, (runs.normalisation, runs.aggregation, weights, runs.error_seed), strict=True))

    def shift(sample: Sample) -> Floats:
        runs = _runs(sample, len(structure.weights))
        moved = np.empty(len(runs))
        for where in bench.blocks(runs):
            moved[where] = [np.abs(ranks_of(one) - base).mean() for one in bench.scores(runs.at(where))]
        return moved

    return sobol(shift, draw, n=n, rng=np.random.default_rng(seed))


def _runs(sample: Sample, n_indicators: int) -> Runs:
    weights = np.asarray(sample["weights"], dtype=float)
    return Runs(
        np.asarray(sample["normalisation"], dtype=np.int64),
        np.asarray(sample["aggregation"], dtype=np.int64),
        weights[:, :n_indicators],
        weights[:, n_indicators:],
        np.asarray(sample["error"], dtype=np.int64),
    )
