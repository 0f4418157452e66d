"""How sure a figure about many people is: leave out each of them in turn. Pure.

The delete-one jackknife (Tukey 1958; Efron and Stein 1981): a person goes with all they posted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, inf, sqrt

Z = 1.645


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and its 90 % limits."""

    value: float
    low: float
    high: float


def jackknife(
    value: float, without: Sequence[float], *, least: float = -inf, most: float = inf
) -> Figure:
    """Give a figure its 90 % limits, from what it is without each of two people or more.

    They are t times the standard error, sqrt((m - 1) / m * sum((without - mean)^2)), to either
    side, cut off where such a figure cannot be. The order of people changes no digit.
    """
    m = len(without)
    mean = fsum(without) / m
    error = sqrt((m - 1) / m * fsum((one - mean) ** 2 for one in without))
    reach = t(m - 1) * error
    return Figure(
        value, min(value, max(least, value - reach)), max(value, min(most, value + reach))
    )


def t(freedom: int) -> float:
    """Student's t that 5 % lie above, by the series of Abramowitz and Stegun, 26.7.5.

    Within 2 % from two degrees of freedom on; more closely with more.
    """
    z, n = Z, freedom
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
    )
