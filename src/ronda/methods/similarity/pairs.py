"""The score of a pair: what two accounts have in common in text, place, time, kind and photo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ronda.methods.similarity.sketches import estimated_jaccard

VILLAGE = 13  # characters of a village code


@dataclass(frozen=True)
class Account:
    """One account of something that happened. It has no author.

    Parameters
    ----------
    signature : bytes
        From `Sketch.to_bytes`.
    size : int
        Features of the text; 0 without words.
    place : str
        Area code with dots, as near as it is known; empty if it is not.
    station : str
        Code of the polling station, empty if it is not known.
    at : datetime
        When it happened, else when it was received; aware.
    is_stated : bool
        Whether the sender said when it happened.
    kind : str
        Kind of incident, empty if it is not known.
    photos : tuple of int
        Perceptual hashes of 64 bits.

    Examples
    --------
    >>> from datetime import UTC
    >>> Account(bytes(128), 0, "51.01", "", datetime(2024, 11, 27, tzinfo=UTC), is_stated=False).photos
    ()
    """

    signature: bytes
    size: int
    place: str
    station: str
    at: datetime
    is_stated: bool
    kind: str = ""
    photos: tuple[int, ...] = ()


@dataclass(frozen=True)
class Weights:
    """How much each ground counts; those of text, place, time and kind sum to 1.

    Parameters
    ----------
    text, place, time, kind : float
        Weights of the four parts, each in [0, 1].
    photo : float
        Added when two photos look alike; a pair of different photos takes nothing away.
    text_full : float
        Jaccard similarity from which texts count as told the same way.
    village : float
        Part of the place when both lie in one village and a polling station is not known of both.
    other_place : float
        Factor on the whole score when the two name different villages or polling stations, and again when they lie
        too far apart in time and show no common photo.
    stated_within_h, received_within_h : float
        Hours after which the part of time is nothing, where both times are stated and where one is not.
    unknown : float
        Part of a ground on which one of the two says nothing.
    photo_bits : int
        Bits up to which two photos look alike.
    propose_from : float
        Score from which the pair is proposed as one event.

    Raises
    ------
    ValueError
        If the four weights do not sum to 1; the message gives the sum.

    Examples
    --------
    >>> Weights(0.4, 0.2, 0.2, 0.2, 0.35, 0.3, 0.6, 0.4, 2, 4, 0.5, 6, 0.48).propose_from
    0.48
    """

    text: float
    place: float
    time: float
    kind: float
    photo: float
    text_full: float
    village: float
    other_place: float
    stated_within_h: float
    received_within_h: float
    unknown: float
    photo_bits: int
    propose_from: float

    def __post_init__(self) -> None:
        total = self.text + self.place + self.time + self.kind
        if abs(total - 1) > 1e-9:
            raise ValueError(f"text, place, time and kind must sum to 1, came {total}")


@dataclass(frozen=True)
class PairScore:
    """The score of a pair and the part of each ground, each from 0 (speaks against) to 1 (speaks for).

    Parameters
    ----------
    value : float
        In [0, 1].
    text, place, time, kind, photo : float
        Parts before weighting.
    is_elsewhere : bool
        The two name different places.

    Examples
    --------
    >>> PairScore(0.5, 0.2, 1.0, 0.5, 1.0, 0.0, is_elsewhere=False).value
    0.5
    """

    value: float
    text: float
    place: float
    time: float
    kind: float
    photo: float
    is_elsewhere: bool


def pair_score(one: Account, other: Account, weights: Weights) -> PairScore:
    """How likely two accounts tell of one event; the order of the two is irrelevant.

    Parameters
    ----------
    one, other : Account
        What is compared.
    weights : Weights
        Dated numbers from the law folder.

    Returns
    -------
    PairScore
        Value and parts.

    Notes
    -----
    A weighted sum that a person can follow, not a model: proposals are judged by people. Wrong for two different events
    of one kind at one polling station within the hour; they are proposed together and a person splits them.

    References
    ----------
    Method note: docs/methods/similarity.md.

    Examples
    --------
    >>> from datetime import UTC, datetime, timedelta
    >>> from ronda.methods.similarity.sketches import sketch
    >>> weights = Weights(0.4, 0.2, 0.2, 0.2, 0.35, 0.3, 0.6, 0.4, 2, 4, 0.5, 6, 0.48)
    >>> made, noon = sketch(["bagi", "amplop"]), datetime(2024, 11, 27, 5, tzinfo=UTC)
    >>> one = Account(made.to_bytes(), 2, "51.01.02.2003", "", noon, True, "money_politics")
    >>> later = Account(made.to_bytes(), 2, "51.01.02.2003", "", noon + timedelta(hours=1), True, "money_politics")
    >>> round(pair_score(one, later, weights).value, 2)
    0.82
    """
    text = _text(one, other, weights)
    place, is_elsewhere = _place(one, other, weights)
    time = _time(one, other, weights)
    kind = float(one.kind == other.kind) if one.kind and other.kind else weights.unknown
    photo = _photo(one, other, weights)
    value = weights.text * text + weights.place * place + weights.time * time + weights.kind * kind
    value = min(1.0, value + weights.photo * photo)
    if is_elsewhere:
        value *= weights.other_place
    if not time and not photo:
        value *= weights.other_place
    return PairScore(value, text, place, time, kind, photo, is_elsewhere)


def _text(one: Account, other: Account, weights: Weights) -> float:
    if not one.size or not other.size:
        return 0.0
    return min(1.0, estimated_jaccard(one.signature, other.signature) / weights.text_full)


def _place(one: Account, other: Account, weights: Weights) -> tuple[float, bool]:
    """The part of the place, and whether the two name different ones: an area around the other is no contradiction."""
    if one.station and other.station:
        return (1.0, False) if one.station == other.station else (0.0, True)
    near, far = sorted((one.place, other.place), key=len)
    if not far.startswith(near):
        return 0.0, True
    if len(near) >= VILLAGE:
        return weights.village, False
    return weights.unknown, False


def _time(one: Account, other: Account, weights: Weights) -> float:
    is_stated = one.is_stated and other.is_stated
    within = weights.stated_within_h if is_stated else weights.received_within_h
    apart = abs((one.at - other.at).total_seconds()) / 3600
    return max(0.0, 1 - apart / within)


def _photo(one: Account, other: Account, weights: Weights) -> float:
    distances = [(a ^ b).bit_count() for a in one.photos for b in other.photos]
    return float(bool(distances) and min(distances) <= weights.photo_bits)
