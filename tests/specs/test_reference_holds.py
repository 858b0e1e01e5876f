from collections.abc import Callable

import pytest

from truebook.model.designs import REFERENCE
from truebook.specs.scenarios import Scenario, default_scenarios
from truebook.specs.trace import Trace


@pytest.mark.parametrize("scenario", default_scenarios(REFERENCE), ids=lambda value: value.name)
def test_the_reference_holds(scenario: Scenario, broken: Callable[..., dict[str, Trace]]) -> None:
    assert broken(scenario) == {}
