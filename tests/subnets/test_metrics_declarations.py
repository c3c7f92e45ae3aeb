"""Every number is declared once, and the declaration is true of what is computed."""

import ast
import math
import sys
from itertools import chain
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import subnets.metrics
from subnets import regimes
from subnets.facts import NeuronColumns
from subnets.metrics import (
    BY_KEY,
    METRICS,
    NETWORK_METRICS,
    REPORTED_FIELDS,
    SUBNET_METRICS,
    DailyPoint,
    NetworkRow,
    Span,
    compute,
    compute_network,
)
from subnets.metrics.arithmetic import within_bounds
from taoanalytics.lib.metric import Layer, Metric, Unit
from tests.subnets.given import BLOCK, NOW, at_now, neurons, observation, subnet

ALLOWED = {
    "subnets",
    "subnets.facts",
    "taoanalytics.lib.metric",
    "taoanalytics.lib.units",
}
PURE = ("subnets.metrics", "subnets.regimes")


def by_key(metric: Metric) -> str:
    return metric.key


def test_keys_are_unique_and_the_index_has_all() -> None:
    assert len(BY_KEY) == len(METRICS) == len(SUBNET_METRICS) + len(NETWORK_METRICS)
    assert tuple(BY_KEY.values()) == METRICS


@pytest.mark.parametrize("metric", METRICS, ids=by_key)
def test_a_declaration_says_everything(metric: Metric) -> None:
    for text in (metric.label, metric.about, metric.unknown, metric.source, metric.group):
        assert text.strip() == text
        assert text
    assert metric.about.endswith(".")
    assert metric.unknown.endswith(".")
    assert metric.inputs
    assert metric.version >= 1
    if metric.layer is Layer.DERIVED:
        assert metric.formula
        assert metric.mathml


@pytest.mark.parametrize("metric", [m for m in METRICS if m.mathml], ids=by_key)
def test_a_typeset_formula_is_one_well_formed_row(metric: Metric) -> None:
    element = ElementTree.fromstring(metric.mathml)  # noqa: S314 (our own text)
    assert element.tag == "mrow"
    known = {"mrow", "mi", "mn", "mo", "mtext", "mfrac", "msub", "msup", "msqrt", "munder"}
    assert {each.tag for each in element.iter()} <= known
    children = {"mfrac": 2, "msub": 2, "msup": 2, "msqrt": 1, "munder": 2}
    assert all(len(each) == children.get(each.tag, len(each)) for each in element.iter())


@pytest.mark.parametrize("metric", METRICS, ids=by_key)
def test_every_input_can_be_followed_to_a_metric_an_observed_field_or_a_chain_parameter(metric: Metric) -> None:
    from subnets.models import NetworkSnapshot, Subnet, SubnetIdentity, SubnetSnapshot

    tables = (SubnetSnapshot, NetworkSnapshot, Subnet, SubnetIdentity)
    columns = {field.name for field in chain.from_iterable(table._meta.get_fields() for table in tables)}
    observed = columns | set(NeuronColumns.__dataclass_fields__)
    named = observed | set(BY_KEY) | set(regimes.PARAMETERS)
    assert set(metric.inputs) <= named
    if metric.layer is Layer.OBSERVED:
        assert set(metric.inputs) <= observed


def test_no_metric_is_made_of_itself() -> None:
    def leads_back(key: str, seen: frozenset[str]) -> bool:
        inputs = [each for each in BY_KEY[key].inputs if each in BY_KEY and each != key]
        return any(each in seen or leads_back(each, seen | {each}) for each in inputs)

    assert not [key for key in BY_KEY if leads_back(key, frozenset({key}))]


UNITS = {
    "_tao": {Unit.TAO, Unit.TAO_PER_ALPHA},
    "_pct": {Unit.PERCENT},
    "_ratio": {Unit.RATIO},
    "_rank": {Unit.RANK},
    "_percentile": {Unit.PERCENTILE},
    "_blocks": {Unit.BLOCKS},
    "_days": {Unit.DAYS},
    "_tao_per_day": {Unit.TAO_PER_DAY},
    "_alpha_per_day": {Unit.ALPHA_PER_DAY},
}


