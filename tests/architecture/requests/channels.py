"""Requests of other programs: gateways of text messages, form apps, other systems. Each proves itself by a secret."""

from django.conf import settings

from ronda.channels.domain import Channels, Gateway
from tests.architecture.regency import Regency
from tests.architecture.requests.written import Asked, Written

SECRET = "rahasia-uji-permintaan"


def _sms(regency: Regency) -> Asked:
    settings.CHANNELS = Channels({"51": Gateway("51", SECRET)})
    body = {"kunci": SECRET, "dari": "0877000111", "teks": f"{regency.station} UANG amplop", "id": "7"}
    return "/masuk/sms/51/", body


# An unsigned post is refused; what a signed one does is tried in channels/tests/test_hooks.py.
PAGES = {"channels:sms-take": Written("fajar", _sms, strangers=())}
EXCUSED = {
    "channels:hook-take": "takes what another system signed only, which no browser does (channels/tests)",
    "channels:sms-delivered": "counts what became of an answer; keeps nothing",
    "channels:submission": "takes the proof of a device only, which no browser has (channels/tests)",
}
