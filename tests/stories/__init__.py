"""Stories told once and run twice: against the simulated shop, and against a real PrestaShop."""

import pkgutil

import pytest

# These modules are no test files by their names, yet their assertions shall say as much.
pytest.register_assert_rewrite(
    *(f"{__name__}.{one.name}" for one in pkgutil.iter_modules(__path__))
)
