"""Which earlier observation stands for one span ago."""

from datetime import timedelta

import pytest

from subnets.metrics import TOLERANCES, Span
from subnets.models import Subnet
from subnets.past import Past
from tests.factories import T0, a_subnet, stored_unmeasured

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def price_before(span: Span) -> int | None:
    """In rao, of the observation that stands for one span before T0."""
    rows = Past(T0, T0).earlier(T0).get(span, {})
    return rows[Subnet.objects.get().pk].price_rao if rows else None


@pytest.mark.parametrize("span", list(Span))
def test_the_nearest_observation_stands_for_one_span_ago(span: Span) -> None:
    ago, tolerance = T0 - span.value, TOLERANCES[span]
    stored_unmeasured(a_subnet(price_rao=2), at=ago + tolerance)
    assert price_before(span) == 2
    stored_unmeasured(a_subnet(price_rao=1), at=ago - tolerance / 2)
    assert price_before(span) == 1


@pytest.mark.parametrize("span", list(Span))
def test_nothing_stands_for_one_span_ago_beyond_the_tolerance(span: Span) -> None:
    assert price_before(span) is None
    for beyond in (-TOLERANCES[span] - SECOND, TOLERANCES[span] + SECOND):
        stored_unmeasured(a_subnet(), at=T0 - span.value + beyond)
    assert price_before(span) is None


def test_of_two_equally_near_the_earlier_is_taken() -> None:
    ago, hour = T0 - Span.DAY.value, timedelta(hours=1)
    stored_unmeasured(a_subnet(price_rao=2), at=ago + hour)
    stored_unmeasured(a_subnet(price_rao=1), at=ago - hour)
    assert price_before(Span.DAY) == 1
