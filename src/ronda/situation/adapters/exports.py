"""Features as files: CSV with an HXL row if wished, and GeoJSON."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ronda.kernel.imports.words import harmless
from ronda.situation.adapters.features import Collection, Feature


def as_csv(collection: Collection, features: Sequence[Feature], *, hxl: bool) -> str:
    """A table for a spreadsheet or another system; no cell can run as a formula, unknown is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = list(collection.tags)
    writer.writerow(columns)
    if hxl:
        writer.writerow([collection.tags[column] for column in columns])
    for one in features:
        lon, lat = one.point or (None, None)
        row = {**one.properties, "bujur": lon, "lintang": lat}
        writer.writerow([_cell(row.get(column)) for column in columns])
    return out.getvalue()


def as_geojson(collection: Collection, features: Sequence[Feature], *, hxl: bool) -> str:
    """A FeatureCollection; with `hxl`, what each property means stands beside it."""
    whole: dict[str, Any] = {"type": "FeatureCollection", "features": [feature_json(one) for one in features]}
    if hxl:
        whole["hxl"] = dict(collection.tags)
    return json.dumps(whole, ensure_ascii=False)


def feature_json(one: Feature) -> dict[str, Any]:
    """One feature; a place without coordinates has no geometry."""
    geometry = {"type": "Point", "coordinates": list(one.point)} if one.point else None
    return {"type": "Feature", "id": one.id, "geometry": geometry, "properties": dict(one.properties)}


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return harmless(value) if isinstance(value, str) else str(value)


@dataclass(frozen=True, slots=True)
class Form:
    """A form of file: its type and how it is made."""

    content_type: str
    make: Callable[..., str]


FORMS: Mapping[str, Form] = {
    "csv": Form("text/csv; charset=utf-8", as_csv),
    "geojson": Form("application/geo+json", as_geojson),
}
