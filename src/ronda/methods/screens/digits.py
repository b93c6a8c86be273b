"""Last digits of counts. A weak signal, for a district or more. Second digits (2BL) are left out on purpose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from ronda.methods.screens.basis import Basis, Ints

SMALLEST_COUNT, FEWEST = 100, 50
NULL = "the last digits of counts of 100 and more are uniform"
INNOCENT = "few counts; one area in twenty falls below 0.05 by chance"


@dataclass(frozen=True, eq=False)
class LastDigits:
    """How often each last digit came.

    Parameters
    ----------
    counts : int64 array of shape (10,)
    chi_square, p_value : float
        Nine degrees of freedom.
    basis : Basis

    Examples
    --------
    >>> LastDigits(np.full(10, 9), 0.0, 1.0, Basis(NULL, 1, None, INNOCENT)).p_value
    1.0
    """

    counts: Ints
    chi_square: float
    p_value: float
    basis: Basis


def last_digits(counts: Ints) -> LastDigits | None:
    """Chi-square of the last digits against the uniform.

    Parameters
    ----------
    counts : int64 array of shape (n_units,)
        The leader's votes; counts below 100 are left out.

    Returns
    -------
    LastDigits or None
        None when fewer than 50 counts are left: nothing can be said.

    References
    ----------
    Beber & Scacco (2012), Political Analysis 20, 211-234. Method note: docs/methods/screens.md.

    Examples
    --------
    >>> last_digits(np.arange(100, 200)).p_value
    1.0
    >>> last_digits(np.array([120, 130])) is None
    True
    """
    large = counts[counts >= SMALLEST_COUNT]
    if large.size < FEWEST:
        return None
    seen = np.bincount(large % 10, minlength=10)
    expected = large.size / 10
    chi_square = float(((seen - expected) ** 2).sum() / expected)
    return LastDigits(seen, chi_square, float(chdtrc(9, chi_square)), Basis(NULL, 1, None, INNOCENT))
