"""Two pictures of the screens as SVG text: the fingerprint of an area, and the leader's share station by station."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from ronda.kernel.areas import station_area
from ronda.methods.screens import fingerprint
from ronda.results.adapters.screens_kept import KeptStations
from ronda.web.frame import area_name, place_name
from ronda.web.numbers import percent_words, signed_words

BINS, PLOT, LEFT, TOP = 50, 300, 44, 8
STEPS = 4
COLUMN, PER_ROW, HIGH, ROW, AIR = 14, 22, 64, 92, 10


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The picture, and what it shows in one sentence."""

    svg: SafeString
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One station: the leader's share, and how many votes above or below its neighbours where it stands out."""

    station: str
    share: float
    votes: int
    stands_out: bool

    @property
    def number(self) -> int:
        return int(self.station[10:])


@dataclass(frozen=True, slots=True)
class Strip:
    """The stations of a village side by side."""

    area: str
    stations: int
    share: float
    standing: int
    svg: SafeString


def fingerprint_picture(stations: KeptStations, leader: str) -> Fingerprint:
    """Stations by turnout (across) and share of the leader (up), in squares of two percent."""
    found = fingerprint(stations.turnout, bins=BINS)
    most = int(found.histogram.max(initial=1))
    across, up = _half(found.histogram.sum(axis=1)), _half(found.histogram.sum(axis=0))
    numbers = {"low": across[0], "high": across[1], "from": up[0], "to": up[1], "leader": leader}
    text = (
        _("Separuh TPS berada di kehadiran %(low)s–%(high)s %% dan bagian %(leader)s %(from)s–%(to)s %%.")
        % numbers
    )
    return Fingerprint(mark_safe(_axes(leader) + _cells(found.histogram, most)), text)


def _half(counts: NDArray[np.int64]) -> tuple[int, int]:
    """Bounds in percent of the middle half of the stations."""
    below = np.cumsum(counts) / max(int(counts.sum()), 1)
    low, high = (int(np.searchsorted(below, share)) for share in (0.25, 0.75))
    return low * 100 // BINS, (high + 1) * 100 // BINS


def _cells(histogram: NDArray[np.int64], most: int) -> str:
    side = PLOT / BINS
    return "".join(
        f'<rect class="q{1 + _step(int(histogram[x, y]), most)}" x="{LEFT + x * side:g}"'
        f' y="{TOP + PLOT - (y + 1) * side:g}" width="{side:g}" height="{side:g}"/>'
        for x, y in zip(*np.nonzero(histogram), strict=True)
    )


def _step(number: int, most: int) -> int:
    """1 to 4, by equal steps of the logarithm: one station among hundreds stays to be seen."""
    return 1 + min(STEPS - 1, int(STEPS * math.log(number) / math.log(most))) if most > 1 else STEPS


def _axes(leader: str) -> str:
    marks = []
    for percent in (0, 25, 50, 75, 100):
        at = PLOT * percent / 100
        x, y = LEFT + at, TOP + PLOT - at
        marks.append(f'<path class="scr-grid" d="M{x:g} {TOP}v{PLOT}M{LEFT} {y:g}h{PLOT}"/>')
        marks.append(f'<text x="{x:g}" y="{TOP + PLOT + 16}" text-anchor="middle">{percent}</text>')
        marks.append(f'<text x="{LEFT - 6}" y="{y + 4:g}" text-anchor="end">{percent}</text>')
    across = escape(_("kehadiran, %"))
    up = escape(_("bagian %(leader)s, %%") % {"leader": leader})
    middle = TOP + PLOT / 2
    marks.append(
        f'<text class="b" x="{LEFT + PLOT / 2:g}" y="{TOP + PLOT + 34}" text-anchor="middle">{across}</text>'
    )
    marks.append(
        f'<text class="b" transform="translate(11 {middle:g}) rotate(-90)" text-anchor="middle">{up}</text>'
    )
    return "".join(marks)


def strips(stations: KeptStations, district: str, *, election: str, contest: str) -> list[Strip]:
    """A strip for each village of a district, its stations in order of number."""
    leader, valid, near = stations.turnout.leader, stations.turnout.valid, stations.near
    groups: dict[str, list[int]] = {}
    for row, code in enumerate(stations.codes):
        if (village := station_area(code)).startswith(district):
            groups.setdefault(village, []).append(row)
    made = []
    for village, rows in sorted(groups.items()):
        dots = [
            Dot(
                stations.codes[row],
                float(leader[row] / valid[row]),
                int(near.votes[row]),
                bool(near.stands_out[row]),
            )
            for row in rows
        ]
        share = float(leader[rows].sum() / valid[rows].sum())
        svg = _strip(sorted(dots, key=lambda dot: dot.number), share, election, contest)
        made.append(Strip(village, len(rows), share, sum(dot.stands_out for dot in dots), svg))
    return made


def _strip(dots: Sequence[Dot], share: float, election: str, contest: str) -> SafeString:
    lines = [dots[start : start + PER_ROW] for start in range(0, len(dots), PER_ROW)]
    width = AIR + COLUMN * min(len(dots), PER_ROW)
    body = "".join(_line(line, ROW * at, share, width, election, contest) for at, line in enumerate(lines))
    label = escape(
        _("Bagian suara tiap TPS di %(area)s") % {"area": area_name(station_area(dots[0].station))}
    )
    return mark_safe(
        f'<svg class="scr-strip" width="{width}" height="{ROW * len(lines)}" viewBox="0 0 {width} {ROW * len(lines)}"'
        f' role="group" aria-label="{label}">{body}</svg>'
    )


def _line(dots: Sequence[Dot], top: int, share: float, width: int, election: str, contest: str) -> str:
    foot = top + AIR + HIGH
    guides = "".join(f"M0 {foot - HIGH * part:g}h{width}" for part in (0, 0.5, 1))
    middle = f"M0 {foot - HIGH * share:.1f}h{width}"
    marks = "".join(
        _dot(
            dot,
            AIR + COLUMN * at,
            foot,
            reverse("results:station-show", args=[election, contest, dot.station]),
        )
        for at, dot in enumerate(dots)
    )
    return f'<path class="scr-grid" d="{guides}"/><path class="scr-mid" d="{middle}"/>{marks}'


def _dot(dot: Dot, x: int, foot: int, href: str) -> str:
    """A dot; where a station stands out a triangle that points to where it lies, with its number below."""
    y = foot - HIGH * dot.share
    words = f"{place_name(dot.station)}: {percent_words(dot.share)}"
    if not dot.stands_out:
        shape = f'<circle cx="{x}" cy="{y:.1f}" r="3.5"/>'
        return f'<a href="{escape(href)}" tabindex="-1" aria-label="{escape(words)}">{shape}</a>'
    turn, css = (1, "up") if dot.votes > 0 else (-1, "dn")
    words += ", " + _("menonjol, %(votes)s suara dari tetangganya") % {"votes": signed_words(dot.votes)}
    shape = f'<path d="M{x} {y - 6 * turn:.1f}l6 {11 * turn}h-12z"/>'
    number = f'<text x="{x}" y="{foot + 14}" text-anchor="middle">{dot.number}</text>'
    return f'<a class="{css}" href="{escape(href)}" aria-label="{escape(words)}">{shape}{number}</a>'
