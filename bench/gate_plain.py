"""The endpoint one would write first: django-ninja, one ORM insert of the same row. No token, signature or log."""

from __future__ import annotations

import hashlib
import os
import uuid
from datetime import datetime
from typing import Any

import django
from django.conf import settings

settings.configure(
    SECRET_KEY=os.urandom(16).hex(),
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    # As `django-admin startproject` writes it.
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": os.environ["BENCH_SOCKET"],
            "NAME": os.environ["BENCH_DATABASE"],
            "USER": "ronda_own",
            "OPTIONS": {"pool": {"min_size": 2, "max_size": 16}},
        }
    },
)
django.setup()

from django.contrib.postgres.fields import ArrayField  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.http import HttpRequest  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402
from ninja import NinjaAPI, Schema  # noqa: E402


class Row(models.Model):
    id = models.UUIDField(primary_key=True)
    raw = models.BinaryField()
    digest = models.BinaryField()
    kind = models.CharField(max_length=40)
    election = models.CharField(max_length=60)
    place = models.CharField(max_length=60)
    area = models.CharField(max_length=13)
    agency = models.CharField(max_length=40)
    sender_kind = models.CharField(max_length=20)
    sender_area = models.CharField(max_length=13)
    captured_at = models.DateTimeField()
    is_ahead = models.BooleanField()
    files = ArrayField(models.CharField(max_length=64))
    audience = ArrayField(models.CharField(max_length=40))
    sensitivity = models.SmallIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "bench_message"


class MessageIn(Schema):
    id: uuid.UUID
    kind: str
    election: str
    place: str
    station: int
    captured_at: datetime
    device: str
    body: dict[str, Any]
    files: list[dict[str, Any]]


api = NinjaAPI()


@api.post("/messages", response={201: dict[str, str]})
def message_create(request: HttpRequest, message: MessageIn) -> tuple[int, dict[str, str]]:
    digest = hashlib.sha256(request.body)
    now = timezone.now()
    Row._default_manager.create(
        id=message.id,
        raw=request.body,
        digest=digest.digest(),
        kind=message.kind,
        election=message.election,
        place=message.place,
        area=message.place,
        agency="bawaslu",
        sender_kind="bawaslu",
        sender_area="",
        captured_at=message.captured_at,
        is_ahead=False,
        files=[],
        audience=[],
        sensitivity=3,
        created_at=now,
    )
    return 201, {"id": str(message.id), "sha256": digest.hexdigest(), "received_at": now.isoformat()}


urlpatterns = [path("", api.urls)]
application = get_wsgi_application()
