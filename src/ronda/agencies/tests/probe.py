"""The site with pages that tell who asks, try to write, and fail, for tests of the middleware and the guards."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path

from ronda.agencies.access import post_required, role_required
from ronda.agencies.models import Post
from ronda.agencies.stepup import step_up_required
from ronda.config.urls import urlpatterns as site


def who(request: HttpRequest) -> JsonResponse:
    """Who asks, and which posts the database shows them."""
    scope = request.reach  # type: ignore[attr-defined]
    return JsonResponse(
        {
            "agency": scope.agency,
            "area": scope.area,
            "classes": list(scope.classes),
            "person": scope.person,
            "sees": sorted(Post.objects.values_list("display_name", flat=True))
            if scope.agency != "publik"
            else [],
        }
    )


@post_required
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@role_required("admin")
def admins(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@post_required
@step_up_required
def export(request: HttpRequest) -> HttpResponse:
    return HttpResponse("exported")


def write(request: HttpRequest) -> HttpResponse:
    """A page that writes although it is only read, or fails after it wrote."""
    Post.objects.filter(pk=request.GET["post"]).update(ends_on="2030-01-01")
    if "fail" in request.GET:
        raise RuntimeError("after the write")
    return HttpResponse("written")


urlpatterns = [
    path("probe/who", who),
    path("probe/guarded", guarded),
    path("probe/admins", admins),
    path("probe/export", export),
    path("probe/write", write),
    path("", include("ronda.agencies.demo_urls")),
    *site,
]
