"""The Bittensor chain, one finalized block read whole: the call plan, about twenty calls for the entire network.

Raises Transient (try later) and Permanent (pruned or future height). Fields that a height does not know are None.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from django.conf import settings

from subnets.decode import UnreadableError, subnet_facts, text
from subnets.facts import ROOT_NETUID, NetworkFacts, SubnetFacts
from subnets.transport import ChainOptions, Connection, EndpointPool, MissingError, TooBigError, host_of
from taoanalytics.jobs.errors import Transient
from taoanalytics.lib.units import RAO, U64

_DYNAMIC_INFO = ("SubnetInfoRuntimeApi", "get_all_dynamic_info")
_ALL_METAGRAPHS = ("SubnetInfoRuntimeApi", "get_all_metagraphs")
_SLIM_METAGRAPH = ("SubnetInfoRuntimeApi", "get_selective_metagraph")
_BLOCK_EMISSION = ("SubnetInfoRuntimeApi", "get_block_emission")
_ALL_PRICES = ("SwapRuntimeApi", "current_alpha_price_all")
_ONE_PRICE = ("SwapRuntimeApi", "current_alpha_price")
_PER_SUBNET = {
    "burn": ("SubtensorModule", "Burn"),
    "emission_enabled": ("SubtensorModule", "SubnetEmissionEnabled"),
    "miner_burned": ("SubtensorModule", "MinerBurned"),
    "chain_buy": ("SubtensorModule", "SubnetExcessTao"),
    "mechanisms": ("SubtensorModule", "MechanismCountCurrent"),
    "balancer": ("Swap", "SwapBalancer"),
    "fee_rate": ("Swap", "FeeRate"),
    "validator_trust": ("SubtensorModule", "ValidatorTrust"),
}
# The chain's numbers of: netuid, max uids, immunity period, keys, flags, scores, registrations, stakes.
_SLIM_FIELDS = [0, 31, 36, 52, 53, 56, 57, 59, 60, 61, 62, 63, 66, 67, 68, 69]


class ChainReader:
    """Blocking reads of the chain, each of one block and one endpoint. Use as a context manager."""

    def __init__(self, endpoints: Sequence[str], options: ChainOptions) -> None:
        self._pool = EndpointPool(endpoints, options)

    def __enter__(self) -> Self:
        self._pool.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._pool.__exit__(kind, error, at)

    @property
    def notes(self) -> Sequence[str]:
        """What happened on the way to an answer: endpoints given up, waits, fall-backs."""
        return tuple(self._pool.notes)

    def genesis_hash(self) -> str:
        async def read(at: Connection) -> str:
            return at.genesis_hash

        return self._pool.run(read)

    def head(self) -> int:
        """The newest finalized block."""

        async def read(at: Connection) -> int:
            return int(await at.call(at.client.finalized_block))

        return self._pool.run(read)

    def time_of(self, block: int) -> datetime:
        """When a block was made, UTC, as the block itself says."""

        async def read(at: Connection) -> datetime:
            when: datetime = await at.call(lambda: at.client.timestamp(block=block))
            return when

        return self._pool.run(read)

    def snapshot(self, block: int | None = None, netuids: Iterable[int] | None = None) -> NetworkFacts:
        """The network at `block` (default: the newest finalized), or only the given netuids of it."""
        wanted = None if netuids is None else frozenset(netuids)
        return self._pool.run(lambda at: _Snapshot(at, wanted).read(block))

    def hyperparameters(self, block: int, netuids: Iterable[int]) -> dict[int, dict[str, Any]]:
        """{netuid: {name: value as the chain has it}}; a netuid is absent where the height does not offer them."""
        wanted = list(netuids)
        return self._pool.run(lambda at: _hyperparameters(at, block, wanted))


def chain_reader(*, archive: bool = False) -> ChainReader:
    """A reader of the endpoints in the settings: the live ones, or those that keep all history."""
    endpoints = settings.CHAIN_ARCHIVE_ENDPOINTS if archive else settings.CHAIN_ENDPOINTS
    return ChainReader(endpoints, ChainOptions.from_settings())


class _Snapshot:
    """One reading of one block over one connection."""

    def __init__(self, at: Connection, wanted: frozenset[int] | None) -> None:
        self.at = at
        self.wanted = wanted
        self.notes: list[str] = []

    async def read(self, block: int | None) -> NetworkFacts:
        at = self.at
        if block is None:
            block = int(await at.call(at.client.finalized_block))
        view = await at.client.at(block)
        # Alone: it fills the SDK's caches of hash and metadata, which the others would each fill again.
        observed_at = await at.call(view.timestamp)
        dynamic, prices, network = await asyncio.gather(
            at.call(lambda: view.runtime(_DYNAMIC_INFO, [])), self._all_prices(view), self._network(view)
        )
        dynamic = [d for d in dynamic or () if d is not None and (self.wanted is None or d["netuid"] in self.wanted)]
        if not dynamic:
            raise Transient(f"block {block}: the node lists no subnet; an empty answer is not an empty network")
        netuids = [d["netuid"] for d in dynamic]
        columns, graphs = await asyncio.gather(self._columns(view, netuids), self._graphs(view, netuids))
        prices = prices or await self._prices_one_by_one(view, dynamic)
        subnets, problems = _decoded(block, dynamic, prices, columns, graphs)
        return NetworkFacts(
            block=block,
            observed_at=observed_at,
            source="chain",
            endpoint=host_of(at.endpoint),
            complete=self.wanted is None,
            subnets=subnets,
            notes=self.notes,
            problems=problems,
            coldkey_names=_coldkey_names(graphs.values()),
            **network,
        )

    async def _network(self, view: Any) -> dict[str, Any]:
        """The fields of NetworkFacts that belong to no subnet."""
        optional = self.at.optional
        issuance, stake, emission, weight, upgrade = await asyncio.gather(
            optional(lambda: view.query(("SubtensorModule", "TotalIssuance"))),
            optional(lambda: view.query(("SubtensorModule", "TotalStake"))),
            # Not the storage item BlockEmission, which nothing has written since the halving.
            optional(lambda: view.runtime(_BLOCK_EMISSION, [])),
            optional(lambda: view.query(("SubtensorModule", "TaoWeight"))),
            optional(lambda: view.query(("System", "LastRuntimeUpgrade"))),
        )
        return {
            "total_issuance_rao": issuance,
            "total_stake_rao": stake,
            "block_emission_rao": emission,
            "tao_weight": None if weight is None else weight / U64,
            "spec_version": None if upgrade is None else upgrade["spec_version"],
        }

    async def _all_prices(self, view: Any) -> dict[int, int]:
        """{netuid: rao}, empty where this height has no such call."""
        records = await self.at.optional(lambda: view.runtime(_ALL_PRICES, []))
        return {r["netuid"]: r["price"] for r in records or ()}

    async def _prices_one_by_one(self, view: Any, dynamic: Sequence[Mapping[str, Any]]) -> dict[int, int]:
        """For heights without the call for all: a call each, or the bare ratio of the pool where even that is missing.

        The ratio is the price there: pools of unequal weights came later than the call.
        """
        netuids = [d["netuid"] for d in dynamic]
        first = await self.at.optional(lambda: view.runtime(_ONE_PRICE, [netuids[0]]))
        if first is None:
            self.notes.append("price: reserves ratio, as this height has no price call")
            ratios = {d["netuid"]: round(d["tao_in"] * RAO / d["alpha_in"]) for d in dynamic if d["alpha_in"]}
            return ratios | {ROOT_NETUID: RAO}
        rest = await asyncio.gather(
            *(self.at.call(lambda n=n: view.runtime(_ONE_PRICE, [n])) for n in netuids[1:])  # type: ignore[misc]
        )
        return dict(zip(netuids, [first, *rest], strict=True))

    async def _columns(self, view: Any, netuids: Sequence[int]) -> dict[str, list[Any]]:
        """{our name: one value per netuid, in order}; None where the height does not know the item."""
        keys = [[n] for n in netuids]
        values = await asyncio.gather(
            *(
                self.at.optional(lambda item=item: view.query_batch(item, keys))  # type: ignore[misc]
                for item in _PER_SUBNET.values()
            )
        )
        unknown = [None] * len(netuids)
        return {name: column or unknown for name, column in zip(_PER_SUBNET, values, strict=True)}

    async def _graphs(self, view: Any, netuids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
        """{netuid: metagraph}: all in one call, or a slim one per subnet where the node caps its replies."""
        at = self.at
        if self.wanted is None and not at.caps_replies:
            try:
                graphs = await at.call(lambda: view.runtime(_ALL_METAGRAPHS, []))
                return {g["netuid"]: g for g in graphs or () if g is not None}
            except TooBigError:
                at.caps_replies = True
            except MissingError:
                pass
        if at.caps_replies:
            self.notes.append(f"neurons: {len(netuids)} calls, as the node caps its replies")

        async def slim(netuid: int) -> Mapping[str, Any] | None:
            graph: Mapping[str, Any] | None = await at.call(
                lambda: view.runtime(_SLIM_METAGRAPH, [netuid, _SLIM_FIELDS])
            )
            return graph

        graphs = await asyncio.gather(*map(slim, netuids))
        return {n: g for n, g in zip(netuids, graphs, strict=True) if g is not None}


def _decoded(
    block: int,
    dynamic: Sequence[Mapping[str, Any]],
    prices: Mapping[int, int],
    columns: Mapping[str, Sequence[Any]],
    graphs: Mapping[int, Mapping[str, Any]],
) -> tuple[list[SubnetFacts], list[str]]:
    """Facts of those that can be read, and a sentence for each that cannot: one bad subnet costs itself only."""
    subnets, problems = [], []
    for index, info in enumerate(dynamic):
        netuid = info["netuid"]
        try:
            subnets.append(
                subnet_facts(
                    info,
                    block=block,
                    price_rao=prices.get(netuid),
                    columns={name: column[index] for name, column in columns.items()},
                    graph=graphs.get(netuid),
                )
            )
        except (UnreadableError, KeyError, TypeError) as problem:
            problems.append(f"subnet {netuid}: {problem}")
    return subnets, problems


def _coldkey_names(graphs: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What holders of a validator permit call themselves."""
    names = {}
    for graph in graphs:
        said = graph.get("identities") or ()
        for coldkey, identity, permit in zip(graph["coldkeys"], said, graph["validator_permit"], strict=False):
            if permit and identity and (name := text(identity.get("name"), 128)):
                names[coldkey] = name
    return names


async def _hyperparameters(at: Connection, block: int, netuids: Sequence[int]) -> dict[int, dict[str, Any]]:
    view = await at.client.at(block)
    await at.call(view.timestamp)

    async def one(netuid: int) -> Any:
        return await at.optional(lambda: view.subnets.subnet_hyperparameters(netuid=netuid))

    values = await asyncio.gather(*map(one, netuids))
    return {n: dict(v) for n, v in zip(netuids, values, strict=True) if v}
