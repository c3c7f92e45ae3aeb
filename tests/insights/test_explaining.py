"""The pure parts of an explanation: what it is made from, what a text may say, when it has moved."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.explaining import answer
from insights.explaining.checks import problems_of
from insights.explaining.figures import inputs_of
from insights.explaining.inputs import Inputs, input_hash, moved
from insights.explaining.template import closing, template
from insights.scores.buy_signal import TERMS, signal_of_percentiles

AT = datetime(2026, 1, 31, tzinfo=UTC)
PERCENTILES = {
    "organic_flow_30d_pct": 31.2,
    "drawdown_60d_pct": 88.4,
    "max_drawdown_30d_pct": 70.0,
    "volatility_30d_pct": 80.0,
    "alpha_supply_growth_30d_pct": 62.0,
}
RAW = {
    "organic_flow_30d_pct": -3.21,
    "drawdown_60d_pct": -12.3,
    "max_drawdown_30d_pct": -20.1,
    "volatility_30d_pct": 41.2,
    "alpha_supply_growth_30d_pct": 2.13,
}
VALUES = {
    "change_1d_pct": 1.23,
    "change_7d_pct": -4.5,
    "change_30d_pct": 10.4,
    "price_tao": 0.0123456,
    "market_cap_tao": 123_456.7,
    "pool_tao": 9_876.5,
    "tao_score_v3": 61.2,
    "alpha_inflation_annual_pct": 33.3,
}


def some_inputs(**changed: Any) -> Inputs:
    """Of a subnet at signal 4; `changed`: percentiles, values or arguments of `inputs_of`."""
    told: dict[str, Any] = {
        "observed_at": AT,
        "compared": 111,
        "peers": [66.3, 70.0, 20.0, 90.0],
        "costs": [(10.0, 0.21), (100.0, 2.02), (1000.0, 16.9)],
        "category": ("media-vision", "Media-Vision / 3-D"),
    }
    signal = signal_of_percentiles(PERCENTILES | changed.pop("percentiles", {}), RAW | changed.pop("raw", {}))
    return inputs_of(signal, VALUES | changed.pop("values", {}), **told | changed)


def problems(rest: str, level: int = 4, names: tuple[str, ...] = ()) -> list[str]:
    """Of a text that begins well."""
    opening = "Signal 4 of 5. The composite stands at 66.3 points, carried by a shallow fall from the high."
    return problems_of(f"{opening} {rest}", level, some_inputs(), names)


def test_the_composed_text_says_level_parts_momentum_peers_and_cost() -> None:
    said = template(some_inputs())
    for words in (
        "Signal 4 of 5, stronger: the composite is 66.3 points",
        "distance to the 60-day high, at percentile 88 with −12.3%",
        "net flow to market cap over 30 days, at percentile 31 with −3.2%",
        "6.7 points short of signal 5",
        "+1.2% over 1 day, −4.5% over 7 days and +10.4% over 30 days",
        "3rd of the 4 in its category, Media-Vision / 3-D",
        "0.21% of 10 τ, 2.02% of 100 τ and 16.90% of 1,000 τ",
    ):
        assert words in said
    assert "31 Jan 2026 00:00 UTC" in closing(some_inputs())
    assert "not advice" in closing(some_inputs())


@given(
    percentiles=st.lists(st.none() | st.floats(0.5, 99.5), min_size=5, max_size=5),
    raw=st.lists(st.none() | st.floats(-90, 900), min_size=5, max_size=5),
    changes=st.lists(st.none() | st.floats(-99, 9_000), min_size=3, max_size=3),
    cap=st.none() | st.floats(1e-9, 1e9),
    peers=st.lists(st.floats(1, 99), max_size=8),
)
def test_a_composed_text_holds_to_the_rules_for_a_models(
    percentiles: Any, raw: Any, changes: Any, cap: Any, peers: Any
) -> None:
    keys = [term.key for term in TERMS]
    behind = dict(zip(keys, raw, strict=True))
    if behind["volatility_30d_pct"] is not None:
        behind["volatility_30d_pct"] = abs(behind["volatility_30d_pct"])
    inputs = some_inputs(
        percentiles=dict(zip(keys, percentiles, strict=True)),
        raw=behind,
        values={
            **dict(zip(("change_1d_pct", "change_7d_pct", "change_30d_pct"), changes, strict=True)),
            "market_cap_tao": cap,
        },
        peers=peers,
    )
    if inputs.level is None:
        assert template(inputs).startswith("There is no signal. ")
    else:
        assert problems_of(template(inputs), inputs.level, inputs, ("Apex", "Score", "Signal")) == []


@pytest.mark.parametrize(
    "text",
    [
        "The price fell 4.5% over 7 days and rose 1.2% over 1 day.",
        "Net flow was −3.2% over 30 days, at percentile 31.",
        "Volatility of 41.2% over 30 days stands at the 80th percentile.",
        "Volatility of about 41% over 30 days is lower than that of most.",
        "It ranks 3rd of 4 peers.",
        "Among the four of its category it is third.",
        "A round trip costs up to 2.02% of 100 τ and 16.9% of 1,000 TAO.",
        "The market cap is 123,457 τ, about 123k τ.",
        "The composite is 6.7 points short of signal 5.",
        "It is 12.3% below its 60-day high.",
        "The subnet has a TAO Score v3 of 61.2 points.",
        "The price changed by +10 % over 30 days.",
        "It is level four out of five.",
        "Of the category Media-Vision / 3-D there are 4.",
        "Its 5 parts agree, where 100 is best.",
        "The five parts stand at 31, 88, 70, 80 and 62 of 100.",
        "The price changed by 1.2 per cent over 1 day.",
        "Volatility stands at percentile 80. 4 of its category have a signal.",
    ],
)
def test_a_text_with_the_given_figures_passes(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The price rose 4.5% over 7 days.",  # it fell
        "The price fell 1.2% over 7 days.",  # a figure of another span, and it rose
        "The price changed by −1.2% over 1 day.",
        "It gained 41.2% over 30 days.",  # its volatility
        "The price fell by 7 % over 7 days.",
        "Volatility of 42% over 30 days is low.",
        "Volatility is 41.2 points.",  # another unit
        "Its market cap is 124k τ.",
        "Its market cap is $123,457.",
        "Its market cap is 123,457 alpha.",
        "The inflation is 34.3% a year.",
        "The inflation is 0%.",
        "It ranks 1st of 4 peers.",
        "It ranks second of four peers.",
        "Over 14 days it was calm.",
        "Over two weeks it was calm.",
        "About half of its peers stand lower.",
        "It doubled within 30 days.",
        "Eighty-nine of 111 subnets stand lower.",
        "It is a tenfold.",
        "The ½ of it.",
        "A round trip costs 2.03% of 100 τ.",
        "It stands above SN64.",
        "It stands above subnet 64.",
        "On 1 February 2026 it stood higher.",
        "Its price is 0.0223456 τ.",
        "The composite is ６７.３ points.",  # wide digits
        "The composite is ٦٧ points.",
        "It stands among five hundred subnets.",
        "It has one hundred and five of them.",
        "It rose twenty-five percent.",
        "It stood at 100,5 once.",
        "It gained 5 100 somewhere.",
        "It is 1'000 by now.",
        "It is 5×100.",
        "A ratio of 5:1 speaks for it.",
        "It grew 5 times.",
        "It is 5x.",
        "It has 100 validators.",
        "It has 88 miners.",
        "It cost 5 dollars.",
        "It moved 31 bps.",
        "It moved 31 basis points.",
        "It moved 31 pct.",
        "It burns 5 a day.",
        "It is 0.",
        "It has a score of one.",
        "It is in the top decile.",
    ],
)
def test_a_number_that_was_not_supplied_is_found(text: str) -> None:
    assert problems(text)


@pytest.mark.parametrize(
    "text",
    [
        "Signal 5 of 5.",
        "It deserves 5/5.",
        "Really five out of five.",
        "In truth signal 5.",
        "The level is 3.",
        "Signal: five.",
        "Signal V for those who know.",
        "It is the strongest signal.",
        "★★★★★ for it.",
        "It is 6.7 points short of signal 3.",
    ],
)
def test_another_level_is_found(text: str) -> None:
    assert problems(text)


def test_the_stated_level_has_to_be_there_and_to_be_the_computed_one() -> None:
    assert problems("", level=5) == ["it answers with level 5"]
    assert "it does not say signal 4 of 5" in problems_of("The subnet is calm. " * 6, 4, some_inputs())


@pytest.mark.parametrize(
    "text",
    [
        "Investors should buy it.",
        "A good entry.",
        "It will rise.",
        "This is not advice.",
        "It is undervalued.",
        "See https://evil.example for more.",
        "See evil.example.com for more.",
        "Ask @evil.",
        "Send to 5F3sa2TJAWMqDhXG6jhV4N8ko9SxwGy8TpaNS1repo5EYjQX now.",
        "**Strong** subnet.",
        "<b>Strong</b> subnet.",
        "[a link](x)",
        "Сильный subnet.",
        "It is calm\u202e.",
        "It stands above Apex.",
        "It ends in the middle of",
    ],
)
def test_advice_addresses_markup_names_and_other_scripts_are_found(text: str) -> None:
    assert problems(text, names=("Apex", "Score"))


def test_a_name_that_is_an_ordinary_word_of_ours_is_no_name() -> None:
    assert problems("The TAO Score is 61.2 points.", names=("Score", "Signal", "Volatility")) == []


def test_a_text_of_any_length_is_not_taken() -> None:
    assert problems_of("Signal 4 of 5.", 4, some_inputs())
    assert problems("It is calm. " * 200)


def test_the_hash_stands_while_figures_stay_within_their_tolerance() -> None:
    was = some_inputs().as_json()
    later = some_inputs(
        observed_at=AT + timedelta(hours=1),
        percentiles={"volatility_30d_pct": 84.0, "organic_flow_30d_pct": 29.0},
        values={"change_1d_pct": 4.0, "change_7d_pct": -8.0, "market_cap_tao": 130_000.0, "price_tao": 0.0130},
        costs=[(10.0, 0.23), (100.0, 2.2), (1000.0, 18.0)],
        compared=110,
    ).as_json()
    assert input_hash(later, since=was) == input_hash(was)
    assert moved(was, later) == []
    assert input_hash(later) != input_hash(was)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"percentiles": {"volatility_30d_pct": 90.0}}, "Volatility over 30 days 80 → 90"),
        ({"percentiles": {"organic_flow_30d_pct": 99.0}}, "signal 4 → 5"),
        ({"percentiles": {"organic_flow_30d_pct": None}}, "unknown none → "),
        ({"values": {"change_1d_pct": 9.0}}, "Change of the price over 1 day +1.2% → +9.0%"),
        ({"values": {"change_30d_pct": None}}, "Change of the price over 30 days +10.4% → unknown"),
        ({"values": {"market_cap_tao": 200_000.0}}, "Market cap 123,457 τ → 200,000 τ"),
        ({"category": ("finance", "Finance")}, "category Media-Vision / 3-D → Finance"),
        ({"tagline": "Draws pictures"}, "tagline none → Draws pictures"),
        ({"peers": [66.3, 70.0, 20.0]}, "Subnets of its category with a signal 4 → 3"),
        ({"peers": [66.3, 70.0, 80.0, 90.0, 95.0]}, "Subnets of its category with a signal 4 → 5"),
        ({"costs": [(10.0, 0.21), (100.0, 9.0), (1000.0, 16.9)]}, "Round trip of 100 τ, at most 2.02% → 9.00%"),
    ],
)
def test_what_has_moved_is_said_and_changes_the_hash(changed: dict[str, Any], words: str) -> None:
    was, now = some_inputs().as_json(), some_inputs(**changed).as_json()
    assert any(said.startswith(words) for said in moved(was, now))
    assert input_hash(now, since=was) != input_hash(was)


def test_the_hash_does_not_hang_on_how_a_database_writes_a_number() -> None:
    was = some_inputs(values={"change_1d_pct": -0.01}).as_json()
    kept = [
        figure | {"value": int(figure["value"]) if figure["value"] == int(figure["value"]) else figure["value"]}
        for figure in was["figures"]
    ]
    assert input_hash(was | {"figures": kept}) == input_hash(was)


def test_a_slow_drift_is_measured_from_what_was_explained_and_not_from_the_hour_before() -> None:
    was = some_inputs().as_json()
    steps = [some_inputs(percentiles={"volatility_30d_pct": 80.0 + hour}).as_json() for hour in range(8)]
    standing = [input_hash(step, since=was) == input_hash(was) for step in steps]
    assert standing == [True] * 6 + [False] * 2


def test_inputs_of_an_older_kind_count_as_moved() -> None:
    was = some_inputs().as_json() | {"inputs": "signal-inputs-0"}
    now = some_inputs().as_json()
    assert moved(was, now) == ["the choice of figures"]
    assert input_hash(now, since=was) != input_hash(was)


def test_a_model_sees_figures_category_and_a_curated_tagline_and_nothing_else() -> None:
    told = some_inputs(tagline="Draws pictures").as_json()
    assert set(told) == {
        "inputs", "as_of", "signal", "category", "category_slug", "tagline", "unknown", "figures",
    }  # fmt: skip
    assert all(set(figure) <= {"key", "label", "group", "value", "unit", "shown", "days"} for figure in told["figures"])


def test_an_answer_is_read_or_refused_in_words() -> None:
    assert answer.read('```json\n{"level": 4, "text": "Signal\\n 4."}\n```') == answer.Answer(4, "Signal 4.")
    for broken in (
        "",
        "no",
        "{",
        '{"level": 4}',
        '{"level": "4", "text": "x"}',
        '{"level": true, "text": "x"}',
        "[" * 9,
    ):
        with pytest.raises(ValueError, match=r"."):
            answer.read(broken)


def test_without_a_signal_the_text_says_why_and_keeps_to_what_is_known() -> None:
    inputs = some_inputs(percentiles=dict.fromkeys(PERCENTILES))
    assert (inputs.level, inputs.parts) == (None, [])
    assert "There is no signal. Too little known." in template(inputs)
    assert "+1.2% over 1 day" in template(inputs)


def test_an_unclassified_subnet_has_no_peers() -> None:
    inputs = some_inputs(category=("", ""))
    assert inputs.of("peers") == []
    assert "unclassified" in template(replace(inputs))
