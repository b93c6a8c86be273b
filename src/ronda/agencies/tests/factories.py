"""The cast for tests: `cast()` makes all of Jembrana, `sign_in(client, post)` lets one of them in."""

import hashlib
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from ronda.agencies.domain import GUARDED_ROLES
from ronda.agencies.hardware import hardware_keys
from ronda.agencies.models import Account, Post
from ronda.agencies.selectors import account_of
from ronda.agencies.services import demo_people
from ronda.kernel.scope import Scope, scoped

AT = datetime(2024, 11, 27, 3, 0, tzinfo=UTC)
AREA = "51.01"


def cast(area: str = AREA) -> Mapping[str, Post]:
    """The posts of the cast by lower-case name: ayu, bagas, citra, dewa (another regency), eka, nyoman (admin) …"""
    with scoped(Scope.system()):
        return demo_people(area=area, at=AT).posts


def sign_in(client: Client, post: Post) -> None:
    """A signed-in browser acting in a post, with a fresh proof, without the pages of the sign-in."""
    with scoped(Scope.signin()):
        account = account_of(post)
        assert account is not None, f"{post} has no account"
        client.force_login(account)
        proof: dict[str, Any] = {"method": "mfa", "at": time.time()}
        if settings.HARDWARE_KEYS and post.role in GUARDED_ROLES:
            proof |= {"type": "webauthn", "id": min(hardware_keys(account.pk) or {add_key(account).pk})}
        session = client.session
        session["post"] = str(post.pk)
        session["account_authentication_methods"] = [proof]
        session["account_authentication_methods_user"] = str(account.pk)
        session.save()


def age_proofs(client: Client, seconds: float = 301) -> None:
    """Make the proofs of a signed-in browser older: by default too old for what asks for a fresh one."""
    with scoped(Scope.signin()):
        session = client.session
        proofs = session["account_authentication_methods"]
        session["account_authentication_methods"] = [
            proof | {"at": proof["at"] - seconds} for proof in proofs
        ]
        session.save()


FLAG = AuthenticatorData.FLAG
BOUND, COPIED = FLAG.UP | FLAG.UV | FLAG.AT, FLAG.UP | FLAG.UV | FLAG.AT | FLAG.BE | FLAG.BS


def add_key(account: Account, flags: FLAG = BOUND) -> Authenticator:
    """A passkey of an account, registered with these flags: by default one that cannot leave its device."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential = AttestedCredentialData.create(bytes(16), os.urandom(16), public)
    data = AuthenticatorData.create(hashlib.sha256(b"testserver").digest(), flags, 0, credential)
    client = CollectedClientData.create("webauthn.create", b"challenge", "https://testserver")
    key_id = websafe_encode(credential.credential_id)
    registration = {
        "id": key_id,
        "rawId": key_id,
        "type": "public-key",
        "clientExtensionResults": {"credProps": {"rk": True}},
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
    }
    return Authenticator.objects.create(
        user=account, type="webauthn", data={"name": "Kunci", "credential": registration}
    )
