"""Who is on the network: names, subnet identities, owners' identities. Some are odd, some mean harm."""

from functools import lru_cache
from random import Random
from typing import NamedTuple

from subnets.localnet.draw import digest, stream

FIRST = (
    "Apex", "Orbit", "Quarry", "Lumen", "Delta", "Harbor", "Cipher", "Mosaic", "Tundra", "Vertex", "Willow",
    "Ember", "Cobalt", "Saffron", "Juniper", "Basalt",
)  # fmt: skip
SECOND = (
    "Forge", "Grid", "Mesh", "Works", "Mind", "Vault", "Relay", "Signal", "Foundry", "Stream", "Compute", "Index",
)  # fmt: skip
ODD_NAMES = ("FlameWire 🔥", "⚒", "Plaτform", "τemplar", "Łódź·Grid", "深い森", "O'Brien & Söhne")
DEFAULT_NAMES = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
    "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
)  # fmt: skip
CATEGORIES = (
    "llm-inference", "llm-training", "data-feeds", "serverless-compute", "ai-verification",
    "confidential-compute", "hashrate-mining", "finance-trading", "security-auditing", "privacy-anonymity",
    "media-vision", "science-research", "consumer-ai", "dev-tooling",
)  # fmt: skip
MINER_COLDKEYS = 4_000
HOUSES = 64  # validators that the whole network shares


class SubnetIdentity(NamedTuple):
    """What an owner says about a subnet; bytes as on the chain, in the chain's field order."""

    subnet_name: bytes
    github_repo: bytes
    subnet_contact: bytes
    subnet_url: bytes
    discord: bytes
    description: bytes
    logo_url: bytes
    additional: bytes


class Person(NamedTuple):
    """What a coldkey says about itself; bytes as on the chain, in the chain's field order."""

    name: bytes
    url: bytes
    github_repo: bytes
    image: bytes
    discord: bytes
    description: bytes
    additional: bytes


class House(NamedTuple):
    """A validator with its root stake, in TAO."""

    hotkey: bytes
    coldkey: bytes
    tao: float


HOSTILE: tuple[tuple[str | bytes, str], ...] = (
    # subnet name, subnet URL
    ("<script>alert(1)</script>", "javascript:alert(document.domain)"),
    ('"><img src=x onerror=alert(1)>', "data:text/html,<script>alert(1)</script>"),
    ('=HYPERLINK("http://x")', "//evil.example/path"),
    ("\u202egnp.exe\u202c", "https://xn--80ak6aa92e.example/"),
    ("FlameWire 🔥", "flamewire.example"),
    ("⚒", " https://anvil.example \n"),
    ("Plaτform", "http://127.0.0.1:8000/admin/"),
    ("τemplar", "https://user:password@templar.example/"),
    ("Very Long " * 24 + "Name", "https://long.example/" + "a/" * 400),
    ("", "https://nameless.example/"),
    ("NUL\x00 bell\x07 escape\x1b[31m\r\nsecond line", "JaVaScRiPt:alert(1)"),
    ("Novel", "http://169.254.169.254/latest/meta-data/"),
    (b"broken \xff\xfe utf-8", "file:///etc/passwd"),
    ("@SUM(1+1)*cmd|' /C calc'!A0", "https://[::1]/"),
    ("Z̷̢̛a̴͓͝l̵͇̾g̶͙͐o̷̞͠ \u200b\u2066zero width", "ftp://files.example/"),
    ("   ", "not a url at all"),
)
HOSTILE_NETUIDS = {2 + 3 * index: index for index in range(len(HOSTILE))}
ODD_PEOPLE = ("<script>alert('owner')</script>", "=1+1", "\u202eevil", "Ωmega ⚒", '{{ "a"|safe }}', "x" * 220)


def raw(text: str | bytes) -> bytes:
    """Bytes of a text; bytes pass as they are, since the chain stores any."""
    return text if isinstance(text, bytes) else text.encode()


