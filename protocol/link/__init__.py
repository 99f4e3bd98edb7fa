"""The durable half of the protocol: outbox, inbox and positions in a program's own database.

The only room of `protocol` that knows SQLAlchemy (ADR 0003): everything before it is bytes and
values. Both programs keep these tables in their state database, beside their own.
"""
