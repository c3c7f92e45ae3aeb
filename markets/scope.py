"""Markets outside are about the Bittensor mainnet, and so is the database that takes them in."""

from subnets.history import MAINNET_GENESIS
from subnets.models import Chain
from subnets.store import belong_to


def elsewhere(*, claim: bool) -> str:
    """Why this database takes in nothing from outside markets, or "" if it does.

    A database that belongs to no chain yet is claimed for the mainnet, if `claim`: a simulated chain must not follow
    real prices either.
    """
    if Chain.objects.is_simulated():
        return "left out: the network is simulated and brings its own prices"
    chain = Chain.objects.first()
    if chain is None and claim:
        chain = belong_to(MAINNET_GENESIS)
    if chain is not None and chain.genesis_hash != MAINNET_GENESIS:
        return f"left out: this database belongs to the {chain}, and markets outside are about the mainnet"
    return ""
