"""/correlation/: which metrics move together."""

import random
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup
from django.test import Client

from insights.board import board
from insights.comparison import MOST_METRICS, findings, steps_of
from insights.pages.correlation import DEFAULTS
from insights.registry import BY_KEY
from insights.statistics import Method, midranks
from insights.traced import TRACED
from subnets.models import SubnetSnapshot
from taoanalytics.lib.units import RAO
from tests.factories import T0, a_subnet, stored
from tests.insights.conftest import HOSTILE_NAMES

CORRELATION = "/correlation/"
DAY = timedelta(days=1)
CHOSEN = ("price_tao", "neuron_count", "volume_tao", "registration_cost_tao")
QUERY = "&".join(f"m={key}" for key in CHOSEN)


def page(browser: Client, address: str = CORRELATION, **headers: str) -> BeautifulSoup:
    response = browser.get(address, headers=headers)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def a_random_subnet(netuid: int, dice: random.Random, **figures: Any) -> Any:
    price = dice.randint(1, 1000) * RAO // 1000
    plausible = {
        "price_rao": price,
        "volume_rao": 100 * price + dice.randint(0, 10) * RAO,
        "neuron_count": dice.randint(1, 256),
        "burn_rao": dice.randint(1, 100) * RAO,
    }
    return a_subnet(netuid, **plausible | figures)


@pytest.fixture
def crowd(db: Any) -> None:
    """Twenty subnets over twelve days; the last one's price is a thousand times that of any other."""
    dice = random.Random(7)
    for days in range(11, -1, -1):
        subnets = [a_random_subnet(netuid, dice) for netuid in range(1, 20)]
        stored(*subnets, a_random_subnet(20, dice, price_rao=1000 * RAO), at=T0 - days * DAY)


def pairs(browser: Client, query: str) -> dict[frozenset[str], dict[str, Any]]:
    rows = browser.get(f"{CORRELATION}?{QUERY}&{query}&format=json").json()["rows"]
    return {frozenset((row["first"], row["second"])): row for row in rows}


@pytest.mark.parametrize("method", list(Method))
def test_coefficients_agree_with_numpy(browser: Client, crowd: None, method: Method) -> None:
    rows = board().rows
    columns = {key: [row.amount(BY_KEY[key]) for row in rows] for key in CHOSEN}
    if method is Method.SPEARMAN:
        columns = {key: midranks(values) for key, values in columns.items()}
    expected = np.corrcoef([columns[key] for key in CHOSEN])
    found = pairs(browser, f"method={method}")
    for i, first in enumerate(CHOSEN):
        for j, second in enumerate(CHOSEN[:i]):
            pair = found[frozenset((first, second))]
            assert pair["coefficient"] == pytest.approx(expected[i][j])
            assert pair["n"] == 20


def test_over_time_changes_are_correlated_and_levels_if_asked_for(browser: Client, crowd: None) -> None:
    levels, changes = (pairs(browser, f"netuid=3&method=pearson&range=30d&of={of}") for of in ("levels", "changes"))
    pair = frozenset(("price_tao", "volume_tao"))
    assert (levels[pair]["n"], changes[pair]["n"]) == (12, 11)
    observed = SubnetSnapshot.objects.filter(subnet__netuid=3).order_by("observed_at")
    prices, volumes = zip(*observed.values_list("price_rao", "volume_rao"), strict=True)
    assert levels[pair]["coefficient"] == pytest.approx(np.corrcoef(prices, volumes)[0][1])
    assert changes[pair]["coefficient"] == pytest.approx(np.corrcoef(np.diff(prices), np.diff(volumes))[0][1])


def test_what_is_between_two_observations_is_unknown_if_either_is() -> None:
    assert steps_of([1, 3, None, 4, 9]) == [2, None, None, 5]


def test_a_former_tenant_adds_no_observation(browser: Client, db: Any) -> None:
    dice = random.Random(3)
    for days in range(19, -1, -1):
        registered = 1_000 if days > 8 else 7_000_000
        stored(a_random_subnet(1, dice, registered=registered), at=T0 - days * DAY)
    found = pairs(browser, "netuid=1&of=levels&range=all")
    assert {pair["n"] for pair in found.values()} == {9}


