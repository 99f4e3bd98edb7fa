"""Tests of the room for web orders."""
