"""What a swap would pay, counted as the chain counts it: whole rao, weights in 1e-18, fees in 1/65,535.

With reserves R and weights w, x put in of one token takes R_out × (1 − (R_in ÷ (R_in + x)) ^ (w_in ÷ w_out)) out of
the other. The power is floored to 18 decimal places, every other step to a whole rao or to 64 binary places.
This arithmetic shares nothing with the figures of the product, so that each can be held against the other.
"""

from decimal import ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import NamedTuple

from subnets.localnet.draw import RAO
from subnets.localnet.prices import Pool

WEIGHT_ONE = 10**18  # the weight of a whole pool
FEE_ONE = 2**16 - 1  # a fee of everything
POWER_ONE = 10**18
FIXED_ONE = 2**64

LEAST_RESERVE = 1_000_000  # rao; with less left on the paying side nothing is swapped
MOST_PUT_IN = 1_000  # times the reserve that it goes into
LOWEST_PRICE, HIGHEST_PRICE = Fraction(1_000, RAO), Fraction(10**15, RAO)  # TAO per alpha; a swap stops there

_EXACT = Context(prec=80, rounding=ROUND_FLOOR)


class Swap(NamedTuple):
    """In rao: what enters the pool, what it pays out, the fee, and how much less that is than spot without fee."""

    put_in: int
    paid_out: int
    fee: int
    slippage: int


class Side(NamedTuple):
    """One token of a pool: its reserve in rao and its weight in 1e-18."""

    reserve: int
    weight: int


NOTHING = Swap(0, 0, 0, 0)


def tao_weight(pool: Pool) -> int:
    """In 1e-18, as the chain keeps it; alpha has the rest."""
    return int(pool.tao_weight * WEIGHT_ONE)


def sides(pool: Pool) -> tuple[Side, Side]:
    """(TAO, alpha)"""
    weight = tao_weight(pool)
    return Side(pool.tao_in, weight), Side(pool.alpha_in, WEIGHT_ONE - weight)


def buy(pool: Pool, fee_rate: int, tao: int) -> Swap:
    """`tao` rao for alpha; nothing where the chain would refuse. `fee_rate`: in 1/65,535 of what is offered."""
    reserve, alpha = sides(pool)
    done = _swap(reserve, alpha, fee_rate, tao, 1 / HIGHEST_PRICE)
    return _with_slippage(done, _floor(tao / _price(reserve, alpha)))


def sell(pool: Pool, fee_rate: int, alpha: int) -> Swap:
    """`alpha` rao for TAO; nothing where the chain would refuse."""
    tao, reserve = sides(pool)
    done = _swap(reserve, tao, fee_rate, alpha, LOWEST_PRICE)
    return _with_slippage(done, _floor(alpha * _price(tao, reserve)))


def _swap(into: Side, out_of: Side, fee_rate: int, offered: int, lowest: Fraction) -> Swap:
    """`lowest`: what one more token must still fetch afterwards; what is put in stops there."""
    fee = _floor(offered * Fraction(fee_rate * FIXED_ONE // FEE_ONE, FIXED_ONE))
    put_in = offered - fee
    if out_of.reserve < LEAST_RESERVE or put_in > MOST_PUT_IN * into.reserve:
        return NOTHING
    paid_out = _paid_out(into, out_of, put_in)
    after = _price(out_of._replace(reserve=out_of.reserve - paid_out), into._replace(reserve=into.reserve + put_in))
    if after < lowest:
        fall = _price(out_of, into) / lowest
        share = Fraction(out_of.weight, WEIGHT_ONE)
        put_in = _times(into.reserve, _EXACT.subtract(_power(fall, share), Decimal(1)))
        fee = put_in * fee_rate // (FEE_ONE - fee_rate)
        paid_out = _paid_out(into, out_of, put_in)
    return Swap(put_in, paid_out, fee, 0) if paid_out or not put_in else NOTHING


def _paid_out(into: Side, out_of: Side, put_in: int) -> int:
    left = _times(
        POWER_ONE, _power(Fraction(into.reserve, into.reserve + put_in), Fraction(into.weight, out_of.weight))
    )
    return out_of.reserve * (FIXED_ONE - left * FIXED_ONE // POWER_ONE) // FIXED_ONE


def _power(base: Fraction, exponent: Fraction) -> Decimal:
    return _EXACT.power(_decimal(base), _decimal(exponent))


def _decimal(value: Fraction) -> Decimal:
    return _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))


def _times(whole: int, part: Decimal) -> int:
    return int(_EXACT.multiply(Decimal(whole), part))


def _price(of_quote: Side, of_base: Side) -> Fraction:
    """Of one base token in quote tokens, at the margin."""
    return Fraction(of_base.weight * of_quote.reserve, of_quote.weight * of_base.reserve)


def _with_slippage(done: Swap, at_spot: int) -> Swap:
    return done if done is NOTHING else done._replace(slippage=max(0, at_spot - done.paid_out))


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator
