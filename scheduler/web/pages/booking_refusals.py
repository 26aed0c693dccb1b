"""Why a booking was refused, as the panel says it."""

from scheduler.domain.refusals import Refusal
from scheduler.web.pages.words import say


def refusal_words(refusal: Refusal) -> str:
    """“Just taken” where a rival was faster; else what the rule says."""
    codes = {refusal.code, *(one.code for one in refusal.conflicts)}
    if any(code.endswith(("_taken", "_busy")) for code in codes):
        return say("Just taken, here are the next five.")
    return f"{refusal.detail} {refusal.remedy}".strip()
