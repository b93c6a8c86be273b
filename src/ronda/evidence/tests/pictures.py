"""Photos and documents for tests, made on the spot: with shapes, so that they have a look, and what cameras write."""

from __future__ import annotations

import io
import random

from PIL import Image


def picture(seed: int = 1, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture of large shapes, another one for each seed."""
    rng = random.Random(seed)
    small = Image.new("RGB", (8, 6))
    small.putdata([(rng.randrange(256), rng.randrange(256), rng.randrange(256)) for _ in range(48)])
    return small.resize(size, Image.Resampling.BICUBIC)


def jpeg(
    seed: int = 1,
    *,
    size: tuple[int, int] = (640, 480),
    quality: int = 85,
    taken: str = "",
    offset: str = "",
    point: tuple[float, float] | None = None,
    turned: int = 1,
) -> bytes:
    """A JPEG with EXIF as asked: time, its offset, position (latitude, longitude), orientation."""
    exif = Image.Exif()
    if turned != 1:
        exif[0x0112] = turned
    if taken or offset:
        exif[0x8769] = {0x9003: taken, **({0x9011: offset} if offset else {})}
    if point is not None:
        exif[0x8825] = {
            1: "N" if point[0] >= 0 else "S",
            2: _degrees(point[0]),
            3: "E" if point[1] >= 0 else "W",
            4: _degrees(point[1]),
        }
    out = io.BytesIO()
    picture(seed, size).save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()


def _degrees(value: float) -> tuple[float, float, float]:
    whole = int(abs(value))
    minutes = (abs(value) - whole) * 60
    return float(whole), float(int(minutes)), (minutes - int(minutes)) * 60


def other(kind: str, seed: int = 1, size: tuple[int, int] = (320, 240)) -> bytes:
    """The same as PNG, WEBP or PDF."""
    out = io.BytesIO()
    picture(seed, size).save(out, kind)
    return out.getvalue()
