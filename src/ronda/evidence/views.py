"""The working copy behind a signed link: bytes that no page runs, frames or keeps."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from ronda.evidence import selectors
from ronda.evidence.links import KINDS, link_read


@require_GET
def working_copy(request: HttpRequest, token: str) -> HttpResponse:
    """One working copy. Where files have an origin of their own, no other answers here."""
    own = urlsplit(settings.EVIDENCE_ORIGIN).netloc
    link = link_read(token, now_s=time.time())
    if link is None or (own and request.get_host() != own):
        raise Http404
    path = selectors.copy_path(link.sha256, link.kind)
    try:
        content = path.read_bytes()
    except OSError:
        raise Http404 from None
    name = f"salinan-{link.sha256[:12]}.{KINDS[link.kind]}"
    return HttpResponse(
        content,
        content_type=link.kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "cross-origin" if own else "same-origin",
            "Cache-Control": "private, no-store",
        },
    )
