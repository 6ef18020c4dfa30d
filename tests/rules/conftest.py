"""The devices of the tables."""

from __future__ import annotations

import pytest

from tests.rules.devices import Workshop


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Makes each device once."""
    return Workshop(tmp_path_factory.mktemp("rules"))
