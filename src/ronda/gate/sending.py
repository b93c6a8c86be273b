"""From a page through the door: the message is on disk before the page's own transaction ends."""

from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import connection

from ronda.gate.domain import PUBLIC, Grant
from ronda.gate.services import message_accept

DOOR_PATIENCE_S = 20.0
# Officers do not wait behind a flood of the public form.
_officers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="door")
_public = ThreadPoolExecutor(max_workers=2, thread_name_prefix="public door")


class DoorBusy(Exception):
    """The door did not answer in time. Sending the same message again is safe."""


def message_send(*, raw: bytes, grant: Grant) -> None:
    """Hand a message in. The gate commits by itself before it answers; a page's own transaction is still open, so
    the gate gets a thread. DoorBusy when it takes too long; else as `message_accept`."""
    if connection.in_atomic_block and not getattr(settings, "GATE_INSIDE_TRANSACTION", False):
        door = _public if grant.agency == PUBLIC else _officers
        try:
            door.submit(_apart, raw, grant).result(timeout=DOOR_PATIENCE_S)
        except TimeoutError:
            raise DoorBusy from None
    else:
        message_accept(raw=raw, grant=grant)


def _apart(raw: bytes, grant: Grant) -> None:
    try:
        message_accept(raw=raw, grant=grant)
    finally:
        connection.close()
