"""What the extras of meaning bring: tests that need it are left out where it is not installed, never in CI.

`make test-plain` leaves it out on purpose, in CI as well.
"""

import os
from importlib.util import find_spec

import pytest


def needs(*packages: str) -> pytest.MarkDecorator:
    """Mark tests that need some packages."""
    missing = [name for name in packages if find_spec(name) is None]
    required = os.environ.get("CI") == "true" and os.environ.get("WITHOUT_MEANING") != "1"
    return pytest.mark.skipif(
        bool(missing) and not required,
        reason=f"without {', '.join(missing)}: pip install 'grant-search[meaning]'",
    )
