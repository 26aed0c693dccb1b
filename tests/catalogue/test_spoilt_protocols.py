"""Whoever spoils a protocol is told which file, row and field, in one sentence for each fault."""

import pytest

from tests.catalogue.conftest import Spoil

FIRST = "microneedling-rejuvenation"
DAYS_RISE = "days must rise: 0 <= absolute_min <= min <= target <= max"
BOUNDS = "must be at least 1 and at most max_sessions"
INTEGER = "Input should be a valid integer"
UNKNOWN = "is not a field of this row"
DOWNTIME = "days must rise: usual_days, then at_most_days"
JUDGED = "names the judged fields when the confidence has J, and only then"
TAGS = "must be some of the tags P, L, C, K and J, with commas between"
DEVICE = "goes with a phase that needs a device, and only with one"
TOO_SHORT = "leaves less than five minutes of treatment at the quickest site"

SPOILT_PROTOCOLS = [
    ("min_days = 28", "min_days = 43", "spacing", DAYS_RISE),
    ("absolute_min_days = 21", "absolute_min_days = 29", "spacing", DAYS_RISE),
    ("min_days = 28", 'min_days = "28"', "spacing.min_days", INTEGER),
    ("min_sessions = 3", "min_sessions = 3.0", "min_sessions", INTEGER),
    ("min_sessions = 3", "min_sessions = 7", "min_sessions", BOUNDS),
    ("min_sessions = 3", "min_sessions = 0", "min_sessions", BOUNDS),
    ("min_sessions = 3\n", "", "min_sessions", "is missing"),
    ("min_sessions = 3", "min_sessions = 2021-01-03", "min_sessions", INTEGER),
    ("min_sessions = 3", "min_sessions = 3\ncolour = 1", "colour", UNKNOWN),
    ("usual_days = [1, 3]", "usual_days = [1, 3]\ncolour = 1", "downtime.colour", UNKNOWN),
    ("usual_days = [1, 3]", "usual_days = [4, 3]", "downtime", DOWNTIME),
    ("at_most_days = 7", "at_most_days = 2", "downtime", DOWNTIME),
    ("minutes = 45", "minutes = 44", "phases.1.minutes", "44 minutes are not a multiple of five from 0"),
    ("minutes = 45", "minutes = -5", "phases.1.minutes", "-5 minutes are not a multiple of five from 0"),
    ("treatment = -15", "treatment = -14", "site_minutes.lips.treatment", "-14 minutes are not a multiple of five"),
    ("lips = { treatment", "lisp = { treatment", "site_minutes.lisp", 'the catalogue has no "lisp"'),
    ("prp = { treatment", "glitter = { treatment", "addon_minutes.glitter", 'the catalogue has no "glitter"'),
    ("lips = { treatment", "lips = { massage", "site_minutes.lips.massage", 'the protocol has no phase "massage"'),
    ("shorten_by = 15", "shorten_by = 12", "shorten_by", "12 minutes are not a multiple of five from 0"),
    ("lengthen_by = 30", "lengthen_by = -5", "lengthen_by", "-5 minutes are not a multiple of five from 0"),
    ("shorten_by = 15", "shorten_by = 30", "shorten_by", TOO_SHORT),
    ('name = "treatment"', 'name = "needling"', "phases", 'none is called "treatment"'),
    ('name = "numbing"', 'name = "treatment"', "phases.1.name", '"treatment" stands there twice'),
    ('device_type = "microneedling-pen"\n', "", "device_type", DEVICE),
    (
        "maintenance_days = [90, 365]",
        "maintenance_days = [400, 365]",
        "maintenance_days",
        "must rise from at least 1 day",
    ),
    (
        'modality = "microneedling"',
        'modality = "microneedling"\nexempt_codes = ["flu"]',
        "exempt_codes",
        'the catalogue has no contraindication "flu"',
    ),
    (
        'modality = "microneedling"',
        'modality = "microneedling"\nadded_codes = ["flu"]',
        "added_codes",
        'the catalogue has no contraindication "flu"',
    ),
    (
        'modality = "microneedling"',
        'modality = "microneedling"\nadded_codes = ["filler"]\nexempt_codes = ["filler"]',
        "added_codes",
        '"filler" is exempt as well',
    ),
    ('"no-make-up", ', '"no-fun", ', "aftercare", 'the catalogue has no advice "no-fun"'),
    (
        'on_lapse = "reassess"',
        'on_lapse = "shrug"',
        "spacing.on_lapse",
        "Input should be 'continue', 'reassess' or 'restart'",
    ),
    ('source = "patient leaflet; four sessions at 30 days (PMC6122507)"', 'source = " "', "source", "is missing"),
    ('confidence = "P, C, J"', 'confidence = "P, X, J"', "confidence", TAGS),
    ('confidence = "P, C, J"', 'confidence = "P, C"', "own_judgement", JUDGED),
    (
        '"spacing.absolute_min_days"',
        '"spacing.no_such_days"',
        "own_judgement",
        'the row has no field "spacing.no_such_days"',
    ),
    ("min_sessions = 3", "min_sessions = 3\nversion = 0", "version", "must be a whole number from 1"),
    (
        "min_sessions = 3",
        "min_sessions = 3\nstep_spacing.7 = { absolute_min_days = 1, min_days = 1, target_days = 1, max_days = 1 }",
        "step_spacing.7",
        "must be the number of a session from 2 to max_sessions",
    ),
]


@pytest.mark.parametrize(("old", "new", "field", "words"), SPOILT_PROTOCOLS)
def test_a_spoilt_protocol_is_refused(spoil: Spoil, old: str, new: str, field: str, words: str) -> None:
    assert f'protocols.toml, row "{FIRST}", field {field}: {words}.' in spoil("protocols.toml", old, new).splitlines()