@pytest.mark.parametrize("metric", METRICS, ids=by_key)
def test_a_key_names_its_unit(metric: Metric) -> None:
    for ending, units in UNITS.items():
        if metric.key.endswith(ending):
            assert metric.unit in units
    if metric.unit is Unit.PERCENT:
        assert metric.key.endswith("_pct")


def test_the_arithmetic_knows_neither_django_nor_a_service() -> None:
    folder = Path(subnets.metrics.__file__).parent
    for source in [*folder.glob("*.py"), *(folder.parent / "regimes").glob("*.py")]:
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            ours = [name for name in names if name.split(".")[0] in {"subnets", "taoanalytics"}]
            assert all(name in ALLOWED or name.startswith(PURE) for name in ours), source
            outside = {name.split(".")[0] for name in names} - {"subnets", "taoanalytics"}
            assert not outside & {"django", "requests", "celery", "bittensor", "numpy"}, source
            assert outside <= sys.stdlib_module_names, source


def test_nothing_known_gives_every_metric_and_no_number() -> None:
    values = compute(subnet(observation(block=6_000_000, observed_at=NOW.replace(year=2025, month=7))))
    assert set(values) == {metric.key for metric in SUBNET_METRICS}
    assert {key: value for key, value in values.items() if value is not None} == {}


def test_a_value_that_rounding_put_past_its_bound_is_put_back_and_any_other_is_unknown() -> None:
    share = BY_KEY["permit_stake_pct"]
    assert within_bounds(share, 100.00000000000001) == 100
    assert within_bounds(share, -1e-12) == 0
    assert [within_bounds(share, value) for value in (101, -1, math.nan, math.inf, -math.inf, None)] == [None] * 6


big = st.one_of(st.none(), st.integers(-5, 2**63 - 1), st.integers(0, 10**12))
fraction = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True), st.floats(0, 1))
reports = st.fixed_dictionaries(
    {name: fraction if name in {"pool_tao_weight", "pool_fee", "miner_burn"} else big for name in REPORTED_FIELDS}
)
score = st.integers(0, 65_535)
amount = st.one_of(st.integers(0, 2**63 - 1), st.just(0))
uid = st.fixed_dictionaries(
    {
        "hotkeys": st.sampled_from("abcdef"),
        "coldkeys": st.sampled_from(["", "x", "y", "z"]),
        "active": st.booleans(),
        "validator_permit": st.booleans(),
        "last_update": st.integers(0, BLOCK),
        "block_at_registration": st.integers(0, BLOCK),
        "validator_trust": score,
        "dividends": score,
        "incentives": score,
        "consensus": score,
        "emission": amount,
        "alpha_stake": amount,
        "total_stake": amount,
    }
)
columns = st.lists(uid, max_size=8).map(
    lambda uids: neurons(len(uids), **{name: [each[name] for each in uids] for name in uids[0]}) if uids else neurons(0)
)


def sound(metric: Metric, value: float | None) -> bool:
    if value is None:
        return True
    if metric.unit in {Unit.COUNT, Unit.RANK, Unit.BLOCKS} and not isinstance(value, int):
        return False
    above = metric.lower is None or value >= metric.lower
    return math.isfinite(value) and above and (metric.upper is None or value <= metric.upper)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(reports, reports, columns, columns, st.lists(big, max_size=61), st.integers(0, BLOCK))
def test_whatever_is_reported_values_are_finite_and_within_their_bounds(
    now, before, today, earlier, prices, registered
) -> None:
    inputs = subnet(
        observation(**now),
        registered_at_block=registered,
        earlier={span: observation(span.days, **before) for span in Span},
        daily=[
            DailyPoint(block=BLOCK - d * 7200, observed_at=NOW - d * Span.DAY.value, price_rao=price)
            for d, price in enumerate(prices, 1)
        ],
        neurons=at_now(today),
        earlier_neurons={Span.DAY: earlier, Span.WEEK: today},
    )
    values = compute(inputs)
    assert all(sound(BY_KEY[key], value) for key, value in values.items())
    rows = [
        NetworkRow(netuid=1, registered_at_block=registered, values=values),
        NetworkRow(netuid=2, registered_at_block=1, values=compute(subnet(observation(**before)))),
    ]
    for found in compute_network(rows).values():
        assert all(sound(BY_KEY[key], value) for key, value in found.items())
