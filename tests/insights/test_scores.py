"""What every score keeps: parts that add up, words where there is no number, one registry, one declaration."""

import math
import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from insights.scores import DECLARATIONS, DEVIATIONS, METRICS, VERSIONS, Score, ScoreInput
from insights.scores.parts import half_up_tenths, shared_tenths
from insights.scores.predecessor import TERMS_V11, TERMS_V21
from insights.scores.quality import TERMS
from taoanalytics.lib.metric import Layer

KEYS = sorted({term.key for term in TERMS} | {key for term in TERMS_V11 + TERMS_V21 for key in term.inputs})
number = st.none() | st.floats(0.001, 1e6)


@st.composite
def snapshot(draw: st.DrawFn) -> list[ScoreInput]:
    """Up to a dozen subnets that can be compared, with any of the inputs unknown."""
    count = draw(st.integers(1, 12))
    return [comparable(netuid, {key: draw(number) for key in KEYS}) for netuid in range(1, count + 1)]


def comparable(netuid: int, values: dict[str, float | None]) -> ScoreInput:
    return ScoreInput(
        netuid=netuid,
        values=values,
        block=9_000_000,
        registered_at_block=5_000_000,
        price_tao=0.01,
        moving_price_tao=0.01,
        pool_tao=1_000,
        pool_alpha=100_000,
        days_since_start=300,
    )


def check(score: Score) -> None:
    """What holds for any score at all."""
    assert 0 <= score.coverage <= 1
    if score.value is None:
        assert score.reason
        assert (score.tenths, score.shown, score.parts, score.place) == (None, None, (), None)
        return
    assert not score.reason
    assert score.tenths is not None
    assert -1e-9 <= score.value <= 100 + 1e-9
    assert math.fsum(part.points for part in score.parts) == score.value
    assert sum(part.tenths for part in score.parts) == score.tenths
    assert math.fsum(part.weight for part in score.parts) == pytest.approx(1)
    assert all(part.points == part.weight * part.rating and 0 <= part.rating <= 100 for part in score.parts)
    assert abs(score.tenths / 10 - score.value) <= 0.05 + 1e-9
    assert all(abs(part.shown - part.points) < 0.1 + 1e-9 for part in score.parts)


@pytest.mark.parametrize("version", VERSIONS)
@given(rows=snapshot())
def test_the_parts_add_up_to_the_score_exactly_and_as_shown(version: str, rows: list[ScoreInput]) -> None:
    scores = VERSIONS[version](rows)
    assert list(scores) == [row.netuid for row in rows]
    for score in scores.values():
        assert score.version == version
        check(score)


@pytest.mark.parametrize("version", VERSIONS)
@given(rows=snapshot())
def test_a_score_does_not_depend_on_the_order_of_the_rows(version: str, rows: list[ScoreInput]) -> None:
    assert VERSIONS[version](rows[::-1]) == VERSIONS[version](rows)


@pytest.mark.parametrize("version", VERSIONS)
def test_where_nothing_is_known_there_is_no_score_but_a_reason(version: str) -> None:
    score = VERSIONS[version]([comparable(1, {})])[1]
    check(score)
    assert score.value is None
    assert score.coverage == 0
    assert score.unknown


@pytest.mark.parametrize("version", VERSIONS)
def test_no_subnets_no_scores(version: str) -> None:
    assert VERSIONS[version]([]) == {}


@given(st.lists(st.floats(0, 20), min_size=1, max_size=15))
def test_tenths_are_dealt_so_that_they_add_up_and_none_is_off_by_a_tenth(points: list[float]) -> None:
    total = half_up_tenths(math.fsum(points))
    shares = shared_tenths(points, total)
    assert sum(shares) == total
    assert all(abs(share - point * 10) < 1 + 1e-6 for share, point in zip(shares, points, strict=True))


@given(st.integers(0, 10_000))
def test_halves_are_rounded_up_whatever_binary_makes_of_them(hundredths: int) -> None:
    expected = math.floor(Fraction(hundredths, 10) + Fraction(1, 2))
    assert half_up_tenths(hundredths / 100) == expected
    assert half_up_tenths(hundredths / 300 * 3) == expected


def test_equal_remainders_go_to_the_earlier_part() -> None:
    assert shared_tenths([0.25, 0.25, 0.5], 10) == [3, 2, 5]


@given(snapshot(), st.integers(0, 100))
def test_a_better_input_never_lowers_a_subnets_own_rating(rows: list[ScoreInput], index: int) -> None:
    key = TERMS[index % 2].key
    assume(rows[0].values[key] is not None)
    better = [comparable(1, dict(rows[0].values) | {key: 1e7}), *rows[1:]]
    before, after = (VERSIONS["tao-score-3.0"](each)[1].value for each in (rows, better))
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert after >= before - 1e-9


def test_the_registry_offers_three_versions_and_each_is_declared() -> None:
    assert list(VERSIONS) == ["tao-score-3.0", "tao-score-2.1", "tao-score-1.1"]
    assert set(DECLARATIONS) == set(VERSIONS)
    assert set(DECLARATIONS.values()) < set(METRICS)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_a_score_is_declared_as_a_judgement_that_forecasts_nothing(metric: object) -> None:
    declared = next(each for each in METRICS if each is metric)
    assert declared.layer is Layer.JUDGED
    assert "no forecast" in declared.about.lower()
    assert declared.formula
    assert declared.unknown
    assert declared.inputs
    assert declared.lower is not None
    assert declared.upper is not None
    ET.fromstring(declared.mathml)  # noqa: S314 (our own constant)


def test_keys_are_unique() -> None:
    keys = [metric.key for metric in METRICS]
    assert len(set(keys)) == len(keys)


def test_the_weights_of_each_score_add_up_to_100() -> None:
    for weights in ([t.weight for t in TERMS], [t.weight for t in TERMS_V11], [t.weight for t in TERMS_V21]):
        assert sum(weights) == 100


def test_every_deviation_is_named_and_says_why() -> None:
    assert [deviation.key for deviation in DEVIATIONS] == ["tao-score-2.1.unknown"]
    assert all(d.before and d.now and d.why for d in DEVIATIONS)
