"""QR codes for pages."""

from base64 import b64encode
from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathImage


def qr_picture(text: str) -> str:
    """A QR code as an address of data: it stands in the page itself, nothing of it is kept or fetched."""
    out = BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, border=2).save(out)
    return f"data:image/svg+xml;base64,{b64encode(out.getvalue()).decode()}"
