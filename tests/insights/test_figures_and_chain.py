"""Each number of a page, held against the chain it came from: asked again through the SDK, at the block the page names.

Nothing here goes through the site's own reading of the chain, its database or its metrics.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import bittensor as bt
import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from insights.registry import BY_KEY
from subnets.collect import collect_chain
from subnets.models import NetworkSnapshot
from taoanalytics.lib.metric import Layer, Unit
from taoanalytics.lib.units import RAO
from tests.conftest import HEAD, Localnet

pytestmark = pytest.mark.django_db

NETUIDS = (64, 1)  # the one without emission, the other with
DAY = 7_200  # blocks
SUBNETS, SWAPS, STORED = bt.runtime_api.SubnetInfoRuntimeApi, bt.runtime_api.SwapRuntimeApi, bt.storage.SubtensorModule


@dataclass(frozen=True)
class Passport:
    """What the page tells of one number."""

    key: str
    exactly: str
    block: int
    inputs: dict[str, str]
    method: str


def passports(page: bytes) -> dict[str, Passport]:
    """{key of the metric: its passport} of every number of a subnet's page."""
    found = (_passport(panel) for panel in BeautifulSoup(page, "lxml").select("details.pp .panel"))
    return {each.key: each for each in found}


def _passport(panel: Tag) -> Passport:
    told = {term.get_text(): term.find_next_sibling("dd") for term in panel.select("dt")}
    inputs = told["Inputs"].select("code") if "Inputs" in told else []
    return Passport(
        key=told["Key"].code.get_text(),
        exactly=told["Exactly"].get_text(),
        block=int(re.search(r"block ([\d,]+)", told["True at"].get_text())[1].replace(",", "")),
        inputs={code.get_text(): str(code.next_sibling or "").strip() for code in inputs},
        method=told["Method"].a["href"],
    )


def answers(url: str, block: int, netuid: int) -> dict[str, Any]:
    """{field of an observation: what the chain answers}, amounts in rao, decoded by hand."""
    with bt.Subtensor(url, fallback_endpoints=[], archive_endpoints=[]) as client:
        info = client.runtime(SUBNETS.get_dynamic_info, [netuid], block=block)
        graph = client.runtime(SUBNETS.get_metagraph, [netuid], block=block)

        def stored(name: str, pallet: str = "SubtensorModule") -> Any:
            return client.query((pallet, name), [netuid], block=block)

        bits = info["moving_price"]["bits"]
        permits = graph["validator_permit"]
        return {
            "price_rao": client.runtime(SWAPS.current_alpha_price, [netuid], block=block),
            "moving_price_rao": round(Fraction(bits * RAO, 2**32)),
            "tao_in_rao": info["tao_in"],
            "alpha_in_rao": info["alpha_in"],
            "alpha_out_rao": info["alpha_out"],
            "tao_in_emission_rao": info["tao_in_emission"],
            "alpha_in_emission_rao": info["alpha_in_emission"],
            "alpha_out_emission_rao": info["alpha_out_emission"],
            "pending_alpha_rao": info["pending_alpha_emission"],
            "volume_rao": info["subnet_volume"],
            "chain_buy_rao": stored("SubnetExcessTao"),
            "burn_rao": stored("Burn"),
            "pool_tao_weight": stored("SwapBalancer", "Swap")["quote"] / 10**18,
            "pool_fee": stored("FeeRate", "Swap") / 65_535,
            "miner_burn": min(1.0, stored("MinerBurned")["bits"] / 2**32),
            "emission_enabled": stored("SubnetEmissionEnabled"),
            "mechanism_count": stored("MechanismCountCurrent"),
            "tempo": info["tempo"],
            "last_step_block": info["last_step"],
            "immunity_period": graph["immunity_period"],
            "max_uids": graph["max_uids"],
            "neuron_count": graph["num_uids"],
            "validator_count": sum(permits),
            "active_validator_count": sum(p and a for p, a in zip(permits, graph["active"], strict=True)),
            "active_miner_count": sum(1 for incentive in graph["incentives"] if incentive),
        }


@pytest.fixture
def url(localnet: Localnet) -> str:
    """The simulated network, collected a day before its head and at its head."""
    node, url = localnet.node(subnets=max(NETUIDS), uids=8, head=HEAD - DAY)
    localnet.use(url)
    collect_chain()
    node.world.advance(DAY)
    collect_chain()
    return url


def shown(rao: int, unit: str) -> str:
    return f"{rao // RAO:,}.{rao % RAO:09d} {unit}"


