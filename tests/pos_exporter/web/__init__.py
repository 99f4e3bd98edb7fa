"""Tests of the shopkeeper's page."""
