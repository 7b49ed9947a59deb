"""The goods of the simulated shop: about forty products that stand beside this file."""

from pathlib import Path

from daemon.reading import csv_catalogue
from store.facts import Product

CATALOGUE = Path(__file__).with_name("catalogue.csv")


def shop_catalogue() -> list[Product]:
    return list(csv_catalogue(CATALOGUE).products.values())
