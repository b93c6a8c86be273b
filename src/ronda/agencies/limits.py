"""How often something was tried at the door, counted in the database: all processes share one count.

django-allauth counts through Django's cache; this is a cache of that interface over a table of ours. Keys are kept as
keyed digests and values as JSON, so that the table names nobody and a planted row runs nothing. A count is part of the
transaction of the request: a second process that asks for the same key waits until the first has answered.
"""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from ronda.agencies.models import Attempt
from ronda.kernel.scope import Scope, scope_in_force, scoped

SWEEP = 50


class AttemptCache(BaseCache):
    """What is in it ends by itself; ended rows are swept away with each new count."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def make_key(self, key: str, version: int | None = None) -> str:
        text = super().make_key(key, version)
        return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        with _at_the_door():
            rows = Attempt.objects.filter(key=self.make_key(key, version), expires_at__gt=timezone.now())
            found = list(rows.values_list("value", flat=True))
        return found[0] if found else default

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """False when the key is taken, and when another process holds it for longer than one waits for a lock."""
        row = self._row(key, value, timeout, version)
        with _at_the_door():
            try:
                with transaction.atomic():
                    Attempt.objects.filter(key=row.key, expires_at__lte=timezone.now()).delete()
                    row.save(force_insert=True)
            except (IntegrityError, OperationalError):
                return False
        return True

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        row = self._row(key, value, timeout, version)
        with _at_the_door():
            Attempt.objects.bulk_create(
                [row], update_conflicts=True, unique_fields=["key"], update_fields=["value", "expires_at"]
            )
            _sweep()

    def delete(self, key: str, version: int | None = None) -> bool:
        with _at_the_door():
            return Attempt.objects.filter(key=self.make_key(key, version)).delete()[0] > 0

    def clear(self) -> None:
        with _at_the_door():
            Attempt.objects.all().delete()

    def _row(self, key: str, value: Any, timeout: Any, version: int | None) -> Attempt:
        return Attempt(key=self.make_key(key, version), value=value, expires_at=self._ends(timeout))

    def _ends(self, timeout: Any) -> datetime:
        seconds = self.default_timeout if timeout in (DEFAULT_TIMEOUT, None) else timeout
        return timezone.now() + timedelta(seconds=float(seconds or 0))


@contextmanager
def _at_the_door() -> Iterator[None]:
    """The rights of the sign-in, whoever asks."""
    held = scope_in_force()
    if held is not None and held.kind == "signin":
        yield
        return
    with scoped(Scope.signin()):
        yield


def _sweep() -> None:
    """Remove some ended rows, none that another process works on."""
    ended = Attempt.objects.select_for_update(skip_locked=True).filter(expires_at__lte=timezone.now())
    Attempt.objects.filter(key__in=ended.values("key")[:SWEEP]).delete()
