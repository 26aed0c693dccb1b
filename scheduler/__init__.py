"""Interval plans, books, moves and holds series of treatments."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings
    from scheduler.web.service import Clock
    from scheduler.worker.ways import Ways


def create_app(settings: "Settings", clock: "Clock | None" = None) -> "Flask":
    """The service, put together. ``clock`` gives the instant in UTC; tests hand in their own.

    The parts are imported here and not above, so that whoever imports the domain gets nothing else along.
    """
    from scheduler import cli, worker
    from scheduler.domain.logins import Demand
    from scheduler.operations.messages.composing import Post
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
        production=settings.environment == "production",
        demand=Demand(settings.second_factor),
        proxies=settings.proxies,
    )
    app = web_application(service)
    ways = ways_out(settings)
    post = Post(settings.mail_from or "", settings.link_key, settings.public_url, ways.names)
    terminal = cli.Terminal(
        database=service.database,
        database_url=settings.database_url,
        clock=service.clock,
        public_url=settings.public_url,
        link_key=settings.link_key,
        production=settings.environment == "production",
        not_set_up=ways.missing(),
    )
    cli.install(app, terminal)
    folders = worker.Folders(settings.busy_folder, settings.replies_maildir)
    worker.install(app, service.database, service.clock, folders, post, ways)
    return app


def ways_out(settings: "Settings") -> "Ways":
    """How messages leave. On a machine that is not in production they become files where no way is set up."""
    import json
    from pathlib import Path

    from scheduler.worker.senders.gateway import Gateway
    from scheduler.worker.ways import Ways

    gateway = None
    if settings.text_url:
        name, _, value = (settings.text_header or "").partition(":")
        gateway = Gateway(
            url=settings.text_url,
            body=json.loads(settings.text_body),
            method=settings.text_method,
            type=settings.text_type,
            headers={name.strip(): value.strip()} if name else {},
        )
    folder = None if settings.environment == "production" else Path("var")
    return Ways(settings.smtp_url, gateway, folder)