def test_tied_pairs_are_marked_and_not_tested(browser: Client, crowd: None) -> None:
    soup = page(browser, f"{CORRELATION}?m=price_tao&m=price_to_moving_pct&m=neuron_count")
    assert "1 tied by formula" in soup.select_one("#matrix .end").get_text()
    (tied,) = [cell for cell in soup.select("#matrix td") if "ƒ" in cell.get_text()]
    assert "tied by formula, not tested" in tied["title"]
    assert "p " not in tied["title"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("price_tao", "price_usd"),
        ("fdv_tao", "price_usd"),
        ("fdv_tao", "market_cap_tao"),
        ("price_tao", "market_cap_tao"),
        ("alpha_in_pool", "alpha_supply"),
        ("immunity_left_blocks", "immunity_left_days"),
        ("owner_alpha_per_day", "miner_alpha_per_day"),
        ("tao_into_pool_per_day", "emission_tao_per_day"),
        ("organic_flow_1d_pct", "organic_flow_7d_pct"),
        ("organic_flow_7d_pct_rank", "organic_flow_30d_pct_percentile"),
        ("market_cap_tao", "market_cap_tao_rank"),
        ("pool_tao", "capacity_1pct_tao"),
        ("stake_hhi", "validator_stake_coldkey_hhi"),
        ("effective_miners", "incentive_hhi"),
        ("validator_count", "active_validator_count"),
        ("validator_return_tao_1d_pct", "validator_return_tao_7d_pct"),
    ],
)
def test_no_pair_is_tested_whose_formulas_bind_it(first: str, second: str) -> None:
    dice = random.Random(1)
    columns: dict[str, list[float | None]] = {key: [dice.random() for _ in range(20)] for key in (first, second)}
    found = findings([BY_KEY[first], BY_KEY[second]], columns, method=Method.SPEARMAN, level=0.05)
    assert (len(found.tied), found.tested) == (1, 0)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("market_cap_tao", "change_30d_pct"),
        ("market_cap_tao", "volatility_30d_pct"),
        ("change_30d_pct", "organic_flow_7d_pct"),
        ("alpha_stake_hhi", "validator_return_1d_pct"),
        ("stake_hhi", "validator_trust_ratio"),
        ("validator_count", "effective_miners"),
        ("emission_share_pct", "market_cap_tao"),
    ],
)
def test_what_only_shares_a_fact_is_tested(first: str, second: str) -> None:
    dice = random.Random(1)
    columns: dict[str, list[float | None]] = {key: [dice.random() for _ in range(20)] for key in (first, second)}
    found = findings([BY_KEY[first], BY_KEY[second]], columns, method=Method.SPEARMAN, level=0.05)
    assert (len(found.tied), found.tested) == (0, 1)


def test_each_cell_has_its_n_and_leads_to_the_scatter(browser: Client, crowd: None) -> None:
    soup = page(browser, f"{CORRELATION}?{QUERY}")
    cells = soup.select("#matrix td:has(a)")
    assert len(cells) == 6
    assert {cell.small.get_text() for cell in cells} == {"20"}
    assert cells[0].a["href"] == "/screener/?view=scatter&x=price_tao&y=neuron_count"


def test_what_holds_is_marked_with_a_star_and_told_in_words(browser: Client, crowd: None) -> None:
    soup = page(browser, f"{CORRELATION}?{QUERY}&level=5")
    starred = [cell for cell in soup.select("#matrix td b") if cell.get_text().endswith("*")]
    told = soup.select("#strongest li")
    assert len(starred) == len(told) >= 1
    assert "Price and Volume since start rise together" in told[0].get_text(" ", strip=True).replace("  ", " ")


def test_a_stricter_level_holds_no_more() -> None:
    dice = random.Random(1)
    metrics = [BY_KEY[key] for key in CHOSEN]
    base = [dice.random() for _ in range(30)]
    columns = {key: [v + i * dice.random() for v in base] for i, key in enumerate(CHOSEN, start=1)}
    held = [
        len(findings(metrics, columns, method=Method.PEARSON, level=level).strongest) for level in (0.1, 0.01, 0.001)
    ]
    assert held == sorted(held, reverse=True)


def test_a_giant_is_an_outlier_with_a_link(browser: Client, crowd: None) -> None:
    soup = page(browser, f"{CORRELATION}?{QUERY}")
    (row,) = [row for row in soup.select("#outliers tbody tr") if row.th.get_text() == "Price, τ"]
    assert row.a["href"] == "/subnets/20/"
    assert "1000.0" in row.get_text().replace(",", "")


