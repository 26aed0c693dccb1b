"""The first address: staff go on to the day, strangers to the log-in; in the demo it says what Interval is."""

from scheduler.operations.naming import has_organisation
from scheduler.web.pages.demo_loading import is_loading
from scheduler.web.pages.login_demo import offered
from scheduler.web.pages.registry import ANYBODY, Answer, Page, PageCall, Pages, See

pages = Pages("landing")


@pages.get("/", ANYBODY)
def home(call: PageCall) -> Answer:
    """Where whoever comes has to go. An empty database is set up first."""
    if call.visitor:
        return See("/day")
    if not has_organisation(call.tx) or is_loading(call):
        return See("/welcome")
    if roles := offered(call):
        return Page("landing.html", {"roles": roles})
    return See("/login?next=/")
