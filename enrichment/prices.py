"""What a model costs: staff's own price first, then the price list that comes with genai-prices, else unknown."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Self

from django.conf import settings
from django.db.models import Q

from enrichment.models import ModelPrice
from enrichment.replies import Tokens

ADMIN, LIST, UNKNOWN = "admin", "genai-prices", "unknown"
_MILLION = Decimal(1_000_000)
_SMALLEST = Decimal("0.00000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """US dollars per million tokens, and where they are from."""

    source: str
    input: Decimal
    cached: Decimal
    cache_write: Decimal
    output: Decimal

    def of(self, tokens: Tokens) -> Decimal:
        plain = tokens.input - tokens.cached - tokens.cache_write
        inputs = plain * self.input + tokens.cached * self.cached + tokens.cache_write * self.cache_write
        return ((inputs + tokens.output * self.output) / _MILLION).quantize(_SMALLEST)

    def at_most(self, most_input: int, most_output: int) -> Decimal:
        """The most that a call can cost."""
        dearest = max(self.input, self.cached, self.cache_write)
        return ((most_input * dearest + most_output * self.output) / _MILLION).quantize(_SMALLEST)

    @classmethod
    def assumed(cls) -> Self | None:
        """What a budget reckons with where no price is known; None where the settings assume nothing."""
        given = settings.LLM_ASSUMED_USD
        if len(given) != 2:
            return None
        into, out = (Decimal(str(usd)) for usd in given)
        return cls(source=UNKNOWN, input=into, cached=into, cache_write=into, output=out)


def price_of(model: str, *, host: str, on: date) -> Price | None:
    """The price of a model at a host (`api.openai.com`, with its port where it has one) on a day; None: unknown."""
    return _of_staff(model, host, on) or _of_list(model, host)


def _of_staff(model: str, host: str, on: date) -> Price | None:
    """The row that names the model most exactly, then the one for this host alone, then the newest. One query."""
    rows = ModelPrice.objects.filter(Q(host="") | Q(host__iexact=host), valid_from__lte=on)
    fitting = [row for row in rows if model.lower().startswith(row.model.lower())]
    if not fitting:
        return None
    row = max(fitting, key=lambda each: (len(each.model), bool(each.host), each.valid_from, each.pk))
    into = row.input_usd * row.multiplier
    return Price(
        source=ADMIN,
        input=into,
        cached=into if row.cached_usd is None else row.cached_usd * row.multiplier,
        cache_write=into,
        output=row.output_usd * row.multiplier,
    )


@lru_cache(maxsize=64)
def _of_list(model: str, host: str) -> Price | None:
    """From the list in the package, never over the network. It knows providers by their address."""
    from genai_prices import Usage, calc_price

    try:
        found = calc_price(Usage(input_tokens=1, output_tokens=1), model, provider_api_url=f"https://{host}/v1")
    except LookupError:
        return None
    listed = found.model_price
    into, out = _base(listed.input_mtok), _base(listed.output_mtok)
    if into is None or out is None:
        return None
    cached, written = _base(listed.cache_read_mtok), _base(listed.cache_write_mtok)
    return Price(
        source=LIST,
        input=into,
        cached=into if cached is None else cached,
        cache_write=into if written is None else written,
        output=out,
    )


def _base(price: Any) -> Decimal | None:
    """Prices may rise beyond some length of context, which no question of ours comes near."""
    return price if isinstance(price, Decimal | None) else Decimal(price.base)
