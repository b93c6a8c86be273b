"""The settings of ODK Collect in one code that the app scans."""

import json
import zlib
from base64 import b64encode


def settings_code(*, server: str, user: str, password: str) -> str:
    """What stands in the QR code: compressed JSON, as docs.getodk.org describes it."""
    general = {
        "protocol": "custom_settings",
        "server_url": server,
        "username": user,
        "password": password,
        "form_update_mode": "match_exactly",
        "autosend": "wifi_and_cellular",
    }
    content = {"general": general, "admin": {}, "project": {"name": "Ronda"}}
    return b64encode(zlib.compress(json.dumps(content).encode())).decode()
