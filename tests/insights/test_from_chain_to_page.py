"""The whole way: what the simulated network answers at a block is what the page of that block shows, to the rao."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from subnets.collect import collect_chain
from subnets.models import NetworkSnapshot
from taoanalytics.lib.units import RAO

pytestmark = pytest.mark.django_db


def shown(rao: int, unit: str) -> str:
    """An amount as an exact figure is written."""
    return f"{rao // RAO:,}.{rao % RAO:09d} {unit}"


def test_every_figure_of_subnet_64_is_what_the_chain_holds(localnet: Any, browser: Client) -> None:
    node = localnet.start(subnets=64, uids=8)
    collect_chain()
    block = NetworkSnapshot.objects.get().block
    true = node.world.subnet(64, block)
    soup = BeautifulSoup(browser.get("/subnets/64/").content, "lxml")
    said = soup.get_text(" ") + " ".join(str(tag["title"]) for tag in soup.select("[title]"))
    for rao, unit in (
        (true.pool.tao_in, "τ"),
        (true.pool.alpha_in, "α"),
        (true.alpha_out, "α"),
        (true.volume, "τ"),
    ):
        assert shown(rao, unit) in said
    assert f"{block:,}" in said


def test_the_explorer_lists_every_subnet_and_not_root(localnet: Any, browser: Client) -> None:
    localnet.start(subnets=128, uids=2)
    collect_chain()
    page = browser.get("/explorer/").content.decode()
    assert "128 of 128 subnets" in page
    rows = BeautifulSoup(page, "lxml").select("#results tbody tr")
    assert len(rows) == 128
    assert "<script>alert" not in page


def test_the_simulated_network_is_said_on_every_page(localnet: Any, browser: Client) -> None:
    localnet.start()
    collect_chain()
    for address in ("/", "/explorer/", "/subnets/1/", "/screener/", "/trends/", "/methodology/", "/nowhere/"):
        page = browser.get(address, follow=True)
        assert "simulated network" in page.content.decode().lower(), address
