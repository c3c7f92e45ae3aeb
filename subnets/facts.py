"""What one reading of the chain yields, as plain values: no Django, no SDK types.

Amounts ending in `_rao` are integers (1e9 to a token); None is unknown, 0 is zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

ROOT_NETUID = 0
"""Root is stored like a subnet and is none: nobody mines on it, and no list shows it."""


@dataclass(frozen=True, slots=True)
class IdentityFacts:
    """What a subnet calls itself and who owns it, as the chain reports it; "" where nothing is set."""

    name: str = ""
    symbol: str = ""
    url: str = ""
    github: str = ""
    discord: str = ""
    contact: str = ""
    description: str = ""
    logo_url: str = ""
    additional: str = ""
    owner_coldkey: str = ""
    owner_hotkey: str = ""

    @property
    def digest(self) -> str:
        """32 hex digits; equal for equal identities."""
        said = (getattr(self, name) for name in self.__dataclass_fields__)
        return blake2b("\0".join(said).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class NeuronColumns:
    """Every neuron of one subnet: equally long columns, indexed by uid.

    Keys are ss58 addresses; scores are u16 fractions of 65,535; stakes and emission (a tempo's worth) are in rao:
    `alpha_stake` and `emission` of alpha, `tao_stake` of TAO, `total_stake` the chain's weight of both, not an amount
    of TAO. A column that the chain did not report at that height is None.
    """

    hotkeys: Sequence[str]
    coldkeys: Sequence[str]
    active: Sequence[bool]
    validator_permit: Sequence[bool]
    last_update: Sequence[int]
    block_at_registration: Sequence[int]
    emission: Sequence[int]
    dividends: Sequence[int]
    incentives: Sequence[int]
    consensus: Sequence[int]
    validator_trust: Sequence[int] | None
    alpha_stake: Sequence[int]
    tao_stake: Sequence[int]
    total_stake: Sequence[int]

    def __len__(self) -> int:
        return len(self.hotkeys)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubnetFacts:
    """One subnet at one block. The fields after `neurons` have the names of `SubnetSnapshot`'s columns."""

    netuid: int
    registered_at_block: int
    identity: IdentityFacts
    neurons: NeuronColumns | None = None

    price_rao: int | None = None
    moving_price_rao: int | None = None
    tao_in_rao: int | None = None
    alpha_in_rao: int | None = None
    alpha_out_rao: int | None = None
    tao_in_emission_rao: int | None = None
    chain_buy_rao: int | None = None
    alpha_in_emission_rao: int | None = None
    alpha_out_emission_rao: int | None = None
    pending_alpha_rao: int | None = None
    volume_rao: int | None = None
    burn_rao: int | None = None
    pool_tao_weight: float | None = None
    pool_fee: float | None = None
    miner_burn: float | None = None
    emission_enabled: bool | None = None
    mechanism_count: int | None = None
    tempo: int | None = None
    last_step_block: int | None = None
    immunity_period: int | None = None
    max_uids: int | None = None
    neuron_count: int | None = None
    validator_count: int | None = None
    active_validator_count: int | None = None
    active_miner_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkFacts:
    """The whole network at one block. `problems` names the subnets that could not be read, and why."""

    block: int
    observed_at: datetime
    source: str
    endpoint: str = ""
    spec_version: int | None = None
    total_issuance_rao: int | None = None
    total_stake_rao: int | None = None
    block_emission_rao: int | None = None
    tao_weight: float | None = None
    complete: bool = True
    subnets: Sequence[SubnetFacts] = ()
    notes: Sequence[str] = ()
    problems: Sequence[str] = ()
    coldkey_names: dict[str, str] = field(default_factory=dict)
