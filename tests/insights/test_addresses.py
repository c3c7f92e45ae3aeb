"""What `make bench` asks the site for under load: pages that exist, and none of the new ones twice."""

from itertools import chain, islice

import pytest
from django.test import Client

from tests.bench.addresses import WEIGHTS, never_asked, popular


@pytest.mark.parametrize("kind", WEIGHTS)
def test_every_page_that_is_asked_for_is_there(browser: Client, network: None, kind: str) -> None:
    for address in (*popular()[kind][:2], *islice(never_asked()[kind], 3)):
        assert browser.get(address).status_code == 200, address


def test_a_new_address_is_asked_for_once(network: None) -> None:
    known = [address for addresses in popular().values() for address in addresses]
    new = list(chain.from_iterable(islice(addresses, 500) for addresses in never_asked().values()))
    assert len({*known, *new}) == len(known) + len(new)
