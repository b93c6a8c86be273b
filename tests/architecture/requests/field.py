"""Requests about events that people of the field come to."""

from tests.architecture.regency import Regency
from tests.architecture.requests.written import Asked, Written, moment


def _announced(_regency: Regency) -> Asked:
    return "/acara/", {"name": "Bimbingan teknis", "starts_at": moment(24)}


PAGES = {
    "field:gathering-list": Written("citra", _announced, strangers=())
}  # makes a record of the own agency
