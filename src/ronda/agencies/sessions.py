"""Sessions in the database, found by a digest of their key, so that a stolen table opens no session."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from ronda.agencies.models import Session

STARTED, SEEN, LABEL = "started_s", "seen_s", "label"


def digest(session_key: str) -> str:
    """What is stored in place of a session key (first 40 hex digits of SHA-256, the width of the column)."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(DatabaseStore):
    """Django's own store, but the table never holds a key that a cookie could carry."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        row = Session.objects.filter(
            session_key=digest(self.session_key or ""), expire_date__gt=timezone.now()
        ).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=digest(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        return Session(
            session_key=digest(self._get_or_create_session_key()),  # type: ignore[attr-defined]  # not in the stubs
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            account_id=data.get(SESSION_KEY),
            label=data.get(LABEL, ""),
            started_at=_instant(data.get(STARTED)),
            seen_at=_instant(data.get(SEEN)),
        )

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=digest(key)).delete()


def _instant(unix_s: float | None) -> datetime | None:
    return None if unix_s is None else datetime.fromtimestamp(unix_s, UTC)
