"""How secrets are kept."""

import argon2
import pytest

from scheduler.operations.staff.hashes import HASHER, NOBODYS, digest, is_right, keyed, new_secret, slow_hash


def test_a_password_is_kept_as_argon2id_at_19_mebibytes_and_never_twice_alike() -> None:
    one, other = slow_hash("three warm lamps"), slow_hash("three warm lamps")
    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert one != other
    assert [is_right(kept, "three warm lamps") for kept in (one, other)] == [True, True]
    assert not is_right(one, "three warm lampS")


def test_an_accent_is_right_however_it_was_typed() -> None:
    assert is_right(slow_hash("e\u0301te\u0301 trois fois"), "été trois fois")


def test_a_hash_is_computed_where_there_is_none_to_compare_with(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    verify = argon2.PasswordHasher.verify
    monkeypatch.setattr(
        argon2.PasswordHasher, "verify", lambda self, kept, secret: asked.append(kept) or verify(self, kept, secret)
    )
    assert not is_right(None, "three warm lamps")
    assert asked == [NOBODYS]
    assert not HASHER.check_needs_rehash(NOBODYS)


def test_what_is_no_hash_is_never_right() -> None:
    assert [is_right(kept, "") for kept in ("", "x", "$argon2id$")] == [False] * 3


def test_random_secrets_are_long_and_kept_as_digests() -> None:
    one, other = new_secret(), new_secret()
    assert (len(one), one == other, len(digest(one)), digest(one) == digest(other)) == (43, False, 64, False)


def test_what_a_key_makes_differs_by_key_purpose_and_every_part() -> None:
    made = {keyed(*given) for given in (("k", "a", "b"), ("k", "ab"), ("k", "a\0b", ""), ("l", "a", "b"), ("k", "a"))}
    assert len(made) == 5
