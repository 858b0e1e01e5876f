"""The oracle: what other people's books are held against.

`from truebook.oracle import assert_conforms` holds a book in Python to every vector;
`from truebook.oracle.serve import serve` is the whole program of an adapter. Importing this package
costs nothing until one of them is asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from truebook.oracle.assertions import assert_conforms

__all__ = ["assert_conforms"]


def __getattr__(name: str) -> Any:
    if name == "assert_conforms":
        from truebook.oracle.assertions import assert_conforms

        return assert_conforms
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
