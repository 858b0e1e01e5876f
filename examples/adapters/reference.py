"""The reference book as an adapter: `truebook conform -- python examples/adapters/reference.py`."""

from truebook.oracle.cases import FEATURES
from truebook.oracle.reference import ReferenceBook
from truebook.oracle.serve import serve

if __name__ == "__main__":
    serve(ReferenceBook, name="reference", features=FEATURES)
