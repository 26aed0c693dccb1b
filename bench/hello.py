"""The baseline of the web: a bare Flask route on the same server."""

from flask import Flask

app = Flask("hello")


@app.get("/")
def hello() -> str:
    return "hello"
