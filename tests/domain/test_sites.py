import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.sites import BodySites

TREE = BodySites(
    {"face": None, "perioral": "face", "lips": "perioral", "forehead": "face", "body": None, "back": "body"}
)
SITES = st.sampled_from([*TREE.parents, "elsewhere", None])


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("lips", "lips", True),
        ("face", "lips", True),
        ("perioral", "lips", True),
        ("lips", "forehead", False),
        ("perioral", "forehead", False),
        ("face", "back", False),
        ("face", "body", False),
        ("lips", None, True),
        ("lips", "elsewhere", True),
        (None, None, True),
        ("elsewhere", "nowhere", True),
    ],
)
def test_sites_overlap_when_one_contains_the_other_or_is_unknown(
    one: str | None, other: str | None, overlap: bool
) -> None:
    assert TREE.overlap(one, other) is overlap


def test_a_site_and_what_contains_it_are_named_outwards() -> None:
    assert TREE.with_ancestors("lips") == ("lips", "perioral", "face")
    assert TREE.with_ancestors("face") == ("face",)


def test_a_tree_knows_its_sites() -> None:
    assert "lips" in TREE
    assert "elsewhere" not in TREE


@pytest.mark.parametrize(
    ("ones", "others", "overlap"),
    [
        (["back", "lips"], ["forehead", "face"], True),
        (["back"], ["forehead", "lips"], False),
        ([], ["lips"], True),
        (["lips"], [], True),
        ([], [], True),
        (["back"], ["lips", None], True),
    ],
)
def test_sets_of_sites_overlap_when_any_two_do_and_none_means_unknown(
    ones: list[str | None], others: list[str | None], overlap: bool
) -> None:
    assert TREE.any_overlap(ones, others) is overlap


@given(one=SITES, other=SITES)
def test_to_overlap_is_mutual(one: str | None, other: str | None) -> None:
    assert TREE.overlap(one, other) is TREE.overlap(other, one)


@given(one=st.sampled_from([*TREE.parents]), other=SITES)
def test_what_overlaps_a_site_overlaps_all_that_contains_it(one: str, other: str | None) -> None:
    if TREE.overlap(one, other):
        assert all(TREE.overlap(larger, other) for larger in TREE.with_ancestors(one))
