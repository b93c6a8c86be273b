"""Sign-in by link, one's own account, the people of one's unit."""

from allauth.account import views as account_views
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from ronda.agencies.views import account, covers, entrance, people

app_name = "agencies"
urlpatterns: list[URLPattern | URLResolver] = [
    path("masuk/ulang/", entrance.step_up, name="step-up"),
    path("masuk/undangan/<str:token>/", entrance.invitation_accept, name="invitation-accept"),
    path("masuk/keluar/", account_views.logout, name="sign-out"),
    path("akun/", account.account_detail, name="account"),
    path("akun/pengaman/", account.account_secure, name="account-secure"),
    path("akun/kunci/", account.account_key, name="account-key"),
    path("akun/jabatan/", account.post_choose, name="post-choose"),
    path("akun/perangkat/<uuid:device_id>/cabut/", account.device_revoke, name="device-revoke"),
    path("akun/sesi/keluarkan/", account.sessions_end, name="sessions-end"),
    path("akun/lihat-sebagai/mulai/", account.view_as_begin, name="view-as-begin"),
    path("akun/lihat-sebagai/selesai/", account.view_as_end, name="view-as-end"),
    path("orang/", people.people_list, name="people-list"),
    path("orang/nomor-piket/", people.duty_numbers, name="duty-numbers"),
    path("orang/undang/", people.person_invite, name="person-invite"),
    path("orang/undang/berkas/", people.people_import, name="people-import"),
    path("orang/undangan/<uuid:invitation_id>/batal/", people.invitation_revoke, name="invitation-revoke"),
    path("orang/jabatan/<uuid:post_id>/", people.post_detail, name="post-detail"),
    path("orang/jabatan/<uuid:post_id>/akhiri/", people.post_end, name="post-end"),
    path("orang/jabatan/<uuid:post_id>/serahkan/", people.post_hand, name="post-hand"),
    path("pengganti/", covers.cover_list, name="cover-list"),
    path("pengganti/<uuid:cover_id>/akhiri/", covers.cover_end, name="cover-end"),
    path("orang/jabatan/<uuid:post_id>/pulihkan/", people.post_renew, name="post-renew"),
]
if settings.DEMO:
    urlpatterns += [path("", include("ronda.agencies.demo_urls"))]
