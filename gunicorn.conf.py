"""How gunicorn serves: a few processes of threads, loaded once before they part, so that a new one is up at once."""

import os

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
workers = int(os.environ.get("WEB_CONCURRENCY") or "2")
worker_class = "gthread"
threads = 8
preload_app = True
timeout = 30
graceful_timeout = 10
keepalive = 5
accesslog = None  # a calendar link is a secret in a path, and the service logs requests without it
control_socket_disable = True  # signals are enough, and two services on one machine would share the socket
