"""The demo's cast stands in any regency."""

import pytest

from ronda.agencies.models import Account, Agency, Post, Unit
from ronda.agencies.selectors import scope_of
from ronda.agencies.services import demo_people
from ronda.agencies.tests.factories import AT, cast
from ronda.kernel.scope import Scope, scoped

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("area", ["51.01", "35.09", "73.71", "31.73", "91.03"])
def test_stands_in_any_regency(area: str) -> None:
    posts = cast(area)

    assert posts["citra"].area == area
    assert posts["ayu"].area.startswith(f"{area}.")
    assert posts["bagas"].area == posts["ayu"].area[:8]
    assert not posts["dewa"].area.startswith(area)


def test_made_twice_is_made_once() -> None:
    with scoped(Scope.system()):
        first = demo_people(area="51.01", at=AT)
        counts = [model.objects.count() for model in (Agency, Unit, Post, Account)]
        again = demo_people(area="51.01", at=AT)

        assert {name: post.pk for name, post in first.posts.items()} == {
            name: post.pk for name, post in again.posts.items()
        }
        assert [model.objects.count() for model in (Agency, Unit, Post, Account)] == counts


def test_two_regencies_stand_beside_each_other() -> None:
    assert cast("51.01")["citra"].pk != cast("35.09")["citra"].pk


def test_refuses_what_is_no_regency() -> None:
    with scoped(Scope.system()), pytest.raises(ValueError, match="regency"):
        demo_people(area="51", at=AT)


def test_scope_of_a_post_is_its_area_and_the_classes_of_its_role() -> None:
    ayu = cast()["ayu"]

    scope = scope_of(ayu)

    assert (scope.agency, scope.kind, scope.area) == ("bawaslu", "bawaslu", "51.01.02.2007")
    assert scope.classes == (0, 1, 2)
    assert scope.person == str(ayu.person_id)