def hostile_identity(netuid: int) -> SubnetIdentity:
    """The identity of one of `HOSTILE_NETUIDS`."""
    name, url = HOSTILE[HOSTILE_NETUIDS[netuid]]
    description = f"Subnet {netuid} <b onmouseover=alert(2)>hover</b> {{{{ 7*7 }}}} [link](javascript:alert(3)) "
    return SubnetIdentity(
        subnet_name=raw(name),
        github_repo=raw(url),
        subnet_contact=b"mailto:a@b.example?bcc=everyone@b.example",
        subnet_url=raw(url),
        discord=b"@everyone",
        description=raw(description * (100 if name == "Novel" else 1)),
        logo_url=b"javascript:alert('logo')" if netuid % 2 else b"http://127.0.0.1/logo.svg",
        additional=raw('{"a": "</script><script>alert(4)</script>"}'),
    )


def subnet_identity(netuid: int, draw: Random) -> SubnetIdentity | None:
    """The identity of an ordinary tenant; about one tenant in five has none."""
    name = draw.choice(ODD_NAMES) if draw.random() < 0.08 else f"{draw.choice(FIRST)} {draw.choice(SECOND)}"
    if netuid % 5 == 4:
        return None
    slug = "".join(c for c in name.lower() if c.isascii() and c.isalnum()) or f"subnet{netuid}"
    pitch = f"{name} sells the network something useful, measured by its validators every tempo. "
    return SubnetIdentity(
        subnet_name=raw(name),
        github_repo=raw(f"https://github.com/{slug}-example/subnet"),
        subnet_contact=raw(f"team@{slug}.example"),
        subnet_url=raw(f"https://{slug}.example"),
        discord=raw(slug),
        description=raw(pitch * draw.randrange(1, 4)),
        logo_url=raw(f"https://{slug}.example/logo.png"),
        additional=b"",
    )


def default_name(netuid: int) -> bytes:
    """The name the chain gives to a subnet whose owner gave none."""
    return raw(DEFAULT_NAMES[netuid % len(DEFAULT_NAMES)])


def symbol(netuid: int) -> bytes:
    """The letter that stands for a subnet's alpha."""
    return raw("Τ" if netuid == 0 else chr(0x3B1 + netuid % 24))


def _person(index: int, name: str) -> Person:
    shown = ODD_PEOPLE[index // 40 % len(ODD_PEOPLE)] if index % 40 == 7 else name
    url = "javascript:alert(5)" if index % 40 == 7 else "https://who.example"
    return Person(raw(shown), raw(url), b"", b"", b"", b"A made-up person of a simulated network.", b"")


@lru_cache(maxsize=8)
def houses(seed: int) -> tuple[House, ...]:
    """The shared validators, in no order of size."""
    draw = stream(seed, "houses")
    return tuple(
        House(digest(seed, "house-hot", i), digest(seed, "house-cold", i), min(60.0, draw.paretovariate(1.1)) * 50_000)
        for i in range(HOUSES)
    )


@lru_cache(maxsize=8)
def miner_coldkeys(seed: int) -> tuple[bytes, ...]:
    """The coldkeys that miners use; one usually holds several uids."""
    return tuple(digest(seed, "miner-cold", i) for i in range(MINER_COLDKEYS))


def owner_hotkey(seed: int, netuid: int, registered: int) -> bytes:
    """The owner hotkey of one tenancy."""
    return digest(seed, "owner-hot", netuid, registered)


def owner_coldkey(seed: int, netuid: int, registered: int) -> bytes:
    """The owner coldkey of one tenancy."""
    return digest(seed, "owner-cold", netuid, registered)


def owner(netuid: int) -> Person:
    """What the owner of a subnet says about itself; owners of the odd subnets are odd too."""
    odd = HOSTILE_NETUIDS.get(netuid)
    name = ODD_PEOPLE[odd % len(ODD_PEOPLE)] if odd is not None else f"Owner of {netuid}"
    return _person(0, name)


@lru_cache(maxsize=8)
def identified(seed: int) -> dict[bytes, Person]:
    """{coldkey: identity} of the validators and of every tenth miner; subnet owners are not in it."""
    found = {house.coldkey: _person(i, f"{FIRST[i % 16]} Validator {i}") for i, house in enumerate(houses(seed))}
    cold = miner_coldkeys(seed)
    found |= {cold[i]: _person(i // 10, f"Miner {i}") for i in range(0, MINER_COLDKEYS, 10)}
    return found
