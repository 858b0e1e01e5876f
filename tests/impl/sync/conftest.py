"""What the tests of the safety sync share."""

import pytest

from sync_venue import Setting, a_setting


@pytest.fixture
def setting() -> Setting:
    return a_setting()
