"""Interval plans, books, moves and holds series of treatments."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings
    from scheduler.web.service import Clock


def create_app(settings: "Settings", clock: "Clock | None" = None) -> "Flask":
    """The service, put together. ``clock`` gives the instant in UTC; tests hand in their own.

    The parts are imported here and not above, so that whoever imports the domain gets nothing else along.
    """
    from scheduler import cli, worker
    from scheduler.storage.database import Database
    from scheduler.web.application import web_application
    from scheduler.web.logs import set_up_logs
    from scheduler.web.service import Service, real_clock

    set_up_logs(settings.log_level)
    service = Service(
        database=Database(settings.database_url),
        clock=clock or real_clock,
        public_url=settings.public_url,
        secret_key=settings.secret_key,
        link_key=settings.link_key,
    )
    app = web_application(service)
    terminal = cli.Terminal(
        database=service.database,
        database_url=settings.database_url,
        clock=service.clock,
        public_url=settings.public_url,
        link_key=settings.link_key,
        production=settings.environment == "production",
    )
    cli.install(app, terminal)
    worker.install(app, service.database, service.clock, settings.busy_folder)
    return app
