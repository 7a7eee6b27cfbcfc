"""Alembic runs this: the connection comes from `caveat.store.open_store`."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=True)
context.run_migrations()
