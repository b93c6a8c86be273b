"""Devices: those of one's own post stand under the account, those of a unit under its administrator."""

from django.urls import path

from ronda.gate import device_pages

app_name = "devices"
urlpatterns = [
    path("akun/perangkat/daftar/", device_pages.device_register_own, name="device-register-own"),
    path("perangkat/", device_pages.device_list, name="device-list"),
    path("perangkat/daftar/<uuid:post_id>/", device_pages.device_register, name="device-register"),
    path("perangkat/<uuid:device_id>/cabut/", device_pages.device_revoke, name="device-revoke"),
]
