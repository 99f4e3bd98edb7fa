"""How each kind of resource reads and writes beyond the common rules."""
