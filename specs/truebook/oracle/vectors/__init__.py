"""Vectors: the runs that subjects are held to, shipped or made from the model."""

from truebook.oracle.vectors import shipped
from truebook.oracle.vectors.shipped import all_vectors, as_json

__all__ = [
    "all_vectors",
    "as_json",
    "shipped",
]
