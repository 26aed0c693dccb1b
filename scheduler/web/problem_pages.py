"""The page behind each problem's type."""

import re

from flask import Blueprint, render_template
from werkzeug.exceptions import NotFound

from scheduler.web.problem_words import WORDS
from scheduler.web.problems import title_of

blueprint = Blueprint("problems", __name__)


@blueprint.get("/problems/<code>")
def page(code: str) -> str:
    """What a code means and what to do. Codes of rules explain themselves in their detail."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", code):
        raise NotFound
    return render_template("problem.html", code=code, title=title_of(code), words=WORDS.get(code))
