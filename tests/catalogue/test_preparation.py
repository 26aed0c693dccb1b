from scheduler.catalogue import Catalogue
from tests.catalogue.conftest import Spoil


def test_every_protocol_says_when_to_remind_and_what_to_do_before(catalogue: Catalogue) -> None:
    assert {sheet.reminder_days for sheet in catalogue.protocol_sheets.values()} == {3}
    assert all("tell-us-first" in sheet.preparation for sheet in catalogue.protocol_sheets.values())


def test_the_dates_before_a_visit_are_judged_unless_they_are_the_day_itself(catalogue: Catalogue) -> None:
    judged = {code: (one.days_before, one.own_judgement) for code, one in catalogue.preparation.items()}
    assert judged.pop("clean-skin") == (0, ())
    assert {how for _, how in judged.values()} == {("days_before",)}


def test_preparation_that_the_catalogue_lacks_is_named(spoil: Spoil) -> None:
    said = spoil("protocols.toml", '"clean-skin"', '"clean-hands"')
    assert 'the catalogue has no advice "clean-hands"' in said
