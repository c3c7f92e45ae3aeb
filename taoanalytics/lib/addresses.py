"""Which addresses that strangers wrote may be visited at all. What their names lead to is judged at the connection."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote, urlsplit, urlunsplit

LONGEST = 2000
_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_STRANGE = re.compile(r"[\s\\\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
# Names that mean a machine or a network of one's own (RFC 6761, 6762, 8375, 9476 and custom).
_OWN = (
    "alt arpa corp example home internal intranet invalid ip6-localhost ip6-loopback lan local localdomain localhost "
    "onion private test"
).split()
# Within them an address stands for another one, which may be anything.
_STAND_FOR_OTHERS = [
    ip_network(block) for block in ("64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "::/96")
]
_NOT_FOR_VISITORS = [ip_network(block) for block in ("100.64.0.0/10", "168.63.129.16/32", "192.0.0.0/24", "fec0::/10")]


class Refused(Exception):
    """Not fetched, by rule; the text says which, and names no more of an address than its host."""

    @property
    def reason(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class Target:
    """An address that passed: `host` in ASCII and lower case; `exempt` if the settings name its host and port."""

    url: str
    scheme: str
    host: str
    port: int
    exempt: bool

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.shown_host}:{self.port}"

    @property
    def shown_host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def target_of(url: str, allowed: Collection[str] = ()) -> Target:
    """What `url` asks for, spelled in one way. Raises Refused. `allowed`: "host:port" that may be anything."""
    url = url.strip(" \t\r\n")
    if not url:
        raise Refused("the address is empty")
    if len(url) > LONGEST:
        raise Refused(f"the address is longer than {LONGEST:,} characters")
    if _STRANGE.search(url):
        raise Refused("the address holds spaces, backslashes or characters that cannot be seen")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Refused("the address is malformed") from None
    if parts.scheme not in _PORTS:
        raise Refused("the address is neither http nor https")
    if "@" in parts.netloc:
        raise Refused("the address carries a user name or password")
    host, port = _in_ascii(host), _PORTS[parts.scheme] if port is None else port
    exempt = f"{host}:{port}" in allowed
    if not exempt:
        _refuse_ports(port)
        _refuse_hosts(host)
    target = Target("", parts.scheme, host, port, exempt)
    netloc = target.shown_host if port == _PORTS[parts.scheme] else f"{target.shown_host}:{port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    address = urlunsplit((parts.scheme, netloc, path, quote(parts.query, safe="/%:@!$&'()*+,;=~-._?"), ""))
    return Target(address, parts.scheme, host, port, exempt)


def is_public(address: str) -> bool:
    """Whether a numeric address is one of the open internet, and stands for nothing else."""
    try:
        number: IPv4Address | IPv6Address = ip_address(address.strip("[]"))
    except ValueError:
        return False
    if isinstance(number, IPv6Address) and (number.scope_id or number.ipv4_mapped):
        return False
    if any(number in block for block in (*_STAND_FOR_OTHERS, *_NOT_FOR_VISITORS) if block.version == number.version):
        return False
    return number.is_global and not (number.is_multicast or number.is_reserved or number.is_unspecified)


def _in_ascii(host: str) -> str:
    """Digits and dots of other scripts become those they mean, before anyone judges them."""
    try:
        name = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        raise Refused("the address has no valid host name") from None
    return name.lower().removesuffix(".")


def _refuse_ports(port: int) -> None:
    if port not in _PORTS.values():
        raise Refused(f"port {port} is not one that websites use")


def _refuse_hosts(host: str) -> None:
    if not host:
        raise Refused("the address has no host")
    if ":" in host or "%" in host:
        if not is_public(host):
            raise Refused(f"{host} is not a public address")
        return
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        _refuse_numbers(host)
    elif len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Refused("the address has no valid host name")
    elif len(labels) == 1 or labels[-1] in _OWN:
        raise Refused(f"{host} is not a name of the public internet")


def _refuse_numbers(host: str) -> None:
    """A browser reads 2130706433, 0x7f.1 and 0177.0.0.1 as 127.0.0.1; nobody with a website writes like that."""
    try:
        IPv4Address(host)
    except ValueError:
        raise Refused("the address writes its host as a number, in an unusual way") from None
    if not is_public(host):
        raise Refused(f"{host} is not a public address")
