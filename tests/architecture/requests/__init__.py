"""Every writing request of the site with a body that does something: who sends it, about what, and who must not.

`PAGES` is keyed by the name of the route (for acts: route and slug), `OPERATIONS` by the path of the interface. A
request without a record of somebody's own (one's own session, the public form) has no strangers.
"""

from tests.architecture.requests import channels, field, incidents, people, readiness, reports, results
from tests.architecture.requests.interface import OPERATIONS
from tests.architecture.requests.written import Written

__all__ = ["EXCUSED", "OPERATIONS", "PAGES", "Written"]

PAGES = {
    **channels.PAGES,
    **field.PAGES,
    **incidents.PAGES,
    **reports.PAGES,
    **results.PAGES,
    **people.PAGES,
    **readiness.PAGES,
}

# Addresses that take a POST and have no case, each with its reason.
OWN = "django-allauth's own page about the account that is signed in; names nobody else's record"
EXCUSED = {
    **channels.EXCUSED,
    "/api/v1/reports/follow": "reads states under a receipt code",
    "readiness:call-act": "a line stands on the list on voting day only (readiness/tests/test_calls.py)",
    "portal:follow": "reads states under a receipt code",
    "portal:contest": "anybody's, under a receipt code, once (incidents/tests/test_contesting.py)",
    "gate:token-public": "gives anyone a token with which reports may be sent; keeps nothing",
    "web:preference-set": "sets cookies of the browser that asks",
    "agencies:step-up": "sends on to the proof that the account has; keeps it in the own session",
    "agencies:sign-out": "ends the own session",
    **dict.fromkeys(
        (
            "account_login",
            "account_logout",
            "account_reauthenticate",
            "account_change_password",
            "account_set_password",
            "mfa_authenticate",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_login_webauthn",
            "mfa_add_webauthn",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_generate_recovery_codes",
            "mfa_view_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_index",
            "mfa_list_webauthn",
            "openid_connect_login",
            "openid_connect_callback",
            "socialaccount_signup",
            "socialaccount_connections",
        ),
        OWN,
    ),
}
