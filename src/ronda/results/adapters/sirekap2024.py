"""Sirekap of 2024 as it was published: the API's JSON, and the tables that others made of it.

A record without figures is a station that has not reported. KPU's candidate ids rise in ballot order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ronda.kernel.areas import STATION
from ronda.kernel.imports import Checked, RowError
from ronda.results.adapters.fields import OUTCOMES, figures_from, moment_of
from ronda.results.adapters.found import FoundSheet
from ronda.results.adapters.incoming import CHOICES_MAX, FIGURE_MAX
from ronda.results.adapters.mapped import Template
from ronda.results.adapters.source import FileError, opened

ELECTION, SOURCE = "pemilu-2024", "sirekap"
JSON_BYTES_MAX = 256 * 1024**2
_COLUMNS = ("l", "p", "j")
# Field of `administrasi` to field of the form.
ADMINISTRATION: Mapping[str, str] = {
    **{f"pemilih_dpt_{column}": f"dpt_{column}" for column in _COLUMNS},
    **{f"pengguna_dpt_{column}": f"pengguna_dpt_{column}" for column in _COLUMNS},
    **{f"pengguna_dptb_{column}": f"pengguna_dptb_{column}" for column in _COLUMNS},
    **{f"pengguna_non_dpt_{column}": f"pengguna_dpk_{column}" for column in _COLUMNS},
    **{f"pengguna_total_{column}": f"pengguna_{column}" for column in _COLUMNS},
    "suara_sah": "sah",
    "suara_tidak_sah": "tidak_sah",
    "suara_total": "sah_tidak_sah",
}
_STATUS = {"status_suara": "status_suara", "status_adm": "status_adm"}
_PAIRS = {f"pas{number}": f"suara_{number}" for number in (1, 2, 3)}
_PARTIES = (
    *(
        "p1_pkb",
        "p2_gerindra",
        "p3_pdip",
        "p4_golkar",
        "p5_nasdem",
        "p6_buruh",
        "p7_gelora",
        "p8_pks",
        "p9_pkn",
    ),
    *("p10_hanura", "p11_garuda", "p12_pan", "p13_pbb", "p14_demokrat", "p15_psi", "p16_perindo", "p17_ppp"),
    "p24_umat",
)


@dataclass(frozen=True)
class Shape:
    """A table that others made of Sirekap. `is_list`: it lists stations whether they reported or not."""

    contest: str
    template: Template
    is_list: bool


SHAPES = (
    Shape(
        "PPWP",
        Template(
            {
                "tps_code": "station",
                **_PAIRS,
                **ADMINISTRATION,
                **_STATUS,
                "psu": "outcome",
                "ts": "captured_at",
            }
            | {"n_images": "images"}
        ),
        is_list=True,
    ),
    Shape(
        "PPWP",
        Template(
            {"tps_code": "station", "prov": "province", "kab": "regency", "kec": "district", "kel": "village"}
            | {**_PAIRS, "suara_sah": "sah", "suara_total": "sah_tidak_sah"}
        ),
        is_list=False,
    ),
    Shape(
        "DPRD_PROV",
        Template(
            {"kab": "regency", "kec": "district", "kel": "village", "tps_no": "number"}
            | {column: f"suara_{at}" for at, column in enumerate(_PARTIES, start=1)}
        ),
        is_list=True,
    ),
)


def shape_of(header: Iterable[str]) -> Shape | None:
    """The known shape whose columns are all there; the one with the most columns if several are."""
    there = set(header)
    fitting = [shape for shape in SHAPES if there >= set(shape.template.columns)]
    return max(fitting, key=lambda shape: len(shape.template.columns), default=None)


def is_json(path: Path) -> bool:
    """Whether a file starts as JSON does, packed or not."""
    with opened(path) as stream:
        return stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read_json(path: Path, *, rejects: Path | None = None) -> Checked[FoundSheet]:
    """All stations of a JSON file of the API: 13-digit code to record. FileError when it is nothing of the kind. What
    does not fit goes to `rejects`, as a file of the same form."""
    try:
        with opened(path) as stream:
            data = stream.read(JSON_BYTES_MAX + 1)
        if len(data) > JSON_BYTES_MAX:
            raise FileError(f"wanted at most {JSON_BYTES_MAX} bytes; divide the file by area")
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"wanted JSON: {error}") from error
    if not isinstance(value, dict) or not value or not all(isinstance(one, dict) for one in value.values()):
        raise FileError("wanted an object of 13-digit station codes, each with its record")
    reader = _Reader(value)
    checked = reader.read()
    if rejects is not None and reader.refused:
        rejects.write_text(json.dumps(reader.refused, ensure_ascii=False, indent=1), encoding="utf-8")
    return checked


@dataclass
class _Reader:
    """Turns records into sheets; notes what does not fit under the number of its record."""

    records: Mapping[str, Mapping[str, Any]]
    errors: list[RowError] = field(default_factory=list)
    refused: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def read(self) -> Checked[FoundSheet]:
        choices = self._choices()
        found = []
        for row, (station, record) in enumerate(self.records.items(), start=1):
            before = len(self.errors)
            sheet = self._sheet(row, station, record, choices)
            if len(self.errors) == before:
                found.append(sheet)
            else:
                self.refused[station] = record
        return Checked(
            items=found, errors=self.errors, rows=len(self.records), rows_refused=len(self.refused)
        )

    def _choices(self) -> list[str]:
        """Candidate ids of the whole file, so that a station that lacks one is not read askew."""
        charts = [record.get("chart") for record in self.records.values()]
        ids = {key for chart in charts if isinstance(chart, dict) for key in chart if key != "null"}
        if not all(key.isascii() and key.isdigit() for key in ids) or len(ids) > CHOICES_MAX:
            raise FileError(f"wanted charts of at most {CHOICES_MAX} candidate ids, came {sorted(ids)[:5]}")
        return sorted(ids, key=int)

    def _sheet(self, row: int, station: str, record: Mapping[str, Any], choices: list[str]) -> FoundSheet:
        if not STATION.match(station) or station.endswith("000"):
            self._refuse(row, "station", "13 digits, the last three from 001", station)
        chart = self._part(row, record, "chart")
        block = self._part(row, record, "administrasi")
        if unknown := sorted(set(block) - set(ADMINISTRATION)):
            self._refuse(row, "administrasi", "fields of Sirekap 2024", ", ".join(unknown))
        values = {ours: self._figure(row, name, block.get(name)) for name, ours in ADMINISTRATION.items()}
        values |= {name: int(record[name]) for name in _STATUS if isinstance(record.get(name), bool)}
        if isinstance(record.get("images"), list):
            values["images"] = sum(image is not None for image in record["images"])
        return FoundSheet(
            row=row,
            station=station,
            names=("", "", "", ""),
            number=int(station[10:]) if STATION.match(station) else 0,
            source=SOURCE,
            figures=figures_from(values, [self._figure(row, key, chart.get(key)) for key in choices]),
            outcome=self._outcome(row, record.get("psu")),
            captured_at=moment_of(str(record.get("ts") or "")),
        )

    def _part(self, row: int, record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        part = record.get(name)
        if part is not None and not isinstance(part, dict):
            self._refuse(row, name, "an object or null", part)
        return part if isinstance(part, dict) else {}

    def _figure(self, row: int, name: str, came: object) -> int | None:
        if came is None:
            return None
        if isinstance(came, bool) or not isinstance(came, int) or not 0 <= came <= FIGURE_MAX:
            self._refuse(row, name, f"a whole number 0 to {FIGURE_MAX}", came)
            return None
        return came

    def _outcome(self, row: int, came: object) -> str:
        word = "" if came is None else str(came).casefold()
        if word and word not in OUTCOMES:
            self._refuse(row, "psu", ", ".join(OUTCOMES), came)
        return OUTCOMES.get(word, "")

    def _refuse(self, row: int, column: str, wanted: str, came: object) -> None:
        self.errors.append(RowError(row, column, wanted, f"{came!r:.60}"))
