"""Alembic's way in: the models the tables are compared with, on the connection that app/core/migrating.py opened."""

import importlib

from alembic import context

from app.core.db import Base

MODELS = (
    "app.core.events",
    "app.core.numbers",
    "app.core.rates",
    "app.catalogue.archive",
    "app.pdf.issued",
    "app.identity.models",
    "app.privacy.models",
    "app.papers.models",
    "app.engagement.questions",
    "app.applications.form_models",
    "app.applications.models",
    "app.applications.standing",
    "app.applications.refiling",
    "app.applications.supports",
    "app.applications.changes",
    "app.applications.gaps",
    "app.applications.incoming",
    "app.applications.links",
    "app.applications.batches",
    "app.applications.case_letters",
    "app.billing.models",
    "app.licences.models",
    "app.licences.shares",
    "app.notices.models",
)
"""Every module that defines tables made by a revision. A revision for a new room adds the room's models here."""

for module in MODELS:
    importlib.import_module(module)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    compare_server_default=True,
    include_schemas=False,  # schema jobs is Procrastinate's own
)
with context.begin_transaction():
    context.run_migrations()
