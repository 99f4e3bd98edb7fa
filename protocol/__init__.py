"""Comptoir's file protocol: what a till and a shop say to each other, and how it is kept safe."""
