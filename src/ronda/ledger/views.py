"""The log for anyone: checkpoint, tiles, entries, key. Full tiles never change and may be cached for ever."""

import re

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ronda.kernel.scope import ALL_CLASSES, Scope, scoped
from ronda.ledger import selectors
from ronda.methods.merkle import TILE_WIDTH

READER = Scope(agency="gate", kind="gate", classes=ALL_CLASSES)
_NUMBER = re.compile(r"(?:x\d{3}/){0,5}\d{3}")
_FOR_EVER, _NEVER = "public, max-age=31536000, immutable", "no-store"


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed state of the tree."""
    with scoped(READER):
        latest = selectors.checkpoint_latest()
    if latest is None:
        return _not_there("the log is empty")
    return _answer(latest.note.encode(), "text/plain; charset=utf-8", _NEVER)


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """The node's public key, for verifiers. Compare it with one that came another way."""
    return _answer(f"{selectors.log_key()}\n".encode(), "text/plain; charset=utf-8", _NEVER)


@require_safe
def tile(request: HttpRequest, level: str, rest: str) -> HttpResponse:
    """A tile of hashes, or with the level `entries` a bundle of entries."""
    number, partial, width_text = rest.partition(".p/")
    if not _NUMBER.fullmatch(number) or (partial and not re.fullmatch(r"[1-9]\d{0,2}", width_text)):
        return _not_there("no such tile")
    n, width = int(number.replace("x", "").replace("/", "")), int(width_text or TILE_WIDTH)
    if width > TILE_WIDTH or (width == TILE_WIDTH and partial):
        return _not_there("no such tile")
    with scoped(READER):
        content = _content(level, n, width)
    if content is None:
        return _not_there("no such tile yet")
    return _answer(content, "application/octet-stream", _FOR_EVER)


def _content(level: str, number: int, width: int) -> bytes | None:
    """The bytes of a tile; None when the signed tree does not reach that far."""
    latest = selectors.checkpoint_latest()
    height = 0 if level == "entries" else int(level)
    there = 0 if latest is None else latest.size >> 8 * height
    if number * TILE_WIDTH + width > there:
        return None
    if level == "entries":
        return selectors.entry_bundle(number, width)
    return selectors.tile_hashes(height, number, width)


def _answer(content: bytes, kind: str, cache: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Cache-Control": cache, "Access-Control-Allow-Origin": "*"}
    )


def _not_there(why: str) -> HttpResponse:
    return HttpResponse(f"{why}\n", status=404, content_type="text/plain; charset=utf-8")
