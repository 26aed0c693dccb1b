"""The web application: every blueprint, and what applies to all of them."""

from flask import Flask

from scheduler.web import api, assets, headers, health, measures, origins, pages, problem_pages, problems, sessions
from scheduler.web.feeds import Feeds
from scheduler.web.service import NAME, Service

LARGEST_BODY = 64 * 1024


def web_application(service: Service) -> Flask:
    """Flask with all routes. A path has one spelling: no redirect from doubled or trailing slashes."""
    app = Flask("scheduler")
    app.secret_key = service.secret_key
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.url_map.merge_slashes = False
    app.url_map.redirect_defaults = False
    app.extensions[NAME] = service
    sessions.install(app, service)
    origins.install(app, service)
    for part in (problems, headers, measures, assets, pages):
        part.install(app)
    for blueprint in (api.blueprint(), health.blueprint, problem_pages.blueprint):
        app.register_blueprint(blueprint)
    app.wsgi_app = Feeds(service, app.wsgi_app)  # type: ignore[method-assign]
    return app
