from django.urls import path

from ronda.reports import views

app_name = "reports"
urlpatterns = [
    path("laporan", views.report_list, name="report-list"),
    path("laporan/baru", views.report_create, name="report-create"),
    path("laporan/terkirim", views.report_sent, name="report-sent"),
    path("laporan/<uuid:report_id>/tempat", views.report_place, name="report-place"),
    path("laporan/<uuid:report_id>/tolak", views.report_reject, name="report-reject"),
    path("laporan/<uuid:report_id>/kembalikan", views.report_return, name="report-return"),
    path("laporan/<uuid:report_id>/kontak", views.contact_reveal, name="contact-reveal"),
]
