"""Bringing web orders and customers into the till."""
