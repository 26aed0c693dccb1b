"""The shipped catalogue, and copies of its files that a test may spoil."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.catalogue import Catalogue, CatalogueInvalid, load_catalogue
from scheduler.catalogue.loading import SHIPPED

Spoil = Callable[[str, str, str], str]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with the shipped files, to change."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "data"))


@pytest.fixture
def spoil(files: Path) -> Spoil:
    """Replace one text, the first of its kind, in one file, load, and return what the loader says."""

    def replace(file: str, old: str, new: str) -> str:
        text = (files / file).read_text(encoding="utf-8")
        assert old in text
        (files / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(CatalogueInvalid) as refused:
            load_catalogue(files)
        return refused.value.detail

    return replace
