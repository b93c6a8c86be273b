"""Draws that an outsider can repeat with a pencil and SHA-256: from a public seed and a frozen list."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

_RANGE_BITS = 256


def list_digest(units: Sequence[str]) -> str:
    """Fix the list that is drawn from, before the seed is known.

    Parameters
    ----------
    units : sequence of str
        One line per unit in the order of the list; no line holds a line break.

    Returns
    -------
    digest : str
        SHA-256 of the lines, each ended by a line feed, in lower-case hexadecimal digits.

    Raises
    ------
    ValueError
        If a line holds a line break or comes twice; the message gives it.

    References
    ----------
    Method note: docs/methods/audit.md, "The draw".

    Examples
    --------
    >>> list_digest(["3507012001001", "3507012001002"])[:16]
    '23cfddb57c7d5267'
    """
    seen: set[str] = set()
    for unit in units:
        if "\n" in unit or "\r" in unit or unit in seen:
            raise ValueError(f"wanted a list of different lines; came {unit!r} twice or with a line break")
        seen.add(unit)
    return sha256("".join(f"{unit}\n" for unit in units).encode()).hexdigest()


def draw_number(seed: str, turn: int) -> int:
    """The number of one draw: SHA-256 of "seed,turn".

    Parameters
    ----------
    seed : str
        Public digits, thrown after the list was fixed.
    turn : int
        1 for the first draw.

    Returns
    -------
    number : int
        Uniform on 0 .. 2**256 - 1.

    Raises
    ------
    ValueError
        If the seed is empty or the turn below 1.

    Examples
    --------
    >>> hex(draw_number("12345678901234567890", 1))[:10]
    '0x4da594a8'
    """
    if not seed or turn < 1:
        raise ValueError(f"wanted a seed and a turn from 1; came {seed!r} and {turn}")
    return int.from_bytes(sha256(f"{seed},{turn}".encode()).digest(), "big")


def draw_weighted(seed: str, weights: NDArray[np.int64], draws: int) -> list[int]:
    """Draw units with chances in proportion to their weights, putting each back.

    Parameters
    ----------
    seed : str
        Public digits.
    weights : int64 array of shape (n_units,)
        Not negative, at least one above 0.
    draws : int
        How many, from 0.

    Returns
    -------
    units : list of int
        Positions in the list, in the order drawn; one position may come more than once.

    Raises
    ------
    ValueError
        If a weight is negative or all are 0.

    Notes
    -----
    ``floor(number * total / 2**256)`` in whole numbers picks a place on the line of all weights laid end to end.

    Examples
    --------
    >>> draw_weighted("12345678901234567890", np.array([0, 5, 0]), 3)
    [1, 1, 1]
    """
    ends = np.cumsum(weights)
    if weights.size == 0 or (weights < 0).any() or ends[-1] == 0:
        raise ValueError(f"wanted weights from 0 with at least one above 0; came {weights[:5].tolist()} ...")
    total = int(ends[-1])
    places = [draw_number(seed, turn) * total >> _RANGE_BITS for turn in range(1, draws + 1)]
    return [int(unit) for unit in np.searchsorted(ends, places, side="right")]


def draw_plain(seed: str, units: int, draws: int) -> list[int]:
    """Draw different units, each with the same chance.

    Parameters
    ----------
    seed : str
        Public digits.
    units : int
        Length of the list.
    draws : int
        How many different units, 0 <= draws <= units.

    Returns
    -------
    drawn : list of int
        Positions in the list, in the order drawn, none twice.

    Raises
    ------
    ValueError
        If more units are wanted than there are.

    Notes
    -----
    Turns go on until enough different units have come; a unit that comes again is passed over.
    For more than half of the list this takes some turns more (coupon collector), never a different result.

    Examples
    --------
    >>> sorted(draw_plain("12345678901234567890", 4, 4))
    [0, 1, 2, 3]
    """
    if not 0 <= draws <= units:
        raise ValueError(f"wanted 0 to {units} different units; came {draws}")
    drawn: dict[int, None] = {}
    turn = 0
    while len(drawn) < draws:
        turn += 1
        drawn.setdefault(draw_number(seed, turn) * units >> _RANGE_BITS)
    return list(drawn)
