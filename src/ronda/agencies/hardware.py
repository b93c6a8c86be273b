"""Keys that cannot leave their device: what a post of an administrator or a custodian is opened with.

A passkey says at its registration whether it may be copied to other devices (WebAuthn, flag BE) and whether the device
checked its owner (flag UV); both are part of the credential that is kept. Whoever takes over the account of a cloud
takes over its copied keys, and with them the post: so these are not enough here.
"""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from fido2.webauthn import AuthenticatorData

_FLAG = AuthenticatorData.FLAG


def is_hardware_bound(key: Authenticator) -> bool:
    """Whether a key was registered as one that stays on its device and asks for its owner."""
    flags = key.wrap().authenticator_data.flags
    return bool(flags & _FLAG.UV) and not flags & (_FLAG.BE | _FLAG.BS)


def hardware_keys(account_id: object) -> set[int]:
    """The keys of an account that cannot leave their device. Needs the scope of the sign-in."""
    keys = Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.WEBAUTHN)
    return {key.pk for key in keys if is_hardware_bound(key)}


def rests_on_hardware_key(request: HttpRequest) -> bool:
    """Whether such a key, still there now, was used in this session. Needs the scope of the sign-in."""
    used = {record.get("id") for record in get_authentication_records(request, request.user)}
    return bool(used & hardware_keys(request.user.pk))
