"""Addresses for other programs."""

from django.urls import path

from ronda.channels.views import sms

app_name = "channels"
urlpatterns = [
    path("masuk/sms/<slug:gateway>/", sms.take, name="sms-take"),
    path("masuk/sms/<slug:gateway>/kabar/", sms.delivered, name="sms-delivered"),
]
