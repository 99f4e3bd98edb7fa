"""What the documentation says is true of today's code."""
