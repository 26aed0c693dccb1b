"""What to tell people about the problems that a request itself has, whatever the rules say."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "token_missing": "The call carried no token. Send one in the header Authorization, after the word Bearer.",
    "token_unknown": "The token is not known here, was revoked, has expired, or its user no longer has its role.",
    "not_allowed": "The role of your token does not include this. The answer names the roles that do.",
    "not_found": "There is no such thing, or it is not yours to see; the two are not told apart.",
    "no_such_address": "Nothing is served at this address. Addresses have no slash at their end.",
    "method_not_allowed": "The address exists but does not take this method. The header Allow lists those it takes.",
    "malformed_json": "The body is not JSON.",
    "malformed_text": "The body is not UTF-8, or holds half of a character.",
    "repeated_key": "One object of the body has the same key twice, so it cannot be told which value is meant.",
    "not_a_number": "The body holds NaN, an infinity or a number too large. JSON has none of them.",
    "too_deep": "The body is nested deeper than anything that is asked for here.",
    "not_json": "The body is announced as something other than JSON, or is compressed.",
    "wrong_media_type": "The body is announced as something other than what is taken here, or is compressed.",
    "too_large": "The body is larger than 64 KiB or, where a file is taken, larger than files may be.",
    "invalid_request": "Some fields or parameters cannot be used. The list errors names each one and what is wrong.",
    "cursor_invalid": "The cursor was made for another list or other filters, or was changed. Begin at the first page.",
    "revision_missing": "A change must say which revision its author saw. Send the ETag of that answer as If-Match.",
    "stale": "Somebody changed this since you looked. Fetch it again, then decide whether your change still holds.",
    "idempotency_key_reused": "The Idempotency-Key was sent before with another request. Each deed takes its own key.",
    "too_many_attempts": "There were too many attempts at a secret. The header Retry-After says how long to wait.",
    "unavailable": "The database cannot be reached or cannot store. Nothing was changed; try again shortly.",
    "database_away": "The database cannot be reached. The process waits for it and needs no restart.",
    "schema_outdated": "The database belongs to another version of this service. Migrate it, or update the service.",
    "failed": "A fault of ours. It has been logged.",
}
