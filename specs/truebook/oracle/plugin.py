"""The pytest plugin: each vector is a test item.

`pytest --truebook-subject="python adapter.py"` adds every vector for an adapter. For a book in
Python, a fixture `truebook_subject` returns a `truebook.oracle.serve.Session`, and a test takes the
fixture `truebook_vector`. Nothing is imported until it is asked for.
"""

import argparse
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from truebook.oracle.cases import Case
    from truebook.oracle.client import Client
    from truebook.oracle.results import Result


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("truebook")
    group.addoption("--truebook-subject", metavar="COMMAND", help="hold this adapter to the model")
    group.addoption(
        "--truebook-timeout", metavar="S", type=_seconds, default=5.0, help="seconds an answer"
    )


def _seconds(text: str) -> float:
    """Return the seconds that a text says, as `truebook conform --timeout` takes them."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError(
            f"it must be a number above 0 to 86,400 (seconds), not {text}"
        )
    return seconds


@pytest.hookimpl(tryfirst=True)  # before -k and -m choose among the items
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Add an item for each vector, where a subject is named."""
    command = session.config.getoption("--truebook-subject", None)
    if command and not any(isinstance(item, VectorItem) for item in items):
        from truebook.oracle.vectors import all_vectors

        parent = Vectors.from_parent(session, name="truebook", nodeid="truebook")
        items += [VectorItem.of(parent, case) for case in all_vectors()]


class Vectors(pytest.Collector):
    """The vectors, as a collector; it holds the conversation with the subject."""

    _client: "Client | None" = None

    def collect(self) -> list[pytest.Item]:
        """Return nothing: the items are added by the plugin."""
        return []

    @property
    def client(self) -> "Client":
        """The conversation, begun when it is first needed."""
        if self._client is None:
            import shlex

            from truebook.oracle.client import Client
            from truebook.oracle.process import program

            command = shlex.split(self.config.getoption("--truebook-subject"))
            timeout = self.config.getoption("--truebook-timeout")
            self._client = Client(program(command, timeout=timeout))
            self.config.add_cleanup(self._client.close)
        return self._client


class VectorItem(pytest.Item):
    """One vector, as a test."""

    case: "Case"

    @classmethod
    def of(cls, parent: Vectors, case: "Case") -> "VectorItem":
        """Return the item of a vector."""
        item: VectorItem = cls.from_parent(parent, name=case.slug)
        item.case = case
        return item

    def runtest(self) -> None:
        """Hold the subject to the vector."""
        from truebook.oracle.running import run_case

        assert isinstance(self.parent, Vectors)
        verdict(run_case(self.parent.client, self.case))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:
        """Return what is wrong, without a traceback of the oracle's own code."""
        if isinstance(excinfo.value, NotConformingError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args)

    def reportinfo(self) -> tuple[str, None, str]:
        """Return the name of the vector."""
        return "truebook", None, f"truebook: {self.name}"


class NotConformingError(AssertionError):
    """A subject is not as the vector expects."""


def verdict(result: "Result") -> None:
    """Pass, skip or fail as a result says."""
    from truebook.oracle.report import finding_lines
    from truebook.oracle.results import Kind

    if result.kind is Kind.UNSUPPORTED:
        pytest.skip(result.what)
    if result.kind is not Kind.PASS:
        raise NotConformingError("\n".join(line for _, line in finding_lines(result)))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `truebook_vector` once for each vector."""
    if "truebook_vector" in metafunc.fixturenames:
        from truebook.oracle.vectors import all_vectors

        cases = all_vectors()
        metafunc.parametrize("_truebook_case", cases, ids=[case.slug for case in cases])


@pytest.fixture
def truebook_vector(_truebook_case: "Case", truebook_subject: Any) -> None:
    """Hold the fixture `truebook_subject` to one vector."""
    from truebook.oracle.client import Client, Direct
    from truebook.oracle.running import run_case

    verdict(run_case(Client(lambda: Direct(truebook_subject)), _truebook_case))
