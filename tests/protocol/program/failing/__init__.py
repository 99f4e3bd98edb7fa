"""A program's migrations, for the tests."""