def test_what_is_unknown_is_named(browser: Client, crowd: None) -> None:
    soup = page(browser, f"{CORRELATION}?m=price_tao&m=stake_hhi")
    assert "Unknown here: Stake HHI." in soup.get_text()
    assert "No pair could be tested." in soup.get_text()


def test_what_cannot_be_told_from_luck_is_said_so(browser: Client, crowd: None) -> None:
    soup = page(browser, f"{CORRELATION}?m=price_tao&m=neuron_count&level=0.1")
    assert "1 of 1 pairs tested" in soup.get_text()
    assert "No pair holds at that level." in soup.get_text()


def test_one_metric_alone_is_named_and_the_ten_of_the_start_are_shown(browser: Client, crowd: None) -> None:
    soup = page(browser, f"{CORRELATION}?m=price_tao")
    assert "Price alone has nothing to move with" in soup.select_one(".bdg.warn").get_text()  # type: ignore[union-attr]
    assert len(soup.select("#matrix tbody tr")) == len(DEFAULTS)


def test_an_outlier_of_changes_is_told_with_its_sign(browser: Client, db: Any) -> None:
    for day in range(14):
        stored(a_subnet(1, neuron_count=200 - 10 * (day % 2) - 150 * (day == 13)), at=T0 + day * DAY)
    soup = page(browser, f"{CORRELATION}?m=neuron_count&m=price_tao&netuid=1")
    (row,) = soup.select("#outliers tbody tr")
    assert "−160" in row.get_text()
    stored(a_subnet(1, neuron_count=250), at=T0 + 14 * DAY)
    soup = page(browser, f"{CORRELATION}?m=neuron_count&m=price_tao&netuid=1")
    assert "+210" in soup.select("#outliers tbody tr")[0].get_text()


def test_a_past_day_is_not_called_now(browser: Client, crowd: None) -> None:
    heading = page(browser, f"{CORRELATION}?{QUERY}&as_of={(T0 - DAY).date()}").select_one("#matrix h2")
    assert heading is not None
    assert heading.get_text() == "Spearman correlation, 20 subnets that day"


def test_the_default_is_ten_metrics_that_have_a_past(browser: Client, crowd: None) -> None:
    assert len(DEFAULTS) == 10
    assert [key for key in TRACED if key in DEFAULTS] == DEFAULTS, "a form that is sent keeps their order"
    assert len(page(browser).select("#matrix tbody tr")) == 10
    assert len(page(browser, f"{CORRELATION}?m=price_tao").select("#matrix tbody tr")) == 10


def test_sixteen_metrics_at_most_and_the_rest_is_named(browser: Client, crowd: None) -> None:
    keys = list(TRACED)[: MOST_METRICS + 2]
    soup = page(browser, CORRELATION + "?" + "&".join(f"m={key}" for key in keys))
    assert len(soup.select("#matrix tbody tr")) == MOST_METRICS
    assert f"{TRACED[keys[-1]].label} is left out: 16 at most" in soup.get_text()


def test_an_unknown_subnet_is_named_and_all_are_shown(browser: Client, crowd: None) -> None:
    soup = page(browser, f"{CORRELATION}?netuid=99")
    assert "No living subnet is called “99”: all are shown" in soup.get_text()
    assert "20 subnets now" in soup.get_text()


@pytest.mark.parametrize("query", ["", "netuid=3", "netuid=3&m=tao_score_v3&m=price_tao&range=90d", "method=pearson"])
def test_a_page_costs_eight_queries_at_most(
    browser: Client, crowd: None, query: str, django_assert_max_num_queries: Any
) -> None:
    browser.get("/explorer/")
    with django_assert_max_num_queries(8):
        browser.get(f"{CORRELATION}?{query}")


def test_an_empty_database_is_said_in_words(browser: Client, db: Any) -> None:
    assert "The network has not been recorded yet." in page(browser).get_text()


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_stays_text(browser: Client, db: Any, name: str) -> None:
    dice = random.Random(2)
    others = [a_random_subnet(netuid, dice) for netuid in range(2, 12)]
    stored(a_random_subnet(1, dice, price_rao=10**6 * RAO, name=name), *others)
    html = browser.get(f"{CORRELATION}?{QUERY}").content.decode()
    assert "<script>alert" not in html
    assert "<img" not in html


def test_scores_are_read_over_time(browser: Client, crowd: None) -> None:
    rows = browser.get(f"{CORRELATION}?m=tao_score_v11&m=buy_signal&m=price_tao&netuid=3&of=levels&format=json").json()
    assert len(rows["rows"]) == 3
