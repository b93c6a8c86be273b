"""One-click sign-in. Only `urls` includes this, and only in demo mode."""

from django.urls import path

from ronda.agencies.views import entrance

urlpatterns = [path("masuk/demo/", entrance.demo_sign_in, name="demo-sign-in")]