def number(text: str) -> Fraction:
    """Of an exact figure, without its unit."""
    return Fraction(re.match(r"[-+\d.,]+", text.replace("\u2212", "-"))[0].replace(",", ""))


@pytest.mark.parametrize("netuid", NETUIDS)
def test_every_observed_number_of_a_subnets_page_is_what_the_chain_answers_to_the_rao(
    url: str, browser: Client, netuid: int
) -> None:
    block = HEAD - 3
    true, told = answers(url, block, netuid), passports(browser.get(f"/subnets/{netuid}/").content)
    units = {Unit.TAO: "τ", Unit.ALPHA: "α", Unit.TAO_PER_ALPHA: "τ"}
    checked = 0
    for key, passport in told.items():
        metric = BY_KEY[key]
        assert passport.block == block
        if metric.layer is not Layer.OBSERVED:
            continue
        (field,) = metric.inputs
        value = true[field]
        if field.endswith("_rao"):
            assert passport.exactly == shown(value, units[metric.unit]), key
        elif metric.unit is Unit.YES_NO:
            assert passport.exactly == ("yes" if value else "no"), key
        elif metric.unit is Unit.SHARE:
            assert passport.exactly == f"{100 * value:.1f}%", key
        else:
            assert passport.exactly.split()[0] == f"{value:,}", key
        checked += 1
    assert checked >= 15


@pytest.mark.parametrize("netuid", NETUIDS)
def test_every_input_of_every_number_is_what_the_chain_answers_to_the_rao(
    url: str, browser: Client, netuid: int
) -> None:
    true, told = answers(url, HEAD - 3, netuid), passports(browser.get(f"/subnets/{netuid}/").content)
    seen = set()
    for key, passport in told.items():
        for name, held in passport.inputs.items():
            if name in true:
                value = true[name]
                assert held == (f"{value:,} rao" if name.endswith("_rao") else str(value)), (key, name)
                seen.add(name)
            else:
                assert not name.endswith("_rao") or not held, (key, name)
    assert seen >= {name for name in true if name.endswith("_rao")}


@pytest.mark.parametrize("netuid", NETUIDS)
def test_derived_numbers_follow_from_what_the_chain_answers(url: str, browser: Client, netuid: int) -> None:
    now, then = answers(url, HEAD - 3, netuid), answers(url, HEAD - 3 - DAY, netuid)
    told = passports(browser.get(f"/subnets/{netuid}/").content)

    def of(name: str) -> Fraction:
        return Fraction(now[name], RAO)

    supply, paid = of("alpha_in_rao") + of("alpha_out_rao"), of("tao_in_emission_rao") + of("chain_buy_rao")
    expected = {
        "market_cap_tao": of("price_rao") * supply,
        "fdv_tao": of("price_rao") * 21_000_000,
        "alpha_supply": supply,
        "pool_tao": of("tao_in_rao"),
        "volume_1d_tao": Fraction(now["volume_rao"] - then["volume_rao"], RAO),
        "emission_tao_per_day": paid * DAY,
        "tao_into_pool_per_day": of("tao_in_emission_rao") * DAY,
        "chain_buys_per_day": of("chain_buy_rao") * DAY,
        "alpha_paid_per_day": of("alpha_out_emission_rao") * DAY,
        "alpha_into_pool_per_day": of("alpha_in_emission_rao") * DAY,
        "nav_tao": of("tao_in_rao") / of("alpha_out_rao"),
    }
    for key, value in expected.items():
        # Nine decimal places are shown; a float of sixteen digits cannot hold more of a large amount.
        assert float(number(told[key].exactly)) == pytest.approx(float(value), rel=1e-15, abs=1.1e-9), key
    change = 100 * (Fraction(now["price_rao"], then["price_rao"]) - 1)
    assert float(number(told["change_1d_pct"].exactly)) == pytest.approx(float(change), abs=0.051)


@pytest.mark.parametrize("netuid", NETUIDS)
def test_the_files_and_the_api_give_the_numbers_that_the_chain_answers(url: str, browser: Client, netuid: int) -> None:
    true = answers(url, HEAD - 3, netuid)
    said = browser.get(f"/api/v1/subnets/{netuid}").json()["figures"]
    (row,) = (row for row in browser.get("/explorer.json").json()["rows"] if row["netuid"] == netuid)
    for key, value in said.items():
        metric = BY_KEY[key]
        if metric.layer is Layer.OBSERVED:
            (field,) = metric.inputs
            assert value == (true[field] / RAO if field.endswith("_rao") else true[field]), key
        assert row.get(key, value) == value
    assert row["block"] == NetworkSnapshot.objects.newest_complete().block == HEAD - 3
