"""Addresses for other programs."""

from django.urls import path

from ronda.channels.views import hooks, openrosa, sms

app_name = "channels"
urlpatterns = [
    path("masuk/sms/<slug:gateway>/", sms.take, name="sms-take"),
    path("masuk/sms/<slug:gateway>/kabar/", sms.delivered, name="sms-delivered"),
    path("masuk/webhook/<slug:webhook>/", hooks.take, name="hook-take"),
    path("openrosa/formList", openrosa.form_list, name="form-list"),
    path("openrosa/forms/<slug:form>.xml", openrosa.form_show, name="form-show"),
    path("openrosa/forms/<slug:form>/manifest", openrosa.form_manifest, name="form-manifest"),
    path("openrosa/submission", openrosa.submission, name="submission"),
]
