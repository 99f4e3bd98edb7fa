"""Alembic migrations of this program's state database."""
