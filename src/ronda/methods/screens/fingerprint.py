"""Turnout against the leader's share: the picture, the flow slope, and the controls beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ronda.methods.screens.basis import Basis, Floats, Ints
from ronda.methods.screens.integers import SMALLEST_REGISTER, Turnout

NULL = (
    "turnout and the leader's share are unrelated: votes per registered voter grow with turnout by that share"
)
INNOCENT = "different mobilisation of town and village; two regions with different tastes; special stations"
HIGH_TURNOUT = 0.95


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """How turnout and the leader's votes go together.

    Parameters
    ----------
    units : int
    histogram : int64 array of shape (bins, bins)
        Units by turnout (axis 0) and leader's share (axis 1), both cut into equal bins on [0, 1].
    slope : float
        Of the leader's votes per registered voter on turnout; above 1 only votes that were added, or mobilisation that
        differs very much, can make it.
    correlation : float
        Between turnout and the leader's share.
    skew, kurtosis : float
        Of ``ln((N - W) / W)``, excess kurtosis; controls, not flags: clean towns reach 3.5.
    high_turnout_share : float
        Share of units with turnout above 95 %.
    basis : Basis

    Examples
    --------
    >>> half = np.full((2, 2), 1)
    >>> Fingerprint(4, half, 0.6, 0.0, 0.0, 0.0, 0.0, Basis(NULL, 1, None, INNOCENT)).histogram.sum()
    np.int64(4)
    """

    units: int
    histogram: Ints
    slope: float
    correlation: float
    skew: float
    kurtosis: float
    high_turnout_share: float
    basis: Basis


def fingerprint(units: Turnout, *, bins: int = 100) -> Fingerprint:
    """The fingerprint of an area and its controls.

    Parameters
    ----------
    units : Turnout
    bins : int, default=100

    Returns
    -------
    Fingerprint

    Raises
    ------
    ValueError
        If fewer than three units have 100 registered voters and more.

    References
    ----------
    Klimek et al. (2012), PNAS 109(41); Myagkov, Ordeshook & Shakin (2009). Method note: docs/methods/screens.md.

    Examples
    --------
    >>> registered = np.full(4, 200)
    >>> came = np.array([100, 120, 140, 160])
    >>> round(fingerprint(Turnout(registered, came, came, came * 3 // 5)).slope, 2)
    0.6
    """
    ok = units.registered >= SMALLEST_REGISTER
    if ok.sum() < 3:
        raise ValueError(f"wanted three units with {SMALLEST_REGISTER} registered voters; came {ok.sum()}")
    kept = Turnout(*(column[ok] for column in units))
    turnout, counted = kept.came / kept.registered, kept.valid > 0
    share = kept.leader[counted] / kept.valid[counted]
    histogram, *_ = np.histogram2d(turnout[counted], share, bins=bins, range=[[0, 1], [0, 1]])
    skew, kurtosis = _moments(kept)
    return Fingerprint(
        units=int(ok.sum()),
        histogram=histogram.astype(np.int64),
        slope=float(np.polyfit(turnout, kept.leader / kept.registered, 1)[0]),
        correlation=_correlation(turnout[counted], share),
        skew=skew,
        kurtosis=kurtosis,
        high_turnout_share=float((turnout > HIGH_TURNOUT).mean()),
        basis=Basis(NULL, 1, None, INNOCENT),
    )


def _correlation(one: Floats, other: Floats) -> float:
    """0 where one of them does not vary."""
    return float(np.corrcoef(one, other)[0, 1]) if one.std() and other.std() else 0.0


def _moments(kept: Turnout) -> tuple[float, float]:
    inner = (kept.leader > 0) & (kept.leader < kept.registered)
    rate = np.log((kept.registered[inner] - kept.leader[inner]) / kept.leader[inner])
    if rate.size < 3 or not rate.std():
        return 0.0, 0.0
    scaled = (rate - rate.mean()) / rate.std()
    return float((scaled**3).mean()), float((scaled**4).mean() - 3)
