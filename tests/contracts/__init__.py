"""The contracts: one class of tests for each port, inherited by every implementation."""
