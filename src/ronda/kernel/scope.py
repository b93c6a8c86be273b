"""Who may see what, carried into the database as a signed token.

A scope says which agency acts, over which area, for which data classes. At the start of every transaction it is
minted into a token bound to that database connection (HMAC over all its parts, an expiry and the backend's process
id). The row policies check the token with a key that the application's role cannot read, so injected SQL can
neither forge nor widen it. No scope, no statement: a query outside `scoped` raises.
"""

import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from ronda.kernel.areas import area_range, within

TOKEN_VERSION = "v1"
TOKEN_LIFE_S = 900
ALL_CLASSES = (0, 1, 2, 3, 4)


class ScopeMissing(RuntimeError):
    """A statement was about to run with nobody's rights."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One actor's reach: agency code and kind, area code with all below it, data classes 0..4, person id."""

    agency: str
    kind: str
    area: str = ""
    classes: tuple[int, ...] = (0,)
    person: str = ""

    def __post_init__(self) -> None:
        area_range(self.area)
        for name in ("agency", "kind", "person"):
            value = getattr(self, name)
            if "|" in value or (not value and name != "person"):
                raise ValueError(f"{name} must be a word without '|', got {value!r}")
        if not set(self.classes) <= set(ALL_CLASSES):
            raise ValueError(f"classes lie in 0..4, got {self.classes}")

    @classmethod
    def system(cls) -> "Scope":
        """The worker and the operator's commands: the whole country, all classes but by its own mandates."""
        return cls(agency="system", kind="system", classes=ALL_CLASSES)

    @classmethod
    def signin(cls) -> "Scope":
        """Sessions and accounts, before it is known who asks."""
        return cls(agency="signin", kind="signin", classes=ALL_CLASSES)

    @classmethod
    def public(cls) -> "Scope":
        """Anyone without an account."""
        return cls(agency="publik", kind="publik", classes=(0,))

    @property
    def bounds(self) -> tuple[str, str]:
        return area_range(self.area)

    def covers(self, area: str) -> bool:
        """Whether the area lies in this scope."""
        return within(area, self.area)

    def narrowed(self, area: str) -> "Scope":
        """The same actor over a smaller area; ValueError when it lies outside."""
        if not self.covers(area):
            raise ValueError(f"{area!r} lies outside {self.area!r}")
        return replace(self, area=area)


def mint(scope: Scope, *, backend_pid: int, key: bytes, key_id: int = 1, life_s: int = TOKEN_LIFE_S) -> str:
    """The token of a scope for one database connection."""
    low, high = scope.bounds
    classes = "{" + ",".join(str(number) for number in scope.classes) + "}"
    expires = int(time.time()) + life_s
    parts = (TOKEN_VERSION, str(key_id), scope.agency, scope.kind, low, high, classes, scope.person)
    body = "|".join((*parts, str(expires), str(backend_pid)))
    return f"{body}|{hmac.new(key, body.encode(), hashlib.sha256).hexdigest()}"


_current: ContextVar[Scope | None] = ContextVar("ronda_scope", default=None)


def current_scope() -> Scope | None:
    """The scope in force here, None outside `scoped`."""
    return _current.get()


def scope_in_force(using: str = "default") -> Scope | None:
    """The scope of this thread's open transaction. Another thread of the same request has none: it must not query."""
    from django.db import connections

    return _current.get() if connections[using].has_scope else None  # type: ignore[attr-defined]


@contextmanager
def scoped(scope: Scope, *, using: str = "default") -> Iterator[Scope]:
    """Run a block inside one transaction with the rights of `scope`; nests, and restores what was before."""
    from django.db import connections, transaction

    token = _current.set(scope)
    try:
        with transaction.atomic(using=using):
            connections[using].set_scope(scope)  # type: ignore[attr-defined]  # our database backend
            yield scope
    finally:
        _current.reset(token)
        before = _current.get()
        if connections[using].in_atomic_block and not connections[using].needs_rollback:
            connections[using].set_scope(before)  # type: ignore[attr-defined]
