"""Tests of the shoe shop's till."""
