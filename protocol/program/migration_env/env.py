"""What Alembic runs to migrate; the connection and its options come from `protocol.program.state`.

There is no `alembic.ini`: each program hands its own folder of versions over in code.

    command.upgrade(config, "head")
"""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
