"""How far score, rank and category of an area hang on choices that could be otherwise, and on errors in the data."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ronda.methods.index.categories import Cutoffs, categories
from ronda.methods.index.normalising import Normalisation, Scale, normalised
from ronda.methods.index.structure import FLOOR, Aggregation, Floats, Ints, Structure, scored

Singles = NDArray[np.float32]
BLOCK, SOME = 16, 4_096  # runs and areas that are computed together: what they need stays in the cache
QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Choices:
    """What is varied, each run anew.

    Parameters
    ----------
    normalisations, aggregations : tuple of str
        One of each is drawn with equal chances.
    weight_spread : float, default=0.25
        Each weight is multiplied by a uniform number between 1 - spread and 1 + spread, then the weights of a
        dimension, and those of the dimensions, are made to sum to 1 again. In [0, 1).
    error_points : float, default=2.0
        Standard deviation of the error of one normalised indicator, in points. Carried to the index to first order.

    Examples
    --------
    >>> Choices(("minmax",), ("arithmetic",), 0.0, 0.0).weight_spread
    0.0
    """

    normalisations: tuple[Normalisation, ...] = ("minmax", "standard", "rank")
    aggregations: tuple[Aggregation, ...] = ("arithmetic", "geometric")
    weight_spread: float = 0.25
    error_points: float = 2.0


USUAL = Choices()


@dataclass(frozen=True, eq=False)
class Runs:
    """What was drawn for each run.

    Parameters
    ----------
    normalisation, aggregation : int64 array of shape (n_runs,)
        Positions in the choices.
    weights : float array of shape (n_runs, n_indicators)
    dimension_weights : float array of shape (n_runs, n_dimensions)
    error_seed : int64 array of shape (n_runs,)

    Examples
    --------
    >>> one = Structure(np.array([0]), np.ones(1), np.ones(1))
    >>> len(draw_runs(one, Choices(), 3, np.random.default_rng(1)))
    3
    """

    normalisation: Ints
    aggregation: Ints
    weights: Floats
    dimension_weights: Floats
    error_seed: Ints

    def __len__(self) -> int:
        return len(self.normalisation)

    def at(self, where: Ints) -> Runs:
        """Some of the runs."""
        return Runs(
            self.normalisation[where],
            self.aggregation[where],
            self.weights[where],
            self.dimension_weights[where],
            self.error_seed[where],
        )


def draw_runs(structure: Structure, choices: Choices, n_runs: int, rng: np.random.Generator) -> Runs:
    """Draw what each run uses.

    Parameters
    ----------
    structure : Structure
    choices : Choices
    n_runs : int
    rng : numpy.random.Generator

    Returns
    -------
    Runs

    Examples
    --------
    >>> two = Structure(np.array([0, 0]), np.array([0.5, 0.5]), np.ones(1))
    >>> float(draw_runs(two, Choices(), 5, np.random.default_rng(1)).weights.sum().round(6))
    5.0
    """
    low, high = 1 - choices.weight_spread, 1 + choices.weight_spread
    weights = structure.weights * rng.uniform(low, high, (n_runs, len(structure.weights)))
    tops = structure.dimension_weights * rng.uniform(low, high, (n_runs, structure.n_dimensions))
    member = structure.matrix > 0
    return Runs(
        rng.integers(0, len(choices.normalisations), n_runs),
        rng.integers(0, len(choices.aggregations), n_runs),
        weights / (weights @ member)[:, structure.dimension_of],
        tops / tops.sum(axis=1, keepdims=True),
        rng.integers(0, 2**62, n_runs),
    )


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """What came out of all runs, area by area; NaN (rank 0) where an area has no index.

    Parameters
    ----------
    score : float array of shape (n_areas, 3)
        5th, 50th and 95th of 100.
    rank : int64 array of shape (n_areas, 3)
        The same of the place; 1 is the most vulnerable.
    category_share : float array of shape (n_areas, 3)
        Share of runs in which the area was low, middle, high.
    n_runs : int
    seed : int

    Examples
    --------
    >>> Uncertainty(np.zeros((1, 3)), np.ones((1, 3), dtype=int), np.array([[1.0, 0, 0]]), 10, 1).is_apart(0, 0)
    False
    """

    score: Floats
    rank: Ints
    category_share: Floats
    n_runs: int
    seed: int

    def is_apart(self, one: int, other: int) -> bool:
        """Whether the rank intervals of two areas do not overlap."""
        return bool(self.rank[one, 2] < self.rank[other, 0] or self.rank[other, 2] < self.rank[one, 0])


def uncertainty(
    raw: Floats,
    scale: Scale,
    structure: Structure,
    *,
    cutoffs: Callable[[Floats], Cutoffs],
    choices: Choices = USUAL,
    n_runs: int = 1_000,
    seed: int = 1,
    least_known_share: float = 0.5,
    go_on: Callable[[float], bool] = lambda share: True,
) -> Uncertainty:
    """Make the index again and again with other choices that could be defended as well.

    Parameters
    ----------
    raw : float array of shape (n_areas, n_indicators)
        NaN is missing. Not changed.
    scale, structure
        As in `normalised` and `scored`.
    cutoffs : callable
        From the scores of a run to its cut-offs: fixed ones, or `spread_cutoffs`.
    choices : Choices
    n_runs, seed : int
    least_known_share : float
        As in `scored`; such areas take no place.
    go_on : callable
        Asked with the share that is done; False stops.

    Returns
    -------
    Uncertainty

    Raises
    ------
    InterruptedError
        If `go_on` said no.

    References
    ----------
    Saisana, Saltelli & Tarantola (2005), JRSS A 168, 307-323. Method note: docs/methods/uncertainty.md.

    Examples
    --------
    >>> raw = np.array([[0.0, 0.0], [10.0, 5.0], [10.0, 10.0]])
    >>> ten = Scale(np.zeros(2), np.full(2, 10.0), np.ones(2, dtype=bool))
    >>> both = Structure(np.array([0, 0]), np.array([0.5, 0.5]), np.ones(1))
    >>> uncertainty(raw, ten, both, cutoffs=lambda s: Cutoffs(33, 66), n_runs=50).rank[:, 1].tolist()
    [3, 2, 1]
    """
    is_scored = ~np.isnan(
        scored(normalised(raw, scale), structure, least_known_share=least_known_share).index
    )
    bench = Bench(raw, scale, structure, choices, is_scored)
    runs = draw_runs(structure, choices, n_runs, np.random.default_rng(seed))
    scores = np.empty((n_runs, bench.n_areas), dtype=np.float32)
    ranks = np.empty(scores.shape, dtype=np.int32)
    counts = np.zeros((3, scores.shape[1]), dtype=np.int64)

    def one_block(where: Ints) -> NDArray[np.int64]:
        made = bench.scores(runs.at(where))
        scores[where] = made
        ranks[where] = [ranks_of(one) for one in made]
        found = np.array([categories(one, cutoffs(one)) for one in made])
        return np.array([(found == step).sum(axis=0) for step in range(3)])

    blocks = bench.blocks(runs)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done, found in enumerate(pool.map(one_block, blocks), start=1):
            counts += found
            if not go_on(done / len(blocks)):
                pool.shutdown(cancel_futures=True)
                raise InterruptedError("stopped")
    return _spread_out(is_scored, _quantiles(scores), _quantiles(ranks), counts / n_runs, n_runs, seed)


def _spread_out(
    is_scored: NDArray[np.bool_], score: Floats, rank: Floats, share: Floats, n_runs: int, seed: int
) -> Uncertainty:
    """Results of the scored areas among all areas."""
    n = len(is_scored)
    scores, ranks, shares = np.full((n, 3), np.nan), np.zeros((n, 3), dtype=np.int64), np.full((n, 3), np.nan)
    scores[is_scored], ranks[is_scored], shares[is_scored] = score, rank, share.T
    return Uncertainty(scores, ranks, shares, n_runs, seed)


def ranks_of(scores: Floats) -> NDArray[np.int32]:
    """Places of scores, 1 for the highest; ties stand in the order of the areas.

    Parameters
    ----------
    scores : float array of shape (n_areas,)
        Without NaN.

    Returns
    -------
    int32 array of shape (n_areas,)

    Examples
    --------
    >>> ranks_of(np.array([5.0, 9.0, 7.0])).tolist()
    [3, 1, 2]
    """
    order = np.argsort(-scores, kind="stable" if len(scores) < 1_000 else None)
    places = np.empty(len(scores), dtype=np.int32)
    places[order] = np.arange(1, len(scores) + 1, dtype=np.int32)
    return places


def _quantiles(by_run: NDArray[np.float32] | NDArray[np.int32]) -> Floats:
    """The 5th, 50th and 95th of 100 of each column, as the run at or just above that place."""
    n_runs, n_areas = by_run.shape
    at = [min(n_runs - 1, int(np.ceil(q * n_runs)) - 1 if q * n_runs >= 1 else 0) for q in QUANTILES]
    found = np.empty((n_areas, len(at)))

    def part(start: int) -> None:
        columns = np.ascontiguousarray(by_run[:, start : start + 2_048].T)
        columns.partition(sorted(set(at)), axis=1)
        found[start : start + 2_048] = columns[:, at]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(part, range(0, n_areas, 2_048)))
    return found


class Bench:
    """Normalised indicators of all ways, ready to be weighted: (n_indicators, n_areas), by dimension.

    All areas make the scales, those that are scored take part.
    """

    def __init__(
        self,
        raw: Floats,
        scale: Scale,
        structure: Structure,
        choices: Choices,
        is_scored: NDArray[np.bool_],
    ) -> None:
        self._order = np.argsort(structure.dimension_of, kind="stable")
        ends = np.cumsum(np.bincount(structure.dimension_of, minlength=structure.n_dimensions))
        self._spans = [slice(int(a), int(b)) for a, b in zip([0, *ends[:-1]], ends, strict=True)]
        self._choices = choices
        tables = (normalised(raw, scale, how)[is_scored] for how in choices.normalisations)
        self._tables = [self._table(table) for table in tables]
        is_known = ~np.isnan(raw[is_scored])
        self._known = np.ascontiguousarray(is_known.T[self._order], dtype=np.float32)
        self.n_areas = int(is_scored.sum())

    def _table(self, values: Floats) -> Singles:
        return np.ascontiguousarray(np.nan_to_num(values).T[self._order], dtype=np.float32)

    def blocks(self, runs: Runs) -> list[Ints]:
        """Positions of runs that share normalisation and aggregation, some at a time."""
        way = runs.normalisation * len(self._choices.aggregations) + runs.aggregation
        by_way = np.argsort(way, kind="stable")
        same = np.split(by_way, np.flatnonzero(np.diff(way[by_way])) + 1)
        return [part[at : at + BLOCK] for part in same for at in range(0, len(part), BLOCK)]

    def scores(self, runs: Runs) -> Singles:
        """Index of every area in each run of one block, (n_runs, n_areas); some areas at a time, for the cache."""
        table = self._tables[int(runs.normalisation[0])]
        is_product = self._choices.aggregations[int(runs.aggregation[0])] == "geometric"
        ordered = runs.weights[:, self._order].astype(np.float32)
        weights = [np.ascontiguousarray(ordered[:, span]) for span in self._spans]
        tops = runs.dimension_weights.astype(np.float32)
        noise, index = self._noise(runs), np.empty((len(runs), self.n_areas), dtype=np.float32)
        for start in range(0, self.n_areas, SOME):
            part = slice(start, start + SOME)
            dimensions = [
                self._dimension(weight, table[span, part], self._known[span, part])
                for weight, span in zip(weights, self._spans, strict=True)
            ]
            value, error = _together(dimensions, tops, is_product=is_product)
            index[:, part] = value if noise is None else value + error * noise[:, part]
        return index

    def _noise(self, runs: Runs) -> Singles | None:
        """An error of each area in each run, in standard deviations; None when data are taken as they are."""
        if not self._choices.error_points:
            return None
        made = np.empty((len(runs), self.n_areas), dtype=np.float32)
        for row, seed in zip(made, runs.error_seed, strict=True):
            np.random.Generator(np.random.SFC64(int(seed))).standard_normal(dtype=np.float32, out=row)
        return made

    def _dimension(
        self, weight: Singles, values: Singles, known: Singles
    ) -> tuple[Singles, Singles, Singles]:
        """Of one dimension: its score, the standard deviation of the error of that, and the weight that is known."""
        whole = weight @ known
        lower = np.maximum(whole, np.float32(1e-9))
        spread = np.sqrt(np.square(weight) @ known)
        spread *= np.float32(self._choices.error_points)
        return (weight @ values) / lower, spread / lower, whole


def _together(
    dimensions: Sequence[tuple[Singles, Singles, Singles]], tops: Singles, *, is_product: bool
) -> tuple[Singles, Singles]:
    """The index and its standard deviation, to first order; a dimension of which nothing is known is left out."""
    total = np.zeros_like(dimensions[0][0])
    square, whole = np.zeros_like(total), np.zeros_like(total)
    for top, (value, spread, known) in zip(tops.T[:, :, None], dimensions, strict=True):
        weight = top * (known > 0)
        if is_product:
            value = np.maximum(value, np.float32(FLOOR))
            spread = spread / value
            value = np.log(value)
        total += weight * value
        square += np.square(weight * spread)
        whole += weight
    total /= whole
    error = np.sqrt(square)
    error /= whole
    if is_product:
        total = np.exp(total)
        error *= total
    return total, error
