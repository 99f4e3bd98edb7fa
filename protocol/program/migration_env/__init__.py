"""What Alembic runs; a package only so that it travels with the program."""
