"""The pages of django-allauth that Ronda uses, under Indonesian addresses; what is not here does not exist."""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as key
from allauth.socialaccount import views as outside
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.urls import path
from django.views.generic import RedirectView

from ronda.agencies.views.entrance import EnrolCodeView, EnrolKeyView, SignInView

to_account = RedirectView.as_view(pattern_name="agencies:account")

urlpatterns = [
    path("", SignInView.as_view(), name="account_login"),
    path("keluar/", account.logout, name="account_logout"),
    path("nonaktif/", account.account_inactive, name="account_inactive"),
    path("ulang/sandi/", account.reauthenticate, name="account_reauthenticate"),
    path("sandi/ganti/", account.password_change, name="account_change_password"),
    path("sandi/buat/", account.password_set, name="account_set_password"),
    path("kode/", factor.authenticate, name="mfa_authenticate"),
    path("ulang/kode/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("faktor/", to_account, name="mfa_index"),
    path("kunci/", to_account, name="mfa_list_webauthn"),
    path("kunci/masuk/", key.login_webauthn, name="mfa_login_webauthn"),
    path("kunci/tambah/", EnrolKeyView.as_view(), name="mfa_add_webauthn"),
    path("ulang/kunci/", key.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("kunci/<int:pk>/hapus/", key.remove_webauthn, name="mfa_remove_webauthn"),
    path("kunci/<int:pk>/ubah/", key.edit_webauthn, name="mfa_edit_webauthn"),
    path("aplikasi/pasang/", EnrolCodeView.as_view(), name="mfa_activate_totp"),
    path("aplikasi/lepas/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("cadangan/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("cadangan/buat/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("cadangan/unduh/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("instansi/<str:provider_id>/", oidc.login, name="openid_connect_login"),
    path("instansi/<str:provider_id>/kembali/", oidc.callback, name="openid_connect_callback"),
    path("luar/batal/", outside.login_cancelled, name="socialaccount_login_cancelled"),
    path("luar/galat/", outside.login_error, name="socialaccount_login_error"),
    path("luar/daftar/", outside.signup, name="socialaccount_signup"),
    path("luar/", to_account, name="socialaccount_connections"),
]
