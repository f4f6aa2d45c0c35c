"""List prices, each with its unit, region, source and the days on which the source and we read it: prices.json."""
import json
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("prices.json")
HOURS = 730  # of a month, as AWS counts


@dataclass(frozen=True)
class Price:
    what: str
    usd: float
    per: int  # so many units for `usd`
    unit: str
    region: str
    url: str  # the seller's page, to look the price up again
    read_in: str
    of: str | None  # the day that the source names
    looked_up: str

    def of_so_many(self, units: float) -> float:
        return units * self.usd / self.per

    def said(self) -> str:
        """`0.025 for 1,000 transitions`"""
        return f"{self.usd:.10f}".rstrip("0").rstrip(".") + (f" for {self.per:,} {self.unit}" if self.per > 1
                                                             else f" a {self.unit}")


PRICES = {key: Price(**said) for key, said in json.loads(FILE.read_text(encoding="utf-8")).items()}


def usd(key: str, units: float) -> float:
    return PRICES[key].of_so_many(units)
