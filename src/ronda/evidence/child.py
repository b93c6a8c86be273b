"""The child process that decodes one file: bytes in at stdin, a line of JSON and the new bytes out at stdout.

Knows nothing of the rest of Ronda, and has little memory and time. Whatever a hostile file does to a decoder, it does
it here: the parent sees a process that ended.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
from typing import Any

MEMORY_MAX = 1_200 * 1024**2
SECONDS_MAX = 20
PIXELS_MAX = 60_000_000
SIDE_MAX = 2_560  # of a working copy: the figures of a form stay readable
PAGES_MAX = 20
PAGE_SCALE = 150 / 72
GREY_SIDE = 32
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
TAKEN, TAKEN_OFFSET, GPS = 0x9003, 0x9011, 0x8825


class Refused(Exception):
    """The file is none that may be shown; the word says which."""


def main() -> int:
    """Decode what stands at stdin."""
    limit()
    content = sys.stdin.buffer.read()
    try:
        facts, copy = decode(content)
    except Refused as refused:
        facts, copy = {"refused": str(refused)}, b""
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + copy)
    sys.stdout.buffer.flush()
    return 0


def limit() -> None:
    """No more memory, time and files than a photo needs; no further processes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def decode(content: bytes) -> tuple[dict[str, Any], bytes]:
    """What a file shows and says, and its working copy."""
    if content.startswith(b"%PDF-"):
        return _document(content)
    return _picture(content)


def _picture(content: bytes) -> tuple[dict[str, Any], bytes]:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # the size is asked before anything is unpacked
    _heif()
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > PIXELS_MAX:
                raise Refused("pixels")
            exif = _exif(image)
            image.draft("RGB", (SIDE_MAX, SIDE_MAX))
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except Refused:
        raise
    except (MemoryError, RecursionError):
        raise Refused("memory") from None
    except Exception:
        raise Refused("unreadable") from None
    size = {"width": upright.width, "height": upright.height}
    upright.thumbnail((SIDE_MAX, SIDE_MAX))
    return {"kind": "image/jpeg", "pages": 1, **size, **exif, "grey": _grey(upright)}, _jpeg(upright)


def _heif() -> None:
    with contextlib.suppress(ImportError):
        from pi_heif import register_heif_opener

        register_heif_opener()


def _jpeg(image: Any) -> bytes:
    """Pixels alone: no EXIF, no profile, no comment goes along."""
    from PIL import Image

    bare = Image.new("RGB", image.size)
    bare.paste(image)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _grey(image: Any) -> str:
    """The picture in grey, 32 x 32, as hexadecimal: what the hash is made of."""
    return bytes(image.convert("L").resize((GREY_SIDE, GREY_SIDE)).tobytes()).hex()


def _exif(image: Any) -> dict[str, Any]:
    """What the file says of time and place. Nothing here is believed, and a broken block says nothing."""
    try:
        exif = image.getexif()
        inner, gps = exif.get_ifd(0x8769), exif.get_ifd(GPS)
        taken, offset = inner.get(TAKEN), inner.get(TAKEN_OFFSET)
        return {
            "taken": str(taken)[:19] if taken else "",
            "taken_offset": str(offset)[:6] if offset else "",
            "latitude": _degrees(gps.get(2), gps.get(1), "S"),
            "longitude": _degrees(gps.get(4), gps.get(3), "W"),
        }
    except Exception:
        return {"taken": "", "taken_offset": "", "latitude": None, "longitude": None}


def _degrees(parts: Any, side: Any, negative: str) -> float | None:
    if not parts or len(parts) != 3:
        return None
    value = float(parts[0]) + float(parts[1]) / 60 + float(parts[2]) / 3600
    if not 0 <= value <= 180:
        return None
    return round(-value if str(side).strip("\0 ").upper() == negative else value, 6)


def _document(content: bytes) -> tuple[dict[str, Any], bytes]:
    """The pages of a document as pictures in a new one: no script, no link, no attachment comes along."""
    import pypdfium2

    try:
        pages = []
        with contextlib.closing(pypdfium2.PdfDocument(content)) as document:
            count = len(document)
            for at in range(min(count, PAGES_MAX)):
                pages.append(_page(document[at]))
    except Refused:
        raise
    except (MemoryError, RecursionError):
        raise Refused("memory") from None
    except Exception:
        raise Refused("unreadable") from None
    if not pages:
        raise Refused("unreadable")
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150.0)
    facts = {"kind": "application/pdf", "pages": count, "width": pages[0].width, "height": pages[0].height}
    return {**facts, "grey": _grey(pages[0])}, out.getvalue()


def _page(page: Any) -> Any:
    width, height = page.get_size()
    scale = min(PAGE_SCALE, SIDE_MAX / max(width, height, 1))
    if width * height * scale * scale > PIXELS_MAX or min(width, height) < 1:
        raise Refused("pixels")
    return page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
