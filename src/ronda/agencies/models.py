"""Tables of agencies, units, people, posts, devices, invitations, accounts and sessions."""

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ronda.agencies.domain import AgencyKind, Role, invitation_state
from ronda.kernel.ids import uuid7
from ronda.kernel.models import AreaField, Scoped


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, password: str | None = None) -> "Account":
        """An account that can sign in; without a password only by passkey or the agency's own sign-in."""
        account = self.model(email=self.normalize_email(email).lower())
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """What a person signs in with. Seen by the sign-in itself and by nobody else."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, help_text="made by the demo; signs in with one click there")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AccountManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Ronda:
        record = "account"
        updatable = (
            "password",
            "last_login",
            "is_active",
            "email",
            "is_demo",
            "created_at",
        )  # allauth saves whole rows
        default_class = 3
        field_classes: ClassVar[dict[str, int]] = {"is_active": 2, "is_demo": 1}

    def __str__(self) -> str:
        return str(self.pk)


class Session(AbstractBaseSession):
    """A signed-in browser. The key is kept as a digest, the client's address not at all."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sessions")
    label = models.CharField(max_length=60, blank=True, help_text="browser and system, in words")
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "agencies_session"

    class Ronda:
        record = "session"
        updatable = ("session_data", "expire_date", "account", "label", "started_at", "seen_at")
        default_class = 3
        field_classes: ClassVar[dict[str, int]] = {}


class Attempt(models.Model):
    """How often something was tried of late, under a keyed digest: no address, no e-mail. Ends after minutes."""

    key = models.CharField(max_length=64, primary_key=True)
    value = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)

    class Ronda:
        record = "attempt"
        updatable = ("value", "expires_at")
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return self.key


class Agency(models.Model):
    """A body that takes part: the unit of ownership of records."""

    code = models.CharField(max_length=40, primary_key=True)
    kind = models.CharField(max_length=20, choices=AgencyKind)
    name = models.CharField(max_length=120)

    class Ronda:
        record = "agency"
        updatable = ("name",)
        default_class = 0
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """An agency in an area: Polsek Mendoyo, Bawaslu Kabupaten Jembrana."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="units")
    area = AreaField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40, help_text="word of the agency for its units: polsek, panwascam")
    duty_phone = models.CharField(
        max_length=20, blank=True, db_default="", default="", help_text="its duty room's number, nobody's own"
    )

    class Meta:
        ordering: ClassVar = ["area", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "area", "kind"], name="agencies_unit_once"),
        ]

    class Ronda:
        record = "unit"
        updatable = ("name", "duty_phone")
        default_class = 0
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return self.name


class Person(Scoped):
    """Somebody who holds or held a post. The row belongs to the unit that first appointed them."""

    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    account = models.OneToOneField(Account, models.SET_NULL, null=True, related_name="person")

    class Ronda:
        record = "person"
        updatable = ("name", "phone", "account")
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {"phone": 3, "name": 3}

    def __str__(self) -> str:
        return str(self.pk)


class Post(Scoped):
    """A person in a unit in a role for a time. Rights come from here and from nowhere else."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=12, choices=Role)
    display_name = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="first day without the post")

    # Set in memory when somebody acts here in the holder's place: then the person is theirs, and the name says it.
    cover: "Cover | None" = None

    class Meta:
        ordering: ClassVar = ["area", "display_name"]
        indexes: ClassVar = [models.Index(fields=["agency", "area"], name="agencies_post_place")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "unit", "role"],
                condition=models.Q(ends_on__isnull=True),
                name="agencies_post_once",
            ),
        ]

    class Ronda:
        record = "post"
        updatable = ("ends_on",)
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.display_name} · {self.get_role_display()} · {self.unit.name}"


class Cover(Scoped):
    """Somebody acts in the place of a post for a span: leave, a shift. They act as themselves, with the reach of the
    post; what they do bears their own name."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="covers")
    by_post = models.ForeignKey(Post, models.PROTECT, related_name="covering")
    by_person = models.UUIDField(help_text="person who acts; who holds the covered post may not see theirs")
    by_name = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="first instant without the cover")
    reason = models.CharField(max_length=120)
    set_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="when it was ended before its time")

    class Meta:
        ordering: ClassVar = ["starts_at"]
        indexes: ClassVar = [models.Index(fields=["by_person", "ends_at"], name="agencies_cover_person")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="agencies_cover_span"
            ),
            models.CheckConstraint(condition=~Q(post=models.F("by_post")), name="agencies_cover_by_another"),
            models.CheckConstraint(condition=~Q(reason=""), name="agencies_cover_says_why"),
        ]

    class Ronda:
        record = "cover"
        updatable = ("ended_at",)
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return str(self.pk)


class Device(Scoped):
    """A phone or gateway that may send in the name of a post. The gate asks here whether it was revoked."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="devices")
    label = models.CharField(max_length=60)
    kid = models.SmallIntegerField(default=1, help_text="generation of the key its token was made with")
    phone_hash = models.CharField(
        max_length=64,
        blank=True,
        db_default="",
        default="",
        help_text="keyed digest of the number whose text messages are this device's; empty: none",
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["phone_hash"],
                condition=~Q(phone_hash="") & Q(revoked_at__isnull=True),
                name="agencies_device_one_number",
            )
        ]

    class Ronda:
        record = "device"
        updatable = ("revoked_at",)
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {"phone_hash": 3}

    def __str__(self) -> str:
        return self.label


class Invitation(Scoped):
    """One link, for one person, once. The link and the e-mail address are kept as digests."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=12, choices=Role)
    name = models.CharField(max_length=120)
    email_hash = models.CharField(max_length=64)
    token_hash = models.CharField(max_length=64, unique=True)
    ends_on = models.DateField(null=True, blank=True, help_text="first day without the post")
    renews = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", help_text="whose lost sign-in this link replaces"
    )
    invited_by = models.ForeignKey(
        Post,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="whose right the link rests on; empty: operator",
    )
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]

    class Ronda:
        record = "invitation"
        updatable = ("used_at", "revoked_at")
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {"email_hash": 3, "token_hash": 3}

    def __str__(self) -> str:
        return str(self.pk)

    def state_at(self, at: datetime) -> str:
        """Its state at an instant."""
        return invitation_state(
            used_at=self.used_at, revoked_at=self.revoked_at, expires_at=self.expires_at, at=at
        )
