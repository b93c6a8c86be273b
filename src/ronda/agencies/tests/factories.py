"""The cast for tests: `cast()` makes all of Jembrana, `sign_in(client, post)` lets one of them in."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime

from django.test import Client

from ronda.agencies.models import Post
from ronda.agencies.selectors import account_of
from ronda.agencies.services import demo_people
from ronda.kernel.scope import Scope, scoped

AT = datetime(2024, 11, 27, 3, 0, tzinfo=UTC)
AREA = "51.01"


def cast(area: str = AREA) -> Mapping[str, Post]:
    """The posts of the cast by lower-case name: ayu, bagas, citra, dewa (another regency), eka, nyoman (admin) …"""
    with scoped(Scope.system()):
        return demo_people(area=area, at=AT).posts


def sign_in(client: Client, post: Post) -> None:
    """A signed-in browser acting in a post, with a fresh proof, without the pages of the sign-in."""
    with scoped(Scope.signin()):
        account = account_of(post)
        assert account is not None, f"{post} has no account"
        client.force_login(account)
        session = client.session
        session["post"] = str(post.pk)
        session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
        session["account_authentication_methods_user"] = str(account.pk)
        session.save()
