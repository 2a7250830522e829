"""The process that mortal portals are forked from: what each would spend four seconds on is read here, once.

Nothing here opens a connection, starts a thread or asks for the failpoints: those belong to the life that begins after.
"""

from app import __main__, tasks
from app.catalogue import loader, search
from app.core import i18n
from app.core.templates import environment
from app.main import build
from app.settings import ROOT

READ = (__main__.main, tasks.register, build)
for language in i18n.LANGUAGES:
    environment(language)
search.ready(loader.load(ROOT / "services_catalog"))
