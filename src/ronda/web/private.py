"""Files that somebody sent: served as bytes that no browser keeps, runs or frames."""

from django.http import HttpResponse


def private_words(words: str) -> HttpResponse:
    """A sentence in place of a file that cannot be shown."""
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-store"}
    return HttpResponse(f"{words}\n", content_type="text/plain; charset=utf-8", status=422, headers=headers)


def private_file(content: bytes, kind: str | None) -> HttpResponse:
    """The bytes exactly as they came; a type that is not known is left to the reader."""
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=kind or "application/octet-stream", headers=headers)
