from scheduler.catalogue import Catalogue


def test_advice_keeps_both_the_shortest_and_the_longest_time(catalogue: Catalogue) -> None:
    hours = {code: (a.from_hours, a.at_least_until_hours, a.until_hours) for code, a in catalogue.aftercare.items()}
    assert hours == {
        "no-make-up": (0, 24, 72),
        "sun-protection": (0, 72, 168),
        "pause-actives": (0, 72, 168),
        "gentle-care": (0, 72, 168),
        "no-exercise": (0, 48, 72),
    }


def test_the_24_hours_without_make_up_are_sourced_and_every_other_time_is_judged(catalogue: Catalogue) -> None:
    both = ("at_least_until_hours", "until_hours")
    judged = {code: advice.own_judgement for code, advice in catalogue.aftercare.items()}
    assert judged.pop("no-make-up") == ("until_hours",)
    assert set(judged.values()) == {both}


def test_serum_and_prp_are_the_addons(catalogue: Catalogue) -> None:
    assert {code: (addon.label, addon.confidence) for code, addon in catalogue.addons.items()} == {
        "serum": ("Serum", "P"),
        "prp": ("Platelet-rich plasma (PRP)", "P"),
    }
