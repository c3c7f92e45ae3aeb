"""Records a node should not send, and the oddities it does."""

import pytest

from subnets.decode import (
    UnreadableError,
    identity_facts,
    moving_price_rao,
    pool_fee,
    pool_tao_weight,
    subnet_facts,
    text,
    whole,
)


def facts(**dynamic):
    info = {"netuid": 7, "network_registered_at": 100, "tao_in": 5} | dynamic
    return subnet_facts(info, block=1000, price_rao=dynamic.pop("price", 10), columns={}, graph=None)


def test_text_arrives_as_bytes_numbers_or_text():
    assert text([206, 177]) == text(b"\xce\xb1") == text("α") == "α"


def test_broken_utf8_is_shown_as_broken_and_not_raised():
    assert text([0xFF, 0x41]) == "�A"


def test_an_amount_beyond_what_a_database_holds_is_refused():
    assert whole(2**63 - 1, "stake") == 2**63 - 1
    for impossible in (2**63, -1, 1.5, "12", float("nan")):
        with pytest.raises(UnreadableError, match="stake"):
            whole(impossible, "stake")


def test_a_price_of_zero_is_unknown():
    assert facts(price=0).price_rao is None


def test_a_registration_later_than_the_block_is_refused():
    with pytest.raises(UnreadableError, match="2000"):
        facts(network_registered_at=2000)
    with pytest.raises(UnreadableError, match="unknown"):
        facts(network_registered_at=None)


def test_the_moving_price_loses_no_digit():
    assert moving_price_rao({"bits": 2**32}) == 10**9
    assert moving_price_rao({"bits": 1}) == 0
    assert moving_price_rao({"bits": 5 * 2**31}) == 2_500_000_000
    assert moving_price_rao(None) is None


def test_the_weight_of_a_pool_comes_as_a_number_or_a_record():
    assert pool_tao_weight({"quote": 5 * 10**17}) == pool_tao_weight(5 * 10**17) == 0.5
    assert pool_tao_weight(None) is None


def test_the_fee_of_a_swap_is_a_share_of_the_largest_number_of_16_bits():
    assert pool_fee(33) == 33 / 65_535
    assert pool_fee(0) == 0
    assert pool_fee(None) is None
    for impossible in (65_536, -1, "33"):
        with pytest.raises(UnreadableError):
            pool_fee(impossible)


def test_a_subnet_without_identity_has_the_name_the_chain_gives_it():
    assert identity_facts({"subnet_name": list(b"apex"), "subnet_identity": None}).name == "apex"
    assert identity_facts({"subnet_name": [], "subnet_identity": {"subnet_name": list(b"own")}}).name == "own"


def test_equal_identities_have_one_digest_and_different_ones_two():
    one, same = identity_facts({"subnet_name": "a"}), identity_facts({"subnet_name": "a"})
    assert one.digest == same.digest != identity_facts({"token_symbol": "a"}).digest
