"""Whether a browser that listens still has the rights it began with."""

from collections.abc import Callable

from ronda.agencies import selectors as agencies
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped


def session_check(key: str, scope: Scope) -> Callable[[], bool]:
    """A question to ask again and again: is the session there, and does it still give this scope?"""

    def still_valid() -> bool:
        with scoped(Scope.signin()):
            return agencies.session_gives(key, scope, at=clock.now())

    return still_valid
