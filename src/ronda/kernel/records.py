"""Reading any class of record, exactly as far as the mandate goes: the ground of exports and of outside checks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from ronda.kernel.journal import audit
from ronda.kernel.scope import Scope
from ronda.law.mandates import mandates

LIMIT = 500
AUDITED_CLASS = 3
INTERNAL = ("framework", "session", "attempt", "account", "credential")


class BadKey(ValueError):
    """The text cannot be a key of this class of record."""


@dataclass(frozen=True)
class Page:
    """Some rows of one class of record, each with the fields its reader may see, and where to go on."""

    record: str
    rows: list[dict[str, Any]]
    next: str | None


def record_models() -> dict[str, type[models.Model]]:
    """Class of record to its table, without the internal ones."""
    found: dict[str, type[models.Model]] = {}
    for model in apps.get_models():
        info: Any = getattr(model, "Ronda", None)
        if info is not None and info.record not in INTERNAL:
            found[info.record] = model
    return found


def records_readable(scope: Scope) -> dict[str, str]:
    """Classes of record the actor may read, with what they are about."""
    law = mandates()
    return {
        name: law.records[name].about
        for name in sorted(record_models())
        if scope.kind in law.reach(name, "read")
    }


def record_page(
    scope: Scope, record: str, *, area: str = "", after: str = "", limit: int, at: datetime
) -> Page | None:
    """Rows of a class of record in key order; None when there is no such class for this actor."""
    if record not in records_readable(scope):
        return None
    model = record_models()[record]
    rows = model._default_manager.order_by("pk")
    if area and _is_area_scoped(record):
        low, high = scope.narrowed(area).bounds
        rows = rows.filter(area__gte=low, area__lt=high)
    if after:
        rows = rows.filter(pk__gt=_key(model, after))
    found = list(rows[: min(limit, LIMIT) + 1])
    page, more = found[: min(limit, LIMIT)], len(found) > min(limit, LIMIT)
    _note_reading(scope, record, page, at)
    if scope.person:
        detail = {"after": after, "rows": len(page)}
        audit("records.exported", record=record, area=area or scope.area, at=at, detail=detail)
    return Page(record, [_visible(row, scope) for row in page], str(page[-1].pk) if more else None)


def record_one(scope: Scope, record: str, key: str, *, at: datetime) -> dict[str, Any] | None:
    """One record with the fields its reader may see; None when it is unknown or out of reach."""
    if record not in records_readable(scope):
        return None
    model = record_models()[record]
    try:
        row = model._default_manager.filter(pk=_key(model, key)).first()
    except BadKey:
        return None
    if row is None:
        return None
    _note_reading(scope, record, [row], at)
    return _visible(row, scope)


def _visible(row: models.Model, scope: Scope) -> dict[str, Any]:
    """The fields of the data classes the reader may see; the others are left out, not blanked."""
    info: Any = row.Ronda  # type: ignore[attr-defined]
    seen = {}
    for field in row._meta.concrete_fields:
        frame = field.name in ("id", "area", "sensitivity", "agency", "audience", "created_at")
        if frame or info.field_classes.get(field.name, info.default_class) in scope.classes:
            seen[field.name] = _plain(getattr(row, field.attname))
    return seen


def _note_reading(scope: Scope, record: str, rows: list[Any], at: datetime) -> None:
    """No log, no read: rows of class 3 and above leave only after the audit line, in the same transaction."""
    guarded = [row for row in rows if getattr(row, "sensitivity", 0) >= AUDITED_CLASS]
    if guarded:
        ids = [str(row.pk) for row in guarded]
        audit("record.read", record=record, area=scope.area, at=at, detail={"rows": ids})


def _is_area_scoped(record: str) -> bool:
    return mandates().records[record].scope == "area"


def _key(model: type[models.Model], text: str) -> Any:
    pk = model._meta.pk
    try:
        key = pk.to_python(text) if pk and "\0" not in text else None
    except ValidationError:
        key = None
    if key is None:
        raise BadKey(f"{text!r} is no key of this class of record")
    return key


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, memoryview | bytes):
        return bytes(value).hex()
    return value
