"""The pytest plugin: each vector is a test item.

`pytest --truebook-subject="python adapter.py"` adds every vector for an adapter. For a book in
Python, a fixture `truebook_subject` returns a `truebook.oracle.serve.Session`, and a test takes the
fixture `truebook_vector`. Nothing is imported until it is asked for, and then no more than attrs.
"""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from truebook.oracle.cases import Case
    from truebook.oracle.driver import Client
    from truebook.oracle.judge import Result
    from truebook.oracle.serve import Session


MOST_SECONDS = 86_400
SUBJECT, TIMEOUT, LEVEL = "--truebook-subject", "--truebook-timeout", "--truebook-level"
LEVELS = ("promises", "reference")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("truebook")
    group.addoption(SUBJECT, metavar="COMMAND", help="hold this adapter to the model")
    group.addoption(TIMEOUT, metavar="S", type=float, default=5.0, help="seconds an answer")
    group.addoption(LEVEL, choices=LEVELS, default=LEVELS[0], help="how strictly it is held")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse options that no vector could be run with."""
    command, seconds = config.getoption(SUBJECT), config.getoption(TIMEOUT)
    if command is not None:
        subject_of(command)
    if not 0 < seconds <= MOST_SECONDS:
        raise pytest.UsageError(
            f"{TIMEOUT}: it must be a number above 0 to {MOST_SECONDS:,} (seconds), not {seconds:g}"
        )


def subject_of(command: str) -> list[str]:
    """Return the words of a command; UsageError if there is no such program."""
    import os
    import shlex
    import shutil

    option = f"{SUBJECT}={command!r}"
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise pytest.UsageError(f"{option} cannot be read: {error}") from error
    if not words:
        raise pytest.UsageError(f"{option} names no program, as 'python adapter.py' would")
    if shutil.which(words[0]) is None:
        if os.sep in words[0] and os.path.isfile(words[0]):  # no more imports
            raise pytest.UsageError(f"{option}: {words[0]!r} is not executable")
        raise pytest.UsageError(f"{option}: there is no program {words[0]!r}")
    return words


@pytest.hookimpl(tryfirst=True)  # before -k and -m choose among the items
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Add an item for each vector, where a subject is named."""
    asked = session.config.getoption(SUBJECT) is not None
    if asked and not any(isinstance(item, VectorItem) for item in items):
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
            from truebook.oracle.driver import Client, program

            command = subject_of(self.config.getoption(SUBJECT))
            timeout = self.config.getoption(TIMEOUT)
            self._client = Client(program(command, timeout=timeout, option=TIMEOUT))
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
        from truebook.oracle.judge import run_case

        assert isinstance(self.parent, Vectors)
        strict = self.config.getoption(LEVEL) == LEVELS[1]
        verdict(run_case(self.parent.client, self.case), strict=strict)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:
        """Return what is wrong, without a traceback of the oracle's own code."""
        if isinstance(excinfo.value, pytest.fail.Exception):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args)

    def reportinfo(self) -> tuple[str, None, str]:
        """Return the name of the vector."""
        return "truebook", None, f"truebook: {self.name}"


def verdict(result: "Result", *, strict: bool = False) -> None:
    """Pass, skip or fail as a result says; `strict`: what differs and breaks no promise fails."""
    from truebook.oracle.findings import gathered
    from truebook.oracle.judge import Kind
    from truebook.oracle.reports import fault_lines, finding_lines

    if result.kind is Kind.UNSUPPORTED:
        pytest.skip(result.what)
    if result.kind in (Kind.PASS, *(() if strict else (Kind.DIFFERS,))):
        return
    found = gathered([result])
    lines = [line for one in found for _, line in finding_lines(one)]
    lines = lines or [line for _, line in fault_lines(result)]
    pytest.fail("\n".join(lines), pytrace=False)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `truebook_vector` once for each vector."""
    if "truebook_vector" in metafunc.fixturenames:
        from truebook.oracle.vectors import all_vectors

        cases = all_vectors()
        metafunc.parametrize("_truebook_case", cases, ids=[case.slug for case in cases])


@pytest.fixture
def truebook_vector(_truebook_case: "Case", truebook_subject: "Session") -> "Result":
    """Hold the fixture `truebook_subject` to one vector; the test then passes or fails by it."""
    from truebook.oracle.driver import Client, Direct
    from truebook.oracle.judge import run_case
    from truebook.oracle.serve import Session

    if not isinstance(truebook_subject, Session):
        pytest.fail(
            "the fixture truebook_subject must return a truebook.oracle.serve.Session, "
            f"not {truebook_subject!r}",
            pytrace=False,
        )
    return run_case(Client(lambda: Direct(truebook_subject)), _truebook_case)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Fail or skip a test that takes `truebook_vector`: it, and not its fixture, is what fails."""
    found: Any = pyfuncitem.funcargs.get("truebook_vector")
    if found is not None:
        verdict(found, strict=pyfuncitem.config.getoption(LEVEL) == LEVELS[1])
