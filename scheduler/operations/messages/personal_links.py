"""Personal links in mails: what leads from a message to the patient's own page.

A link in a mail is no news: a message that is sent again is the same to the byte whatever has become of its link, and
a fresh link is no reason to write a message anew. So it stands in no basis.
"""

from uuid import UUID

from sqlalchemy import select

from scheduler.domain.contact import Contact
from scheduler.domain.patient_links import LinkScope, serves_a_mail
from scheduler.operations.context import Context
from scheduler.operations.messages.composing import Matter, Post
from scheduler.operations.patients.patient_links import issue_patient_link, patient_token
from scheduler.operations.staff.operators import worker_of
from scheduler.storage.rows import PatientLinkRow

PATH = "/p/"


def link_address(post: Post, link_id: UUID) -> str:
    """The address that a link has in a message."""
    return post.public_url + PATH + patient_token(link_id, post.link_key)


def link_in_mail(matter: Matter, *, address: str | None = None) -> str | None:
    """The link of a mail, one that goes on or a fresh one; ``None`` where none may stand.

    ``address`` is where a mail with events goes. Only the patient's own address gets a link: one that the patient has
    left would open it to others. Texts and calls say nothing that long.
    """
    own, by_mail = matter.to.email, address is not None or matter.to.contact is Contact.EMAIL
    if matter.to.contact is Contact.PHONE or not (by_mail and matter.is_mail_set_up):
        return None
    if own is None or address not in (None, own):
        return None
    return link_address(matter.post, _open_link(matter) or _fresh_link(matter))


def _open_link(matter: Matter) -> UUID | None:
    """The link that goes on for longest, if that is long enough."""
    row = PatientLinkRow
    mine = (row.patient_id == matter.to.id, row.scope == LinkScope.VISITS, row.revoked_at.is_(None))
    query = select(row.id, row.expires_at).where(*mine).order_by(row.expires_at.desc(), row.id.desc()).limit(1)
    found = matter.tx.execute(query).first()
    return found.id if found and serves_a_mail(found.expires_at, matter.now) else None


def _fresh_link(matter: Matter) -> UUID:
    worker = worker_of(matter.tx, matter.to.organisation_id)
    context = Context(matter.tx, worker, matter.now)
    scope, key = LinkScope.VISITS, matter.post.link_key
    return issue_patient_link(context, key, patient_id=matter.to.id, scope=scope).id
