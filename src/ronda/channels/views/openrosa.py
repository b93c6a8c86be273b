"""OpenRosa, as ODK Collect and KoboCollect speak it: list of forms, a form, its manifest, a submission."""

import time
from collections.abc import Callable
from functools import wraps
from hashlib import md5
from itertools import chain
from typing import Any, BinaryIO, cast
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from ronda.channels import selectors
from ronda.channels.adapters.digest import challenge, nonce_is_fresh, shown_read
from ronda.channels.adapters.submission import XML_MAX
from ronda.channels.adapters.xform import xform_made
from ronda.channels.selectors import Sender
from ronda.channels.services import Upload, submission_take
from ronda.gate.services import DoorBusy, NotKept
from ronda.kernel import clock

ACCEPTED_BYTES = 64 * 1024 * 1024
XML_PART, MORE_COMES = "xml_submission_file", "*isIncomplete*"
LIST, MANIFEST, RESPONSE = (
    "http://openrosa.org/xforms/xformsList",
    "http://openrosa.org/xforms/xformsManifest",
    "http://openrosa.org/http/response",
)
View = Callable[..., HttpResponse]


def device_required(view: View) -> View:
    """Only for a device in force: by Digest, by its token, or over HTTPS by its password. Others are challenged."""

    @csrf_exempt
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sender = _sender(request)
        if sender is None:
            return _challenged(request)
        answer = view(request, sender, *args, **kwargs)
        answer.headers["X-OpenRosa-Version"] = "1.0"
        return answer

    return guarded


def _sender(request: HttpRequest) -> Sender | None:
    header, at = request.headers.get("Authorization", ""), clock.now()
    scheme = header.partition(" ")[0].lower()
    if scheme == "digest":
        path = request.get_full_path()
        return selectors.sender_of_digest(header, method=request.method or "", path=path, at=at)
    if scheme == "basic" and request.is_secure():
        return selectors.sender_of_basic(header, at=at)
    return selectors.sender_of_token(header, at=at)


def _challenged(request: HttpRequest) -> HttpResponse:
    now_s, key = int(time.time()), settings.KEYS.gate
    shown = shown_read(request.headers.get("Authorization", ""))
    is_stale = shown is not None and not nonce_is_fresh(shown.nonce, now_s=now_s, key=key)
    answer = _said(401, _("Masuk dengan akun perangkat yang terdaftar."))
    answer.headers["WWW-Authenticate"] = challenge(now_s=now_s, key=key, is_stale=is_stale)
    return answer


@require_safe
@device_required
def form_list(request: HttpRequest, sender: Sender) -> HttpResponse:
    """The forms of this device, each with the hash of its bytes."""
    root = Element("xforms", xmlns=LIST)
    for form in selectors.forms_for(sender, at=clock.now()):
        entry = SubElement(root, "xform")
        digest = md5(xform_made(form), usedforsecurity=False).hexdigest()
        values = {
            "formID": form.id,
            "name": form.title["id"],
            "version": form.version,
            "hash": f"md5:{digest}",
            "downloadUrl": request.build_absolute_uri(reverse("channels:form-show", args=[form.id])),
            "manifestUrl": request.build_absolute_uri(reverse("channels:form-manifest", args=[form.id])),
        }
        for name, value in values.items():
            SubElement(entry, name).text = value
    return _xml(root)


@require_safe
@device_required
def form_show(_request: HttpRequest, sender: Sender, form: str) -> HttpResponse:
    """One form as an XForm."""
    found = next((one for one in selectors.forms_for(sender, at=clock.now()) if one.id == form), None)
    if found is None:
        raise Http404
    headers = {"Content-Disposition": f"attachment; filename={quote(found.id)}.xml"}
    return HttpResponse(xform_made(found), content_type="text/xml; charset=utf-8", headers=headers)


@require_safe
@device_required
def form_manifest(_request: HttpRequest, _sender: Sender, form: str) -> HttpResponse:
    """The forms bring no further files."""
    return _xml(Element("manifest", xmlns=MANIFEST))


@require_http_methods(["HEAD", "POST"])
@device_required
def submission(request: HttpRequest, sender: Sender) -> HttpResponse:
    """HEAD: how much may come at once. POST: one part of a submission."""
    if request.method == "HEAD":
        return _with_limits(request, HttpResponse(status=204))
    if int(request.headers.get("Content-Length") or 0) > ACCEPTED_BYTES:
        return _said(413, _("Terlalu besar sekali kirim; aplikasi membaginya sendiri."))
    try:
        files = list(chain.from_iterable(values for _name, values in request.FILES.lists()))
    except MultiPartParserError:
        return _said(400, _("Kiriman terputus atau rusak. Kirim lagi."))
    xml = request.FILES.get(XML_PART)
    if not isinstance(xml, UploadedFile) or (xml.size or 0) > XML_MAX:
        return _said(400, _("Tidak ada bagian %(name)s.") % {"name": XML_PART})
    uploads = [_upload(one) for one in files if one is not xml]
    return _with_limits(request, _taken(xml.read(), uploads, MORE_COMES not in request.POST, sender))


def _taken(xml: bytes, uploads: list[Upload], is_last: bool, sender: Sender) -> HttpResponse:
    try:
        verdict = submission_take(xml=xml, uploads=uploads, is_last=is_last, sender=sender, at=clock.now())
    except (DoorBusy, NotKept):
        answer = _said(503, _("Sedang penuh. Kirim lagi sebentar lagi; tidak tercatat dua kali."))
        answer.headers["Retry-After"] = "5"
        return answer
    return _said(verdict.status, verdict.words)


def _upload(file: "UploadedFile[bytes]") -> Upload:
    return Upload(file.name or "", file.content_type or "", file.size or 0, cast(BinaryIO, file))


def _with_limits(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    answer.headers["X-OpenRosa-Accept-Content-Length"] = str(ACCEPTED_BYTES)
    answer.headers["Location"] = request.build_absolute_uri(reverse("channels:submission"))
    return answer


def _said(status: int, words: str) -> HttpResponse:
    root = Element("OpenRosaResponse", xmlns=RESPONSE)
    SubElement(root, "message").text = words
    answer = _xml(root, status)
    answer.headers["X-OpenRosa-Version"] = "1.0"
    return answer


def _xml(root: Element, status: int = 200) -> HttpResponse:
    content = tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(content, status=status, content_type="text/xml; charset=utf-8")
