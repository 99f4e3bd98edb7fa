"""Pure: what the till wants, what we last wrote and what the shop holds, made into actions."""
