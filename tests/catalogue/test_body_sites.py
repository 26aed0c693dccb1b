import pytest

from scheduler.catalogue import Catalogue


@pytest.mark.parametrize(
    ("site", "line"),
    [
        ("lips", ("lips", "perioral", "face", "whole-body")),
        ("decollete", ("decollete", "chest", "torso", "whole-body")),
        ("bikini-line", ("bikini-line", "whole-body")),
        ("thighs", ("thighs", "legs", "whole-body")),
        ("hands", ("hands", "arms", "whole-body")),
    ],
)
def test_a_site_lies_in_what_contains_it(catalogue: Catalogue, site: str, line: tuple[str, ...]) -> None:
    assert catalogue.sites.with_ancestors(site) == line


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("face", "lips", True),
        ("lips", "cheeks", False),
        ("whole-body", "hands", True),
        ("neck", "face", False),
        ("arms", "underarms", False),
        ("legs", "bikini-line", False),
    ],
)
def test_sites_overlap_when_one_contains_the_other(catalogue: Catalogue, one: str, other: str, overlap: bool) -> None:
    assert catalogue.sites.overlap(one, other) is overlap


def test_every_site_has_a_label_and_one_root_contains_them_all(catalogue: Catalogue) -> None:
    assert catalogue.body_sites["decollete"].label == "Décolleté"
    assert {catalogue.sites.with_ancestors(site)[-1] for site in catalogue.body_sites} == {"whole-body"}
    assert len({site.label for site in catalogue.body_sites.values()}) == 36
