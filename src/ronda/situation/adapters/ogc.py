"""OGC API Features, part 1 (core) with GeoJSON: the documents, and which features a query asks for. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ronda.situation.adapters.exports import feature_json
from ronda.situation.adapters.features import Collection, Feature

CONFORMS = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
)
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
LIMIT, LIMIT_MAX = 100, 1_000
PARAMETERS = ("bbox", "datetime", "limit", "offset", "f")
GEOJSON, JSON = "application/geo+json", "application/json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
Link = dict[str, str]
Address = Callable[..., str]


class BadQuery(ValueError):
    """A parameter that cannot be read; the text says what was wanted."""


@dataclass(frozen=True, slots=True)
class Query:
    """What part of a collection is asked for."""

    bbox: tuple[float, float, float, float] | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = LIMIT
    offset: int = 0

    def takes(self, one: Feature) -> bool:
        return self._in_box(one) and self._in_time(one)

    def _in_box(self, one: Feature) -> bool:
        if self.bbox is None:
            return True
        west, south, east, north = self.bbox
        if one.point is None or not south <= one.point[1] <= north:
            return False
        lon = one.point[0]
        return west <= lon <= east if west <= east else lon >= west or lon <= east

    def _in_time(self, one: Feature) -> bool:
        if self.since is None and self.until is None:
            return True
        if one.at is None:
            return False
        return (self.since is None or one.at >= self.since) and (self.until is None or one.at <= self.until)


def query_of(asked: Mapping[str, str]) -> Query:
    """The query of an address; BadQuery names the parameter that cannot be read."""
    for name in asked:
        if name not in PARAMETERS:
            raise BadQuery(f"{name[:40]}: wanted one of {', '.join(PARAMETERS)}")
    if asked.get("f", "json") not in ("json", "geojson"):
        raise BadQuery("f: wanted json")
    since, until = _times(asked.get("datetime", ""))
    return Query(
        bbox=_box(asked.get("bbox", "")),
        since=since,
        until=until,
        limit=min(_number(asked, "limit", LIMIT, least=1), LIMIT_MAX),
        offset=_number(asked, "offset", 0, least=0),
    )


def _number(asked: Mapping[str, str], name: str, default: int, *, least: int) -> int:
    text = asked.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) < least:
        raise BadQuery(f"{name}: wanted a whole number from {least}")
    return int(text)


def _box(text: str) -> tuple[float, float, float, float] | None:
    """Four numbers, or six with heights, which no point here has."""
    if not text:
        return None
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        found = []
    box = [found[0], found[1], found[3], found[4]] if len(found) == 6 else found
    if len(box) != 4 or not all(-400 < value < 400 for value in box) or box[1] > box[3]:
        raise BadQuery("bbox: wanted west,south,east,north in degrees")
    return box[0], box[1], box[2], box[3]


def _times(text: str) -> tuple[datetime | None, datetime | None]:
    """An instant, or an interval with an open end written as `..`."""
    if not text:
        return None, None
    parts = text.split("/")
    if len(parts) > 2 or parts == ["..", ".."]:
        raise BadQuery("datetime: wanted an instant or an interval, 2024-02-14T00:00:00Z/..")
    ends = [_instant(part) for part in parts]
    return ends[0], ends[-1]


def _instant(text: str) -> datetime | None:
    if text in ("", ".."):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadQuery("datetime: wanted an instant with its zone, 2024-02-14T00:00:00Z")
    return found


def landing(address: Address, *, title: str) -> dict[str, Any]:
    """The first document: where the others are."""
    return {
        "title": title,
        "links": [
            _link(address("landing"), "self", JSON),
            _link(address("api"), "service-desc", OPENAPI),
            _link(address("conformance"), "conformance", JSON),
            _link(address("collections"), "data", JSON),
        ],
    }


def conformance() -> dict[str, Any]:
    return {"conformsTo": list(CONFORMS)}


def collections(address: Address, known: Sequence[Collection]) -> dict[str, Any]:
    return {
        "links": [_link(address("collections"), "self", JSON)],
        "collections": [collection(address, one) for one in known],
    }


def collection(address: Address, one: Collection) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title(),
        "description": one.about(),
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            _link(address("collection", one.id), "self", JSON),
            _link(address("items", one.id), "items", GEOJSON),
        ],
    }


def items(
    features: Sequence[Feature], query: Query, *, own: str, following: str, at: datetime, above: str
) -> dict[str, Any]:
    """A page of a collection; `own` is its address, `following` that of the page after it, if there is one."""
    found = [one for one in features if query.takes(one)]
    page = found[query.offset : query.offset + query.limit]
    links = [_link(own, "self", GEOJSON), _link(above, "collection", JSON)]
    if query.offset + query.limit < len(found):
        links.append(_link(following, "next", GEOJSON))
    return {
        "type": "FeatureCollection",
        "features": [feature_json(one) for one in page],
        "numberMatched": len(found),
        "numberReturned": len(page),
        "timeStamp": at.isoformat().replace("+00:00", "Z"),
        "links": links,
    }


def item(address: Address, kind: Collection, one: Feature) -> dict[str, Any]:
    links = [
        _link(address("item", kind.id, one.id), "self", GEOJSON),
        _link(address("collection", kind.id), "collection", JSON),
    ]
    return {**feature_json(one), "links": links}


def _link(href: str, rel: str, kind: str) -> Link:
    return {"href": href, "rel": rel, "type": kind}


def openapi(address: Address, *, title: str, version: str) -> dict[str, Any]:
    """What may be asked, in OpenAPI 3.0."""
    answer = {"200": {"description": "OK", "content": {JSON: {"schema": {"type": "object"}}}}}
    plain = {"get": {"responses": answer}}
    named = {"parameters": [_in_path("collectionId")], **plain}
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "version": version},
        "servers": [{"url": address("landing").rstrip("/")}],
        "paths": {
            "/": plain,
            "/conformance": plain,
            "/collections": plain,
            "/collections/{collectionId}": named,
            "/collections/{collectionId}/items": {
                "parameters": [_in_path("collectionId"), *_query_parameters()],
                **plain,
            },
            "/collections/{collectionId}/items/{featureId}": {
                "parameters": [_in_path("collectionId"), _in_path("featureId")],
                **plain,
            },
        },
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    }


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _query_parameters() -> list[dict[str, Any]]:
    whole = {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT}
    numbers = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
    return [
        {"name": "limit", "in": "query", "schema": whole},
        {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0, "default": 0}},
        {"name": "bbox", "in": "query", "style": "form", "explode": False, "schema": numbers},
        {"name": "datetime", "in": "query", "schema": {"type": "string"}},
    ]
