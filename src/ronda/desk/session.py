"""Whether a browser that listens still has the rights it began with."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth import SESSION_KEY

from ronda.agencies import selectors as agencies
from ronda.agencies.middleware import VIEW_AS_KEY
from ronda.agencies.sessions import SessionStore
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.web.localtime import local


def session_check(key: str, scope: Scope) -> Callable[[], bool]:
    """A question to ask again and again: is the session there, and does it still give this scope?"""

    def still_valid() -> bool:
        with scoped(Scope.signin()):
            held = SessionStore(key).load()
            account = held.get(SESSION_KEY)
            if not account:
                return False
            today = local(clock.now(), scope.area).date()
            posts = agencies.posts_held(account_id=UUID(str(account)), today=today)
            if seen_as := held.get(VIEW_AS_KEY):
                other = agencies.post_held(UUID(str(seen_as)), today=today)
                posts = [*posts, *([other] if other and posts else [])]
            return any(agencies.scope_of(post) == scope for post in posts)

    return still_valid
