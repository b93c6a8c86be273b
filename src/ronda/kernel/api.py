"""JSON reading of records. What is out of reach looks exactly like what does not exist."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.errors import HttpError

from ronda.kernel import clock, records
from ronda.kernel.areas import is_code
from ronda.kernel.scope import Scope

router = Router(tags=["records"])


class PageQuery(Schema):
    """Which rows: below an area, after a key, how many."""

    area: str = ""
    after: str = ""
    limit: int = 100


class PageOut(Schema):
    record: str
    rows: list[dict[str, Any]]
    next: str | None


def scope_of(request: HttpRequest) -> Scope:
    """The scope the request runs under."""
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by ScopeMiddleware
    return scope


@router.get("", response=dict[str, str], summary="Classes of record you may read")
def record_list(request: HttpRequest) -> dict[str, str]:
    return records.records_readable(scope_of(request))


@router.get("/{record}", response=PageOut, summary="Rows of one class of record")
def record_page(request: HttpRequest, record: str, query: Query[PageQuery]) -> records.Page:
    scope = scope_of(request)
    if not is_code(query.area) or not 1 <= query.limit <= records.LIMIT:
        raise HttpError(422, f"area must be an area code and limit 1..{records.LIMIT}")
    if query.area and not scope.covers(query.area):
        raise HttpError(404, "not found")
    try:
        page = records.record_page(scope, record, **query.dict(), at=clock.now())
    except records.BadKey as error:
        raise HttpError(422, str(error)) from error
    if page is None:
        raise HttpError(404, "not found")
    return page


@router.get("/{record}/{key}", response=dict[str, Any], summary="One record")
def record_one(request: HttpRequest, record: str, key: str) -> dict[str, Any]:
    found = records.record_one(scope_of(request), record, key, at=clock.now())
    if found is None:
        raise HttpError(404, "not found")
    return found
