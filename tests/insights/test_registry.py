"""Every number that can be shown is declared once, and what it is made of can be looked up."""

import re

import pytest

from insights import registry
from insights.catalogue import ALL_DEVIATIONS, EXPLAINED, built_on, deviations_of, groups, inputs_of
from insights.mathml import NotMathMLError, from_text, rebuilt, typeset
from insights.screening.columns import column_of
from taoanalytics.lib.metric import Layer, Metric
from tests.subnets.test_metrics_declarations import by_key

every_metric = pytest.mark.parametrize("metric", EXPLAINED.values(), ids=by_key)


def test_the_catalogue_has_all_of_the_registry_and_each_metric_in_one_group() -> None:
    assert set(registry.BY_KEY) <= set(EXPLAINED)
    listed = [metric.key for members in groups().values() for metric in members]
    assert sorted(listed) == sorted(EXPLAINED)


_OTHER_SPELLINGS = re.compile(r"[0-9]\s+[hdwy]\b|\b24\s?h\b")


def test_a_span_is_spelt_as_on_the_range_pills() -> None:
    labels = [
        *(metric.heading for metric in EXPLAINED.values()),
        *(column_of(metric).heading for metric in registry.METRICS),
    ]
    assert [label for label in labels if _OTHER_SPELLINGS.search(label)] == []
    assert {"Change 7d, %", "Volume 1d, τ", "Low 60d, τ", "7d"} <= set(labels)


@every_metric
def test_each_input_is_another_metric_or_is_told_in_words(metric: Metric) -> None:
    for each in inputs_of(metric):
        assert each.described, f"{each.name} of {metric.key} is nowhere described"
        assert each.metric is not metric


@every_metric
def test_a_formula_can_be_typeset_and_read_out(metric: Metric) -> None:
    if metric.layer is not Layer.OBSERVED:
        assert metric.formula
    formula = typeset(metric)
    if metric.formula:
        assert formula is not None
        assert formula.startswith("<math ")
        assert "<mo>=</mo>" in formula
    else:
        assert formula is None


@every_metric
def test_what_builds_on_a_metric_names_it_among_its_inputs(metric: Metric) -> None:
    assert all(metric.key in other.inputs for other in built_on(metric))


@pytest.mark.parametrize(
    "fragment",
    [
        "<mrow><script>alert(1)</script></mrow>",
        "<mrow",
        "<html/>",
        '<!DOCTYPE x [<!ENTITY a "b">]><mrow><mi>&a;</mi></mrow>',
        "<mrow>&lol;</mrow>",
        '<annotation-xml encoding="text/html"/>',
    ],
)
def test_what_is_no_formula_is_refused(fragment: str) -> None:
    with pytest.raises(NotMathMLError):
        rebuilt(fragment)


def test_text_and_attributes_of_a_formula_can_do_no_harm() -> None:
    made = rebuilt('<mrow onclick="x()"><mtext style="x">a &lt;b&gt; "c"</mtext><mspace width="1em;x"/></mrow>')
    assert made == '<mrow><mtext>a &lt;b&gt; &quot;c&quot;</mtext><mspace width="1em"></mspace></mrow>'


def test_a_plain_formula_becomes_operators_and_words() -> None:
    assert from_text("price × price of TAO") == "<mrow><mtext>price</mtext><mo>×</mo><mtext>price of TAO</mtext></mrow>"


def test_deviations_stand_with_the_metrics_that_they_are_about() -> None:
    assert {each.key for each in deviations_of(EXPLAINED["tao_score_v21"])} == {"tao-score-2.1.unknown"}
    assert "rank-percentile" in {each.key for each in deviations_of(EXPLAINED["market_cap_tao_percentile"])}
    assert "farming.emission" in {each.key for each in deviations_of(EXPLAINED["farming_score"])}
    assert not deviations_of(EXPLAINED["price_tao"])
    assert len({each.key for each in ALL_DEVIATIONS}) == len(ALL_DEVIATIONS)
