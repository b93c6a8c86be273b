"""From indicators to dimensions to one index, and each indicator's part in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]
Aggregation = Literal["arithmetic", "geometric"]
FLOOR = 1.0  # of 100: a geometric mean counts a dimension as no less, so that one zero does not hide the rest


@dataclass(frozen=True, eq=False)
class Structure:
    """Which indicators make up which dimension, with what weight.

    The weights of a dimension sum to 1, and so do those of the dimensions.

    Parameters
    ----------
    dimension_of : int64 array of shape (n_indicators,)
        Position of each indicator's dimension, from 0 without a gap.
    weights : float array of shape (n_indicators,)
        Of each indicator inside its dimension, >= 0.
    dimension_weights : float array of shape (n_dimensions,)

    Raises
    ------
    ValueError
        If a dimension has no indicator, or weights do not sum to 1 to within 1e-6; the message names the dimension.

    Examples
    --------
    >>> Structure(np.array([0, 0, 1]), np.array([0.5, 0.5, 1.0]), np.array([0.5, 0.5])).n_dimensions
    2
    """

    dimension_of: Ints
    weights: Floats
    dimension_weights: Floats

    def __post_init__(self) -> None:
        if len(self.weights) != len(self.dimension_of):
            raise ValueError(
                f"{len(self.dimension_of)} indicators need as many weights, not {len(self.weights)}"
            )
        sums = np.bincount(self.dimension_of, self.weights, minlength=self.n_dimensions)
        if len(sums) != self.n_dimensions:
            raise ValueError(f"{self.n_dimensions} dimension weights for {len(sums)} dimensions")
        for dimension, total in enumerate(sums):
            if abs(total - 1) > 1e-6:
                raise ValueError(f"weights of dimension {dimension} sum to {total:.6f}, not 1")
        if abs(self.dimension_weights.sum() - 1) > 1e-6:
            raise ValueError(f"weights of the dimensions sum to {self.dimension_weights.sum():.6f}, not 1")
        if (self.weights < 0).any() or (self.dimension_weights < 0).any():
            raise ValueError("a weight is below 0")

    @property
    def n_dimensions(self) -> int:
        return len(self.dimension_weights)

    @property
    def matrix(self) -> Floats:
        """Weights as (n_indicators, n_dimensions), zero outside an indicator's dimension."""
        columns = np.zeros((len(self.weights), self.n_dimensions))
        columns[np.arange(len(self.weights)), self.dimension_of] = self.weights
        return columns


def equal_weights(paths: Sequence[tuple[str, str]]) -> Structure:
    """Every dimension counts alike, in it every sub-dimension, in that every indicator.

    For where a source gives no weights; whoever shows the result says so.

    Parameters
    ----------
    paths : sequence of (dimension, sub-dimension)
        Of each indicator, in the order of the columns; dimensions are numbered as they first appear.

    Returns
    -------
    Structure

    Examples
    --------
    >>> equal_weights([("a", "1"), ("a", "1"), ("a", "2"), ("b", "3")]).weights.tolist()
    [0.25, 0.25, 0.5, 1.0]
    """
    dimensions = list(dict.fromkeys(dimension for dimension, _sub in paths))
    subs = {d: list(dict.fromkeys(sub for one, sub in paths if one == d)) for d in dimensions}
    weights = [1 / (len(subs[d]) * sum(one == (d, sub) for one in paths)) for d, sub in paths]
    return Structure(
        np.array([dimensions.index(d) for d, _sub in paths]),
        np.array(weights),
        np.full(len(dimensions), 1 / len(dimensions)),
    )


@dataclass(frozen=True, eq=False)
class Scores:
    """Index and dimensions of each area, 0 to 100, higher is more vulnerable; NaN where too little is known.

    Parameters
    ----------
    index : float array of shape (n_areas,)
    dimensions : float array of shape (n_areas, n_dimensions)
        NaN where nothing of a dimension is known.
    known_share : float array of shape (n_areas,)
        Weight of the indicators that are known, 0 to 1.

    Examples
    --------
    >>> Scores(np.array([40.0]), np.array([[40.0]]), np.array([1.0])).index.item()
    40.0
    """

    index: Floats
    dimensions: Floats
    known_share: Floats


