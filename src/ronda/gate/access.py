"""Who shows a token, for pages that answer a device: the same three questions as at the door."""

import time
from datetime import datetime

from django.conf import settings

from ronda.gate.commit import SCOPE
from ronda.gate.domain import Grant
from ronda.gate.selectors import sender_is_active
from ronda.gate.tokens import TokenRefused, token_key, token_read
from ronda.kernel.scope import scoped


def grant_in_force(authorization: str, *, at: datetime) -> Grant | None:
    """The grant of a bearer token of this node whose device was not revoked and whose post is held; None otherwise."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    try:
        keys = settings.KEYS
        grant = token_read(token, now_s=time.time(), key=token_key(keys), key_id=keys.kid)
    except TokenRefused:
        return None
    with scoped(SCOPE):
        return grant if sender_is_active(grant, at=at) else None
