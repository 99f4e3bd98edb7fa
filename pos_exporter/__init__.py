"""The shop PC's program: reads the till, sends facts, brings web orders in."""
