import pytest
from hypothesis import given
from hypothesis import strategies as st

from subnets.facts import NeuronColumns
from subnets.neurons import key_text, pack, pack_keys, unpack, unpack_keys
from tests.factories import some_neurons

U16, U64 = st.integers(0, 2**16 - 1), st.integers(0, 2**64 - 1)


@st.composite
def columns(draw) -> NeuronColumns:
    count = draw(st.integers(0, 20))

    def column(values):
        return draw(st.lists(values, min_size=count, max_size=count))

    keys = st.text("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", min_size=1, max_size=48)
    wide = ("last_update", "block_at_registration", "emission", "alpha_stake", "tao_stake", "total_stake")
    narrow = ("dividends", "incentives", "consensus")
    return NeuronColumns(
        hotkeys=column(keys),
        coldkeys=column(keys),
        active=column(st.booleans()),
        validator_permit=column(st.booleans()),
        validator_trust=draw(st.sampled_from([None, column(U16)])),
        **{name: column(U64) for name in wide},
        **{name: column(U16) for name in narrow},
    )


@given(columns())
def test_what_is_packed_comes_back_to_the_bit(neurons):
    assert unpack(key_text(neurons), pack(neurons)) == neurons


@given(st.binary(max_size=2000), st.binary(min_size=1, max_size=2000))
def test_keys_come_back_with_and_without_a_base(text, base):
    assert unpack_keys(pack_keys(text)) == text
    assert unpack_keys(pack_keys(text, base), base) == text


def test_unknown_validator_trust_stays_unknown():
    neurons = some_neurons(validator_trust=None)
    assert unpack(key_text(neurons), pack(neurons)).validator_trust is None


@pytest.mark.parametrize("values", [[1, 2, 3], [0, 0, 0, 2**64], [0, 0, 0, -1], [0, 0, 0, None]])
def test_columns_that_cannot_be_are_refused(values):
    with pytest.raises(ValueError, match="emission"):
        pack(some_neurons(4, emission=values))
