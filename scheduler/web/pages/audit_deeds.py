"""The kinds of deeds of the audit trail in a few words each: “Ada booked sessions”."""

from collections.abc import Mapping

from scheduler.web.pages.words import say


def deeds_in_words() -> Mapping[str, str]:
    """Every kind of deed that is written down, as a few words that follow a name."""
    return {
        **_of_appointments(),
        **_of_series(),
        **_of_holds(),
        **_of_patients(),
        **_of_messages(),
        **_of_places(),
        **_of_resources(),
        **_of_staff(),
        **_of_logins(),
    }


def _of_appointments() -> dict[str, str]:
    """What is done to appointments and the times kept for them."""
    return {
        "sessions_booked": say("booked sessions"),
        "sessions_changed": say("moved sessions"),
        "visit_booked": say("booked a visit"),
        "visit_moved": say("moved a visit"),
        "cancelled": say("cancelled an appointment"),
        "arrived": say("noted an arrival"),
        "checked_in": say("began a treatment"),
        "no_show": say("noted that the patient did not come"),
        "performed": say("recorded a treatment"),
        "corrected": say("corrected a record"),
        "undone": say("undid something"),
        "keep_stored": say("kept a time free"),
        "keep_released": say("gave up a time that was kept free"),
        "delay_noted": say("noted a delay"),
        "delay_ended": say("ended a delay"),
        "waitlist_joined": say("put somebody on the waitlist"),
        "waitlist_left": say("took somebody off the waitlist"),
    }


def _of_series() -> dict[str, str]:
    """What is done to series, and decided about them."""
    return {
        "series_started": say("began a series"),
        "series_imported": say("imported a series"),
        "protocol_adopted": say("took a series over to a newer version"),
        "risks_changed": say("found what is at risk"),
        "decided_about_series": say("decided about a series"),
        "decided_to_defer": say("let sessions wait for the end of a hold"),
        "decided_to_continue": say("let a series go on in a new window"),
        "decided_to_restart": say("began a series anew"),
        "decided_to_omit": say("left out a session"),
        "decided_to_cease": say("ended a series"),
        "decided_to_accept": say("accepted a session as it was imported"),
        "restart_undone": say("took back the new beginning of a series"),
        "override_request_stored": say("asked for a date outside the rules"),
        "override_granted": say("allowed a date outside the rules"),
        "override_declined": say("declined a date outside the rules"),
    }


def _of_holds() -> dict[str, str]:
    """What is done to holds and clearances."""
    return {
        "hold_proposed": say("proposed a hold"),
        "hold_placed": say("placed a hold"),
        "hold_confirmed": say("confirmed a hold"),
        "hold_extended": say("extended a hold"),
        "hold_lifted": say("lifted a hold"),
        "hold_dismissed": say("dismissed a hold"),
        "hold_entered_in_error": say("marked a hold as a mistake"),
        "put_on_hold": say("freed appointments for a hold"),
        "answer_logged": say("noted an answer"),
        "clearance_given": say("gave a clearance"),
        "clearance_revoked": say("revoked a clearance"),
    }


def _of_patients() -> dict[str, str]:
    """What is done to the records of patients, and what patients do themselves."""
    return {
        "patient_added": say("added a patient"),
        "patient_edited": say("edited a patient"),
        "patients_merged": say("merged two records"),
        "patient_link_issued": say("issued a personal link"),
        "patient_link_revoked": say("revoked a personal link"),
        "move_asked_for": say("asked for another time"),
        "said_no": say("said no to an appointment"),
    }


def _of_messages() -> dict[str, str]:
    """What is done about messages and calendars."""
    return {
        "call_made": say("noted a call"),
        "dead_letter_retry": say("sent a message once more"),
        "dead_letter_dismiss": say("left a message undelivered"),
        "reply_taken": say("took in an answer to an invitation"),
        "answer_noted": say("noted whether somebody comes"),
        "move_request_done": say("dealt with a wish for another time"),
        "move_request_decline": say("declined a wish for another time"),
        "link_issued": say("issued a calendar link"),
        "link_revoked": say("revoked a calendar link"),
        "busy_imported": say("took in busy times from a calendar"),
    }


def _of_places() -> dict[str, str]:
    """What is done to clinics and treatments."""
    return {
        "organisation_set_up": say("set up the organisation"),
        "demo_begun": say("began a demo"),
        "demo_finished": say("finished a demo"),
        "clinic_set_up": say("set up a clinic"),
        "clinic_edited": say("edited a clinic"),
        "clinic_closed": say("closed a clinic for days"),
        "clinic_reopened": say("opened a clinic again"),
        "opening_hours_set": say("set opening hours"),
        "catalogue_installed": say("installed the catalogue of treatments"),
        "protocol_saved": say("saved a new version of a treatment"),
    }


def _of_resources() -> dict[str, str]:
    """What is done to people, rooms and devices, and to when they are there."""
    return {
        "resource_added": say("added a person, room or device"),
        "resource_changed": say("changed a person, room or device"),
        "qualified": say("gave a qualification"),
        "disqualified": say("took a qualification away"),
        "absence_added": say("noted an absence"),
        "absence_removed": say("removed an absence"),
        "usual_week_set": say("set a usual week"),
        "single_day_set": say("set the hours of a single day"),
        "single_day_cleared": say("gave a day its usual hours again"),
        "roster_published": say("published a roster"),
    }


def _of_staff() -> dict[str, str]:
    """What is done to users: who may do what, and how they log in."""
    return {
        "user_added": say("added a user"),
        "user_changed": say("changed what a user may do"),
        "user_ended": say("ended a user’s account"),
        "user_taken_back": say("opened a user’s account again"),
        "login_given": say("gave somebody a log-in"),
        "password_link_made": say("made a link for a new password"),
        "password_changed": say("changed a password"),
        "pin_set": say("set a PIN"),
        "pin_removed": say("removed a PIN"),
    }


def _of_logins() -> dict[str, str]:
    """What is done with log-ins, devices and programs."""
    return {
        "logged_in": say("logged in"),
        "logged_out": say("logged out"),
        "login_ended": say("ended a log-in"),
        "logins_ended": say("ended all log-ins of a user"),
        "device_forgotten": say("forgot a device"),
        "second_factor_set_up": say("set up a second factor"),
        "second_factor_removed": say("removed a second factor"),
        "passkey_added": say("set up a passkey"),
        "passkey_removed": say("removed a passkey"),
        "recovery_codes_drawn": say("drew new recovery codes"),
        "token_created": say("made a token for a program"),
        "token_revoked": say("revoked the token of a program"),
    }
