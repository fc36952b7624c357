import pytest
from hookcast import Hookcast


@pytest.fixture(scope="session")
def hookcast():
    with Hookcast() as server:
        yield server
