"""ODK Collect as a server sees it: Digest, the headers of OpenRosa, a form filled in, a submission in parts."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import fromstring

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ronda.channels.selectors import form_password

XF = "{http://www.w3.org/2002/xforms}"
LIST = "{http://openrosa.org/xforms/xformsList}"
HEADERS = {"X-OpenRosa-Version": "1.0", "User-Agent": "org.odk.collect.android/v2025.2.4 Dalvik/2.1.0"}
SUBMISSION = "/openrosa/submission"


class Collect:
    """One phone; it answers the server's challenge and counts its requests, as OkHttp does."""

    def __init__(self, device: UUID, password: str | None = None) -> None:
        self.client, self.device = Client(), device
        self.password = form_password(device) if password is None else password
        self._nonce, self._count = "", 0

    def ask(self, path: str, method: str = "GET", **options: Any) -> Any:
        """A request; challenged once, it is sent again with its proof."""
        answer = self._ask(path, method, **options)
        if answer.status_code == 401:
            found = re.search(r'nonce="([^"]+)"', answer.headers["WWW-Authenticate"])
            assert found
            self._nonce = found[1]
            for value in options.get("data", {}).values():
                for one in value if isinstance(value, list) else [value]:
                    if hasattr(one, "seek"):
                        one.seek(0)
            answer = self._ask(path, method, **options)
        return answer

    def _ask(self, path: str, method: str, **options: Any) -> Any:
        headers = HEADERS | ({"Authorization": self._proof(method, path)} if self._nonce else {})
        return getattr(self.client, method.lower())(path, headers=headers, **options)

    def _proof(self, method: str, path: str) -> str:
        self._count += 1
        count, cnonce, user = f"{self._count:08x}", "0a4f113b", self.device.hex
        one = _md5(f"{user}:Ronda:{self.password}")
        response = _md5(f"{one}:{self._nonce}:{count}:{cnonce}:auth:{_md5(f'{method}:{path}')}")
        return (
            f'Digest username="{user}", realm="Ronda", nonce="{self._nonce}", uri="{path}", '
            f'response="{response}", algorithm=MD5, qop=auth, nc={count}, cnonce="{cnonce}"'
        )

    def forms(self) -> dict[str, dict[str, str]]:
        """The list of forms by their ids."""
        root = fromstring(self.ask("/openrosa/formList").content)
        rows = [{child.tag.removeprefix(LIST): child.text or "" for child in row} for row in root]
        return {row["formID"]: row for row in rows}

    def send(self, xml: bytes, files: Mapping[str, bytes] | None = None, *, is_last: bool = True) -> Any:
        """One request of a submission."""
        parts: dict[str, Any] = {"xml_submission_file": SimpleUploadedFile("isi.xml", xml, "text/xml")}
        for name, content in (files or {}).items():
            parts[name] = SimpleUploadedFile(name, content, "image/jpeg")
        if not is_last:
            parts["*isIncomplete*"] = "yes"
        return self.ask(SUBMISSION, "POST", data=parts)


def filled(form: bytes, answers: Mapping[str, str], instance: str = "uuid:6f1e1f7e-1") -> bytes:
    """The instance of a downloaded form with some answers."""
    body = form.decode()
    found = re.search(r"<instance>(.*?)</instance>", body, re.DOTALL)
    assert found
    xml = found[1].replace("<orx:instanceID />", f"<orx:instanceID>{instance}</orx:instanceID>")
    xml = xml.replace("<mulai />", "<mulai>2024-11-27T08:40:00.000+08:00</mulai>")
    for name, value in answers.items():
        assert f"<{name} />" in xml, name
        xml = xml.replace(f"<{name} />", f"<{name}>{value}</{name}>", 1)
    spaces = 'xmlns="http://www.w3.org/2002/xforms" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"'
    return f"<?xml version='1.0' ?>{xml.replace('<data ', f'<data {spaces} ', 1)}".encode()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
