"""Settings of the baseline's server: the same kind of worker as the product's, and nothing of the product."""

worker_class = "gthread"
threads = 8
loglevel = "error"
control_socket_disable = True
