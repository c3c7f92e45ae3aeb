"""Runtime calls of the made-up chain, one method each, under the chain's own names.

A method that returns bytes has encoded its answer itself; any other value is still to be encoded.
An unknown netuid raises KeyError, for which the chain answers an empty option.
"""

from collections.abc import Callable
from typing import Any

from subnets.localnet import emission, swaps, tenants
from subnets.localnet.draw import RAO, u16
from subnets.localnet.prices import Pool
from subnets.localnet.records import Records
from subnets.localnet.settings import HYPERPARAMS_V2, HYPERPARAMS_V3, METAGRAPH
from subnets.localnet.swaps import Swap
from subnets.localnet.world import World

TAKE = 0.18  # of a delegate
REGISTRATION_COST = 1_500 * RAO
NO_SWAP = dict.fromkeys(("tao_amount", "alpha_amount", "tao_fee", "alpha_fee", "tao_slippage", "alpha_slippage"), 0)
APIS = {
    "SubnetInfoRuntimeApi": [
        "get_all_dynamic_info", "get_dynamic_info", "get_all_metagraphs", "get_metagraph", "get_selective_metagraph",
        "get_all_mechagraphs", "get_mechagraph", "get_selective_mechagraph", "get_subnet_state",
        "get_subnet_hyperparams", "get_subnet_hyperparams_v2", "get_subnet_hyperparams_v3", "get_block_emission",
        "get_next_epoch_start_block",
    ],
    "SubnetRegistrationRuntimeApi": ["get_network_registration_cost"],
    "NeuronInfoRuntimeApi": ["get_neurons_lite"],
    "DelegateInfoRuntimeApi": ["get_delegates"],
    "SwapRuntimeApi": [
        "current_alpha_price", "current_alpha_price_all", "sim_swap_tao_for_alpha", "sim_swap_alpha_for_tao",
    ],
}  # fmt: skip


