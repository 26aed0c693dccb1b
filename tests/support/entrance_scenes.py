"""The scenes of the way in: an empty service, the demo, the log-in, and one's own account."""

from collections.abc import Callable

from playwright.sync_api import Page
from sqlalchemy import delete
from sqlalchemy.orm import Session

from scheduler.domain.access import Role
from scheduler.operations.staff.accounts import give_login
from scheduler.storage.rows import PasskeyRow
from tests.support.accounts import PASSWORD
from tests.support.scene import Act, Scene
from tests.support.stage import NOW, House, Stage


def _at(path: str) -> Callable[[House], str]:
    return lambda _house: path


def _guarded(stage: Stage) -> House:
    return stage.guarded


def _send(page: Page, **fields: str) -> None:
    """Fill in the first form and press its button."""
    for name, value in fields.items():
        page.locator(f"main #{name}").fill(value)
    page.locator("main form.stack button.primary").first.click()


def _refused(page: Page) -> None:
    _send(page, organisation="Skin & Co", name="Lena", login="lena@clinic.example", password="short", again="short")
    page.locator(".notright").first.wait_for()


def _wrong(page: Page) -> None:
    _send(page, login="nobody@clinic.example", password="wrong")
    page.locator(".notright").first.wait_for()


def _as(role: Role) -> Callable[[House], str]:
    """The log-in; whose account it is stands at the end of the address, where only the act looks."""
    return lambda house: f"/login?next=/day#{house.api.clinic.users[role]}"


def _asked_for_a_code(page: Page) -> None:
    user_id = page.url.rpartition("#")[2]
    _send(page, login=f"manager.{user_id}@clinic.example", password=PASSWORD)
    page.locator("#code").wait_for()


def _switching(page: Page) -> None:
    """Whoever was in on this device may be in again."""
    user_id = page.url.rpartition("#")[2]
    _send(page, login=f"reception.{user_id}@clinic.example", password=PASSWORD)
    page.locator("#who").wait_for()
    page.goto("/switch")
    page.locator("#secret").wait_for()


def _second_factor(page: Page) -> None:
    page.locator('form[action="/account/second-factor/begin"] button').click()
    page.locator("#code").wait_for()


def _passkey(page: Page) -> None:
    page.locator("#passkey-old").fill(PASSWORD)
    page.locator("#name").fill("My laptop")
    page.locator('form[action="/account/passkeys/begin"] button').click()
    page.locator('a[href="/account"]').first.wait_for()


def _password_link(house: House) -> str:
    clinic = house.api.clinic
    user_id = clinic.users[Role.PRACTITIONER]
    link = clinic.do(lambda c: give_login(c, user_id=user_id, login="ada@clinic.example"), Role.MANAGER, NOW)
    return f"/set-password/{link.secret}"


def _without_passkey(stage: Stage) -> House:
    """Before a browser is let in: whoever has a passkey would be asked for it."""
    clinic = stage.guarded.api.clinic
    own = PasskeyRow.user_id == clinic.users[Role.RECEPTION]
    clinic.database.write(lambda tx: tx.execute(delete(PasskeyRow).where(own)))
    return stage.guarded


def _account_with_passkey(house: House) -> str:
    clinic = house.api.clinic
    kept = {"public_key": "pQEC", "sign_count": 0, "transports": "", "made_at": NOW, "credential_id": "Y3J1bWI"}

    def give(tx: Session) -> None:
        tx.add(PasskeyRow(user_id=clinic.users[Role.RECEPTION], name="Phone", **kept))

    clinic.database.write(give)
    return "/account"


def _scene(name: str, path: str, act: Act = lambda _page: None, role: Role | None = Role.RECEPTION) -> Scene:
    return Scene(name, _at(path), role, _without_passkey, act)


ENTRANCE_SCENES = (
    Scene("welcome", _at("/welcome"), None, lambda stage: stage.empty),
    Scene("welcome-refused", _at("/welcome"), None, lambda stage: stage.empty, _refused),
    Scene("demo-loading", _at("/welcome/demo"), None, lambda stage: stage.loading),
    Scene("landing", _at("/"), None, lambda stage: stage.demo),
    Scene("login", _at("/login"), None),
    Scene("login-wrong", _at("/login"), None, act=_wrong),
    Scene("login-in-the-demo", _at("/login"), None, lambda stage: stage.demo),
    Scene("login-code", _as(Role.MANAGER), None, _guarded, _asked_for_a_code),
    Scene("set-password", _password_link, None, _guarded),
    Scene("switch", _as(Role.RECEPTION), None, _without_passkey, _switching),
    _scene("account", "/account"),
    _scene("second-factor", "/account", _second_factor),
    _scene("passkey", "/account", _passkey),
    Scene("account-with-passkey", _account_with_passkey, Role.RECEPTION, _without_passkey),
)
