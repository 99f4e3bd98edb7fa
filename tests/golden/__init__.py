"""Packets kept for good: what a version wrote once, every later one reads (SPEC §9)."""
