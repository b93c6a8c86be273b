"""The register of areas as JSON. Public reference data."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from ninja.errors import HttpError

from ronda.places import selectors
from ronda.places.models import Area as AreaRow

router = Router(tags=["places"])
_SHAPE = r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?"
Code = Annotated[str, Path(pattern=rf"^{_SHAPE}$", description="such as 51.01")]
Within = Annotated[
    str, Query(pattern=rf"^({_SHAPE})?$", description="such as 51.01; empty: the whole country")
]


class AreaOut(Schema):
    code: str
    level: str
    kind: str
    name: str
    parent: str
    postal_code: str


class AreaDetail(AreaOut):
    trail: list[AreaOut]
    has_outline: bool


@router.get("", response=list[AreaOut], summary="Areas one level below another; provinces when none is named")
def areas(request: HttpRequest, parent: Within = "") -> list[AreaRow]:
    return list(selectors.area_children(parent))


@router.get("/search", response=list[AreaOut], summary="Areas by part of their name or by code")
def search(
    request: HttpRequest, q: Annotated[str, Query(min_length=1, max_length=80)], within: Within = ""
) -> list[AreaRow]:
    return selectors.area_search(q.replace("\x00", ""), within=within)


@router.get("/outlines", summary="GeoJSON outlines of the areas one level below another")
def outlines(request: HttpRequest, parent: Within = "") -> dict[str, Any]:
    return selectors.outline_collection(row.code for row in selectors.area_children(parent))


@router.get("/{code}", response=AreaDetail, summary="One area with all above it")
def area_detail(request: HttpRequest, code: Code) -> AreaDetail:
    found = selectors.area_for(code)
    if found is None:
        raise HttpError(404, "no such area in the register")
    trail = [AreaOut.from_orm(row) for row in selectors.area_trail(code)]
    own = AreaOut.from_orm(found).dict()
    return AreaDetail(**own, trail=trail, has_outline=selectors.outline_for(code) is not None)
