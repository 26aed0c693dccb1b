"""Refusals of the series page in the reader's words, shorter than the rules say them."""

from scheduler.domain.refusals import Refusal, Stale
from scheduler.web.pages.series_words import conflict_words
from scheduler.web.pages.telling import told
from scheduler.web.pages.words import say


def in_words(refusal: Refusal) -> Refusal:
    """The same refusal, to be told."""
    if isinstance(refusal, Stale):
        detail = say("Somebody has changed this meanwhile. Nothing of yours was saved.")
        return Refusal(detail, code=refusal.code, remedy=say("Look at it as it stands now, then decide."))
    if refusal.conflicts:
        reasons = dict.fromkeys(conflict_words(conflict, None) for conflict in refusal.conflicts)
        return Refusal(" ".join(reasons), code=refusal.code, remedy=say("Nothing was saved."))
    known = {
        "effects_changed": say("The effects have changed meanwhile. Nothing was saved; look at them again."),
        "effects_unseen": say("This changes appointments. Look at the effects first."),
        "not_lapsed": say("No window of this series has lapsed any more."),
        "nothing_to_plan": say("Nothing of this series can still move."),
        "override_not_needed": say("This day is in the window and needs no override. Book it."),
        "permanent_hold": say("An absolute contraindication cannot be lifted. If it was wrong, mark it as an error."),
    }
    found = known.get(refusal.code)
    if found:
        return Refusal(found, code=refusal.code)
    refusal.reword(told)
    return refusal
