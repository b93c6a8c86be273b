"""The first page after sign-in, in words and figures: built from one picture of the area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ronda.desk import drawing_svg as svg
from ronda.desk.domain import (
    ALL,
    AreaCounts,
    AreaRow,
    Figure,
    Layer,
    LayerView,
    Pick,
    layer_shown,
    layer_value,
    row_level,
    step_of,
)
from ronda.desk.drawing_of import drawing_of
from ronda.desk.links import desk_page, list_page, page, place_page, place_pages
from ronda.desk.needs import need_lines
from ronda.desk.rights import may_read
from ronda.desk.selectors import Picture, Trends, picture, trends
from ronda.incidents.selectors import Need
from ronda.kernel.areas import Level, level
from ronda.kernel.scope import Scope
from ronda.web import drawing
from ronda.web.frame import area_name
from ronda.web.localtime import clock_words
from ronda.web.numbers import NOTHING, count_writer, number_words, percent_words

_LAYER_RECORD = {
    Layer.INCIDENTS: "incident",
    Layer.CHECKS: "result_summary",
    Layer.COVERAGE: "readiness_state",
}


def layers_of(seen: Picture) -> list[LayerView]:
    """The layers this post may see, each with the step and the words of every area."""
    told = [layer for layer in Layer if not (seen.is_past and layer is Layer.CHECKS)]
    return [_layer(layer, seen) for layer in told if may_read(seen.scope, _LAYER_RECORD[layer])]


def _layer(layer: Layer, seen: Picture) -> LayerView:
    steps, values = {}, {}
    words: Any = _share_words if layer is Layer.COVERAGE else count_writer()
    for code, counts in seen.cells.items():
        value, breaks = layer_value(layer, counts)
        steps[code] = step_of(value, breaks)
        values[code] = words(value)
    label, title, ends = _legend(layer, _level_word(seen.cell_level))
    if layer is Layer.INCIDENTS and seen.pick != ALL:
        title = f"{title}, {dict(picks()).get(seen.pick.name, '')}"
    return LayerView(layer, label, title, ends, steps, values)


def _legend(layer: Layer, per: str) -> tuple[str, str, tuple[str, ...]]:
    if layer is Layer.INCIDENTS:
        return _("Kejadian"), _("Kejadian terbuka per %(area)s") % {"area": per}, ("0", "1", "2", "3–4", "5+")
    if layer is Layer.CHECKS:
        return _("Gagal uji"), _("TPS gagal uji per %(area)s") % {"area": per}, ("0", "1", "2–3", "4–7", "8+")
    return (
        _("Melapor"),
        _("TPS yang melapor per %(area)s") % {"area": per},
        ("0 %", "50", "80", "95", "100 %"),
    )


def picks() -> list[tuple[str, str]]:
    """What incidents may be picked by: how grave their kind is, and the group of their kind."""
    return [
        ("b-3", _("berat (2 jam)")),
        ("b-2", _("sedang (12 jam)")),
        ("b-1", _("ringan")),
        ("g-security", _("keamanan")),
        ("g-logistics", _("logistik")),
        ("g-conduct", _("pelanggaran")),
        ("g-count", _("pemungutan dan penghitungan")),
        ("g-rights", _("hak pilih")),
        ("g-hazard", _("bencana dan kecelakaan")),
        ("g-network", _("listrik dan jaringan")),
        ("g-other", _("lain-lain")),
    ]


def pick_of(text: str) -> Pick:
    return Pick.named(text, {name[2:] for name, _words in picks() if name.startswith("g-")})


def _level_word(of: Level) -> str:
    return {
        Level.PROVINCE: _("provinsi"),
        Level.REGENCY: _("kabupaten"),
        Level.DISTRICT: _("kecamatan"),
        Level.VILLAGE: _("desa"),
        Level.NATION: _("negara"),
    }[of]


@dataclass(frozen=True)
class Where:
    """The map box: drawing, layers, marks, legend words."""

    seen: Picture
    chosen: str

    def context(self) -> dict[str, Any]:
        layers = layers_of(self.seen)
        drawn = drawing_of(self.seen)
        totals = self.seen.totals
        return {
            "layers": layers,
            "layer": layer_shown(layers, self.chosen),
            "picks": picks() if may_read(self.seen.scope, "incident") else [],
            "picked": self.seen.pick.name,
            "is_past": self.seen.is_past,
            "drawing": drawn,
            "svg": _pieces(drawn, layers, self.seen),
            "totals": totals,
            "map_label": _("%(name)s: pilih wilayah dengan tombol panah, Enter membuka")
            % {"name": area_title(self.seen.area)},
            "where_note": _where_note(self.seen),
            "new_word": _("Baru %(n)s") % {"n": number_words(totals.new)},
            "handled_word": _("Diproses %(n)s") % {"n": number_words(totals.handled)},
            "late_word": _("Lewat waktu %(n)s") % {"n": number_words(totals.late)},
        }


def _pieces(drawn: drawing.Drawing, layers: list[LayerView], seen: Picture) -> dict[str, SafeString]:
    worst = max(seen.cells, key=lambda code: (seen.cells[code].late, seen.cells[code].open), default="")
    return {
        "areas": svg.areas_svg(
            drawn,
            hrefs=place_pages(seen.cells),
            layers=layers,
            texts=_told(seen.cells),
            first=worst if worst in drawn.by_code else "",
        ),
        "parts": svg.paths_svg(drawn.parts),
        "around": svg.paths_svg(drawn.around),
        "cells": svg.cells_svg(drawn),
        "labels": svg.labels_svg(drawn),
        "notes": svg.notes_svg(drawn),
        "marks": svg.marks_svg(drawn, seen.cells),
    }


def _told(cells: Mapping[str, AreaCounts]) -> dict[str, str]:
    """What the tip says of each area, in one breath: stations, incidents, sheets. Each wording is looked up once."""
    stations, heard, opened = _("%s TPS"), _("%s melapor"), _("%s kejadian terbuka")
    late, failed = _("%s lewat waktu"), _("%s gagal uji")
    told, words = {}, count_writer()
    for code, counts in cells.items():
        parts = [stations % words(counts.stations)]
        if counts.heard is not None:
            parts.append(heard % words(counts.heard))
        for template, number in ((opened, counts.open), (late, counts.late), (failed, counts.failed)):
            if number:
                parts.append(template % words(number))
        told[code] = ", ".join(parts)
    return told


def _share_words(share: float | None) -> str:
    return NOTHING if share is None else f"{int(share * 100)}\N{NO-BREAK SPACE}%"


def _where_note(seen: Picture) -> str:
    return _("%(count)s %(level)s · dihitung %(clock)s") % {
        "count": number_words(len(seen.cells)),
        "level": _level_word(seen.cell_level),
        "clock": clock_words(seen.at, seen.area, zone=False),
    }


def area_title(area: str) -> str:
    return area_name(area) if area else _("Indonesia")


def rows_context(seen: Picture) -> dict[str, Any]:
    """The table below the map: the same numbers as the map, added up one level higher."""
    wanted = row_level(seen.area)
    to = place_page if level(seen.area) in (Level.DISTRICT, Level.VILLAGE) else desk_page
    rows = [
        AreaRow(code, area_name(code), to(code), counts)
        for code, counts in sorted(seen.at_level(wanted).items())
    ]
    if seen.elsewhere != AreaCounts():
        rows.append(AreaRow("", _("Tanpa desa"), page("incidents:incident-list"), seen.elsewhere))
    return {
        "rows": rows,
        "row_word": _level_word(wanted).capitalize(),
        "total_word": _level_word(level(seen.area)).capitalize(),
        "totals": seen.totals,
        "may": {
            layer.value: may_read(seen.scope, record) and not (seen.is_past and layer is Layer.CHECKS)
            for layer, record in _LAYER_RECORD.items()
        },
        "is_past": seen.is_past,
    }


def figures_of(seen: Picture, *, mine_late: int, history: Trends | None = None) -> list[Figure]:
    """Five figures, each a way to its list; those the post may not read are left out."""
    past, totals = history or trends(seen), seen.totals
    figures = []
    if totals.heard is not None:
        figures += [
            Figure(
                "heard",
                _("TPS melapor"),
                totals.heard,
                _("dari %(all)s · %(share)s")
                % {"all": number_words(totals.stations), "share": _short_share(totals.heard_share)},
                list_page("readiness:station-list", wilayah=seen.area, keadaan="kabar"),
                history=past.heard,
                change=_change(past.heard),
            )
        ]
    if may_read(seen.scope, "incident"):
        figures += _incident_figures(seen, past, mine_late)
    if totals.silent is not None:
        figures.append(
            Figure(
                "silent",
                _("TPS tanpa kabar"),
                totals.silent,
                _("tahap ini"),
                list_page("readiness:station-list", wilayah=seen.area, keadaan="sunyi"),
                history=past.silent,
                change=_change(past.silent),
            )
        )
    if may_read(seen.scope, "result_summary"):
        figures.append(
            Figure(
                "failed",
                _("TPS gagal uji"),
                totals.failed or 0,
                _("dari %(all)s diterima") % {"all": number_words(totals.sheets or 0)},
                page("results:result-list"),
                history=past.failed,
                change=_change(past.failed),
            )
        )
    return figures


def _short_share(share: float | None) -> str:
    """97,0 %, but 100 % when all are there: the figure has little room."""
    return percent_words(share, 0 if share in (0, 1) else 1)


def _incident_figures(seen: Picture, past: Trends, mine_late: int) -> list[Figure]:
    totals = seen.totals
    return [
        Figure(
            "open",
            _("Kejadian terbuka"),
            totals.open,
            _("%(n)s baru") % {"n": number_words(totals.new)},
            list_page("incidents:incident-list", wilayah=seen.area),
            history=tuple(accumulate(past.opened)),
            change=past.opened[-1] if past.opened else None,
        ),
        Figure(
            "late",
            _("Lewat waktu"),
            totals.late,
            _("%(n)s milik Anda") % {"n": counted(mine_late)},
            list_page("incidents:incident-list", wilayah=seen.area, tab="lewat"),
            is_late=True,
            history=past.overdue,
            change=_change(past.overdue),
        ),
    ]


def _change(history: tuple[int, ...]) -> int | None:
    return history[-1] - history[-2] if len(history) > 1 else None


def counted(number: int) -> str:
    """A count that stopped at its limit says so: 25+."""
    return f"{number_words(COUNTED)}+" if number >= COUNTED else number_words(number)


def needs_context(scope: Scope, needs: Sequence[Need], *, at: datetime) -> dict[str, Any]:
    """What needs me, by due day: the first dozen as lines, the others as a number."""
    shown = need_lines(scope, needs[:SHOWN], at=at)
    return {
        "needs": shown,
        "needs_note": _("%(shown)s dari %(all)s, menurut batas waktu")
        % {"shown": number_words(len(shown)), "all": counted(len(needs))},
    }


SHOWN, COUNTED = 12, 25


def page_prepare(area: str, *, at: datetime) -> None:
    """Make what the first page about an area keeps: its drawing, the names on it, the ways to its places."""
    seen = picture(Scope.system(), area=area, at=at)
    Where(seen, "").context()
    rows_context(seen)
    figures_of(seen, mine_late=0)


def chosen_layer(parameters: QueryDict) -> str:
    return str(parameters.get("lapisan", ""))
