"""How many units to draw so that a fault in a few of them is found."""

from __future__ import annotations

from fractions import Fraction
from math import comb


def detection_chance(units: int, faulty: int, drawn: int) -> Fraction:
    """Chance that at least one faulty unit is among those drawn.

    Parameters
    ----------
    units, faulty, drawn : int
        Units in all, faulty ones among them, and how many different ones are drawn; 0 <= faulty, drawn <= units.

    Returns
    -------
    chance : Fraction
        ``1 - C(units - faulty, drawn) / C(units, drawn)``, exact.

    Raises
    ------
    ValueError
        If the counts are impossible; the message gives all.

    Examples
    --------
    >>> detection_chance(10, 1, 5)
    Fraction(1, 2)
    """
    if not (0 <= faulty <= units and 0 <= drawn <= units):
        raise ValueError(f"wanted counts within the units; came {faulty} and {drawn} of {units}")
    return 1 - Fraction(comb(units - faulty, drawn), comb(units, drawn))


def detection_size(units: int, faulty: int, *, confidence: Fraction | float) -> int:
    """Smallest draw that finds at least one of `faulty` units with this confidence.

    Parameters
    ----------
    units, faulty : int
        Units in all and the number of faulty ones that must not go unseen, 1 <= faulty <= units.
    confidence : Fraction or float
        In (0, 1).

    Returns
    -------
    drawn : int

    Raises
    ------
    ValueError
        If the counts or the confidence are impossible.

    Examples
    --------
    >>> detection_size(876, 9, confidence=0.95)
    247
    """
    if not 1 <= faulty <= units or not 0 < confidence < 1:
        raise ValueError(
            f"wanted 1 to {units} faulty units and a confidence in (0, 1); came {faulty}, {confidence}"
        )
    low, high = 1, units - faulty + 1
    while low < high:
        middle = (low + high) // 2
        if detection_chance(units, faulty, middle) >= confidence:
            high = middle
        else:
            low = middle + 1
    return low
