"""Run one owner's revisions on the connection that ``bot.storage.migrate`` hands over."""

from alembic import context

owner = context.config.attributes["owner"]
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=owner.metadata,
    version_table=owner.version_table,
    render_as_batch=True,
)
context.run_migrations()