class Calls:
    """Answers each call at a height; `n` is a netuid."""

    def __init__(self, world: World, records: Records) -> None:
        self.world, self.records = world, records

    # -- subnets, encoded from their fields -------------------------------------------------------

    def get_all_dynamic_info(self, block: int) -> bytes:
        return self.records.registry.many(self.records.dynamic(n, block) for n in self.world.netuids(block))

    def get_dynamic_info(self, block: int, n: int) -> bytes:
        return self.records.dynamic(n, block)

    def get_all_metagraphs(self, block: int) -> bytes:
        return self.records.registry.many(self.records.metagraph(n, block) for n in self.world.netuids(block))

    def get_metagraph(self, block: int, n: int) -> bytes:
        return self.records.metagraph(n, block)

    def get_selective_metagraph(self, block: int, n: int, indexes: list[int]) -> bytes:
        return self.records.selective(n, block, indexes)

    def get_all_mechagraphs(self, block: int) -> bytes:
        graphs = [(n, m) for n in self.world.netuids(block) for m in range(self.world.tenant(n, block).mechanisms)]
        return self.records.registry.many(self.records.metagraph(n, block, m) for n, m in graphs)

    def get_mechagraph(self, block: int, n: int, mechanism: int) -> bytes:
        self._check_mechanism(block, n, mechanism)
        return self.records.metagraph(n, block, mechanism)

    def get_selective_mechagraph(self, block: int, n: int, mechanism: int, indexes: list[int]) -> bytes:
        self._check_mechanism(block, n, mechanism)
        return self.records.selective(n, block, indexes, mechanism)

    def _check_mechanism(self, block: int, n: int, mechanism: int) -> None:
        if mechanism >= self.world.tenant(n, block).mechanisms:
            raise KeyError(mechanism)

    # -- subnets, as values -----------------------------------------------------------------------

    def get_subnet_state(self, block: int, n: int) -> dict[str, Any]:
        columns = self.world.neurons(n, block)
        state: dict[str, Any] = columns._asdict()
        del state["occupants"], state["validator_trust"]
        unknown: dict[str, list[int]] = {"pruning_score": [], "trust": [], "rank": [], "emission_history": []}
        return (
            state
            | unknown
            | {
                "netuid": n,
                "hotkeys": columns.hotkeys,
                "coldkeys": columns.coldkeys,
                "block_at_registration": columns.block_at_registration,
            }
        )

    def get_subnet_hyperparams(self, block: int, n: int) -> dict[str, Any]:
        return METAGRAPH | {"tempo": self.world.tenant(n, block).tempo}

    def get_subnet_hyperparams_v2(self, block: int, n: int) -> dict[str, Any]:
        return HYPERPARAMS_V2 | {"tempo": self.world.tenant(n, block).tempo}

    def get_subnet_hyperparams_v3(self, block: int, n: int) -> list[dict[str, Any]]:
        values = HYPERPARAMS_V3 | {"tempo": ("U16", self.world.tenant(n, block).tempo)}
        return [{"name": name.encode(), "value": {kind: value}} for name, (kind, value) in values.items()]

    def get_block_emission(self, block: int) -> int:
        return emission.of_block(block)

    def get_next_epoch_start_block(self, block: int, n: int) -> int:
        return self.world.last_step(n, block) + self.world.tenant(n, block).tempo

    def get_network_registration_cost(self, _block: int) -> int:
        return REGISTRATION_COST

    # -- prices -----------------------------------------------------------------------------------

    def current_alpha_price(self, block: int, n: int) -> int:
        return round(self.world.price(n, block) * RAO)

    def current_alpha_price_all(self, block: int) -> list[dict[str, int]]:
        return [{"netuid": n, "price": self.current_alpha_price(block, n)} for n in self.world.netuids(block)]

    def sim_swap_tao_for_alpha(self, block: int, n: int, tao: int) -> dict[str, int]:
        swap = self._swap(swaps.buy, block, n, tao)
        return NO_SWAP | {
            "tao_amount": swap.put_in,
            "alpha_amount": swap.paid_out,
            "tao_fee": swap.fee,
            "alpha_slippage": swap.slippage,
        }

    def sim_swap_alpha_for_tao(self, block: int, n: int, alpha: int) -> dict[str, int]:
        swap = self._swap(swaps.sell, block, n, alpha)
        return NO_SWAP | {
            "tao_amount": swap.paid_out,
            "alpha_amount": swap.put_in,
            "alpha_fee": swap.fee,
            "tao_slippage": swap.slippage,
        }

    def _swap(self, way: Callable[[Pool, int, int], Swap], block: int, n: int, offered: int) -> Swap:
        """The chain answers a netuid that nobody holds too, with zeros; on root one is exchanged for one."""
        try:
            subnet = self.world.subnet(n, block)
        except KeyError:
            return swaps.NOTHING
        if n == 0:
            return Swap(offered, offered, 0, 0)
        rate = subnet.tenant.fee_rate
        return way(subnet.pool, tenants.USUAL_FEE if rate is None else rate, offered)

    # -- keys -------------------------------------------------------------------------------------

    def get_neurons_lite(self, block: int, n: int) -> list[dict[str, Any]]:
        columns = self.world.neurons(n, block)
        axon = {"block": 0, "version": 0, "ip": 0, "port": 0, "ip_type": 4, "protocol": 4}
        silent = axon | {"placeholder1": 0, "placeholder2": 0}
        shared = {"netuid": n, "axon_info": silent, "prometheus_info": axon, "rank": 0, "trust": 0, "pruning_score": 0}
        return [
            shared
            | {
                "hotkey": occupant.hotkey,
                "coldkey": occupant.coldkey,
                "uid": uid,
                "active": columns.active[uid],
                "stake": [(occupant.coldkey, columns.total_stake[uid])],
                "emission": columns.emission[uid],
                "incentive": columns.incentives[uid],
                "consensus": columns.consensus[uid],
                "validator_trust": columns.validator_trust[uid],
                "dividends": columns.dividends[uid],
                "last_update": columns.last_update[uid],
                "validator_permit": columns.validator_permit[uid],
            }
            for uid, occupant in enumerate(columns.occupants)
        ]

    def get_delegates(self, block: int) -> list[dict[str, Any]]:
        root, netuids = self.world.neurons(0, block), self.world.netuids(block)
        return [
            {
                "delegate_ss58": occupant.hotkey,
                "take": u16(TAKE),
                "nominators": [(occupant.coldkey, [(0, root.tao_stake[uid])])],
                "owner_ss58": occupant.coldkey,
                "registrations": netuids,
                "validator_permits": netuids,
                "return_per_1000": 0,
                "total_daily_return": 0,
            }
            for uid, occupant in enumerate(root.occupants)
        ]