def scored(
    values: Floats,
    structure: Structure,
    *,
    aggregation: Aggregation = "arithmetic",
    least_known_share: float = 0.5,
) -> Scores:
    """Score areas from normalised indicators. What is missing is left out: the rest of its dimension counts for it.

    Parameters
    ----------
    values : float array of shape (n_areas, n_indicators)
        From `normalised`, 0 to 100; NaN is missing. Not changed.
    structure : Structure
    aggregation : {"arithmetic", "geometric"}
        Of dimensions; inside a dimension the mean is always arithmetic. In a geometric mean a dimension counts for at
        least 1 of 100.
    least_known_share : float, default=0.5
        Areas of which less weight is known have no index.

    Returns
    -------
    Scores

    Raises
    ------
    ValueError
        If the columns are not those of the structure; the message gives both numbers.

    References
    ----------
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, steps 4 to 6. Method note: docs/methods/index.md.

    Examples
    --------
    >>> two = Structure(np.array([0, 1]), np.ones(2), np.array([0.5, 0.5]))
    >>> scored(np.array([[20.0, 80.0], [20.0, np.nan]]), two).index.tolist()
    [50.0, 20.0]
    >>> scored(np.array([[20.0, 80.0]]), two, aggregation="geometric").index.round(6).tolist()
    [40.0]
    """
    if values.shape[1] != len(structure.weights):
        raise ValueError(f"{values.shape[1]} columns for {len(structure.weights)} indicators")
    is_known = ~np.isnan(values)
    columns = structure.matrix
    weight = is_known @ columns
    with np.errstate(invalid="ignore"):
        dimensions = (np.where(is_known, values, 0.0) @ columns) / np.where(weight > 0, weight, np.nan)
    known_share = weight @ structure.dimension_weights
    index = combined(dimensions, structure.dimension_weights, aggregation)
    return Scores(np.where(known_share >= least_known_share, index, np.nan), dimensions, known_share)


def combined(dimensions: Floats, weights: Floats, aggregation: Aggregation) -> Floats:
    """One index from dimensions; one that is not known is left out and the others count for it.

    Parameters
    ----------
    dimensions : float array of shape (n_areas, n_dimensions)
        0 to 100, NaN is missing.
    weights : float array of shape (n_dimensions,)
    aggregation : {"arithmetic", "geometric"}

    Returns
    -------
    float array of shape (n_areas,)
        NaN where no dimension is known.

    Examples
    --------
    >>> combined(np.array([[10.0, 90.0]]), np.array([0.75, 0.25]), "arithmetic").tolist()
    [30.0]
    """
    is_known = ~np.isnan(dimensions)
    weight = is_known @ weights
    whole = np.where(weight > 0, weight, np.nan)
    if aggregation == "arithmetic":
        return np.asarray((np.where(is_known, dimensions, 0.0) @ weights) / whole)
    logs = np.log(np.maximum(np.where(is_known, dimensions, 1.0), FLOOR))
    return np.asarray(np.exp((logs @ weights) / whole))


def contributions(values: Floats, structure: Structure, *, aggregation: Aggregation = "arithmetic") -> Floats:
    """How much each indicator adds to each area's index; the parts of an area sum to its index.

    By Euler's theorem: both means grow in step with their arguments, so the index is the sum of value times derivative.
    A dimension below the floor of a geometric mean is a constant there: its part is shared as it stands inside it.

    Parameters
    ----------
    values, structure, aggregation
        As in `scored`.

    Returns
    -------
    float array of shape (n_areas, n_indicators)
        In points of the index; 0 where the value is missing.

    References
    ----------
    Method note: docs/methods/index.md.

    Examples
    --------
    >>> two = Structure(np.array([0, 1]), np.ones(2), np.array([0.5, 0.5]))
    >>> contributions(np.array([[20.0, 80.0]]), two).tolist()
    [[10.0, 40.0]]
    >>> contributions(np.array([[20.0, 80.0]]), two, aggregation="geometric").round(6).tolist()
    [[20.0, 20.0]]
    """
    scores = scored(values, structure, aggregation=aggregation, least_known_share=0.0)
    is_known = ~np.isnan(values)
    part = _parts_inside(values, is_known, structure, scores.dimensions)
    known = ~np.isnan(scores.dimensions)
    weight = np.where(known, structure.dimension_weights, 0.0)
    weight = weight / np.maximum(weight.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    if aggregation == "arithmetic":
        share = weight * np.where(known, scores.dimensions, 0.0)
    else:
        share = weight * np.nan_to_num(scores.index)[:, None]
    return np.asarray(part * share[:, structure.dimension_of])


def _parts_inside(
    values: Floats, is_known: NDArray[np.bool_], structure: Structure, dimensions: Floats
) -> Floats:
    """Of each dimension the share of each indicator; parts of a known dimension sum to 1."""
    weight = np.where(is_known, structure.weights, 0.0)
    raised = weight / np.maximum(
        (weight @ (structure.matrix > 0))[:, structure.dimension_of], np.finfo(float).tiny
    )
    whole = dimensions[:, structure.dimension_of]
    with np.errstate(invalid="ignore", divide="ignore"):
        by_value = raised * np.where(is_known, values, 0.0) / whole
    return np.asarray(np.where(whole > 0, by_value, raised))
