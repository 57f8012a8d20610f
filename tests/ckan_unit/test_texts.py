"""Texts in the form that CKAN holds: what it would refuse or change is not sent."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from opendata_ckan.texts import (
    ELLIPSIS,
    block,
    cut,
    date,
    email,
    holdable,
    holdable_value,
    line,
    link,
    said,
    tags,
)

ANY = st.text(st.characters())  # halves of characters too
CKAN_TAG = re.compile(r"[\w \-.]*", re.UNICODE)  # its own rule (tag_name_validator)
CKAN_EMAIL = re.compile(  # its own rule (email_validator): HTML's, without dots at the ends or in a row
    r"(?!\.)(?!.*\.$)(?!.*?\.\.)[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+"
    r"@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"
)


@given(ANY)
@example("a\r\nb\rc\u2028d\u2029e\x85f")
@example("\x00\x0b\x1f\x7f\x9f\ud800\udfff\ufffe\uffff")
@example("e\u0301 ê\u0323 \u1112\u1161\u11ab")
def test_what_is_holdable_is_taken_and_told_back_as_it_is(text: str) -> None:
    made = holdable(text)
    made.encode()
    assert holdable(made) == made
    assert unicodedata.is_normalized("NFC", made)
    assert not [letter for letter in made if unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\t\n"]


@given(ANY, st.integers(10, 60))
def test_a_text_is_cut_to_so_many_bytes_and_no_further_once_it_is(text: str, most: int) -> None:
    for made in (line(text, most), block(text, most)):
        assert len(made.encode()) <= most
        assert made == made.strip()
    assert line(line(text, most), most) == line(text, most)
    assert "\n" not in line(text, most)


@given(st.text(min_size=1), st.integers(4, 200))
def test_what_is_cut_says_so_and_what_is_not_is_whole(text: str, most: int) -> None:
    made = cut(text, most)
    if len(text.encode()) <= most:
        assert made == text
    else:
        assert made.endswith(ELLIPSIS)
        assert text.startswith(made.removesuffix(ELLIPSIS))


def test_a_text_is_cut_between_words_where_that_leaves_enough() -> None:
    assert cut("diện tích gieo trồng", 20) == "diện tích…"
    assert cut("a " + "b" * 100, 50) == "a " + "b" * 45 + "…"


@given(st.recursive(ANY | st.none() | st.booleans() | st.integers(), lambda i: st.lists(i) | st.dictionaries(ANY, i)))
def test_every_text_in_a_value_is_made_holdable_and_nothing_else_is_changed(value: object) -> None:
    made = holdable_value(value)  # type: ignore[arg-type] # JSON
    assert holdable_value(made) == made
    assert type(made) is type(value) or isinstance(value, str)
    str(made).encode()


@given(st.lists(ANY, max_size=6))
@example(["lúa", "LÚA", "Lúa ", "l\u00faa", "lu\u0301a"])
@example(["C++", "PM2,5", "a", "", "  ", "x" * 300, "đất/nước", "a\nb", "😀😀", "\u1fffab"])
def test_whatever_is_a_tag_is_one_to_ckan(keywords: list[str]) -> None:
    made = tags(keywords)
    assert all(2 <= len(tag) <= 100 and CKAN_TAG.fullmatch(tag) for tag in made)
    assert all(tag == " ".join(tag.split()) for tag in made)
    assert list(made) == sorted(made)
    assert len({tag.casefold() for tag in made}) == len(made)
    assert tags([*keywords, *keywords]) == made


def test_vietnamese_keywords_stay_as_they_are() -> None:
    words = ["chất lượng không khí", "đất đai", "giống lúa ST25", "ưu-đãi", "thủy sản"]
    assert tags(words) == tuple(sorted(words))
    assert tags([unicodedata.normalize("NFD", word) for word in words]) == tuple(sorted(words))


@given(ANY)
@example("https://example.vn:99999/a")
@example("https://exa mple.vn")
@example("//example.vn/a")
@example("https:///a")
@example("http://[::1")
def test_an_address_is_kept_as_it_is_or_left_out(text: str) -> None:
    assert link(text) in {"", text}
    assert link(f"https://example.vn/{text}") in {"", f"https://example.vn/{text}"}
    for made in (link(text), link(f"https://example.vn/{text}")):
        made.encode()
        assert not set(made) & set(' \n\t"<>\\')


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,<script>",
        "ftp://a.vn/b",
        "file:///etc/passwd",
        "a.vn/b",
        "/b",
        "https://",
        "https://a.vn/" + "b" * 2000,
        'https://a.vn/"onclick=',
        "https://a.vn/e\u0301",
        "https://a.vn/\x00",
        "",
        None,
    ],
)
def test_what_cannot_be_followed_is_left_out(text: str | None) -> None:
    assert link(text) == ""


def test_an_address_with_vietnamese_letters_is_kept() -> None:
    assert link("https://example.vn/đất?x=1#y") == "https://example.vn/đất?x=1#y"


@given(st.emails() | ANY)
@example("so.nn@tinh.gov.vn")
@example("a@b.vn\nBcc: c@d.vn")
def test_an_e_mail_address_is_one_to_ckan_or_left_out(text: str) -> None:
    made = email(text)
    assert made in {"", text.strip()}
    assert not made or CKAN_EMAIL.fullmatch(made)
    assert not set(made) & set(" \n,;<>?")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026", "2026"),
        ("2026-07", "2026-07"),
        (" 2026-07-31 ", "2026-07-31"),
        ("2026-07-31T08:00:00+07:00", "2026-07-31"),
        ("2026-07-31t08:00:00z", "2026-07-31"),
        ("2026-07-31 08:00:00Z", "2026-07-31"),
        ("2026-13", ""),
        ("2026-7-1", ""),
        ("31/7/2026", ""),
        ("26", ""),
        ("T08:00", ""),
        ("\uff12\uff10\uff12\uff16", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_date_is_a_year_a_month_or_a_day(text: str | None, day: str) -> None:
    assert date(text) == day


@pytest.mark.parametrize(
    ("part", "vietnamese", "english"),
    [
        ({"title": "Lúa"}, "Lúa", ""),
        ({"title": "Lúa", "translations": {"en": {"title": "Paddy"}}}, "Lúa", "Paddy"),
        ({"title": "Paddy", "translations": {"vi": {"title": "Lúa"}}}, "Lúa", "Paddy"),
        ({"title": "x", "translations": {"vi": {"title": "Lúa"}, "en": {"title": "Paddy"}}}, "Lúa", "Paddy"),
        ({"title": "Lúa", "translations": {"vi": {"title": " "}, "en": {"title": ""}}}, "Lúa", ""),
        ({"title": 5, "translations": {"en": []}}, "", ""),
        ({"translations": "none"}, "", ""),
        ({}, "", ""),
    ],
)
def test_what_is_said_in_each_language(part: dict[str, object], vietnamese: str, english: str) -> None:
    assert (said(part, "title", "vi"), said(part, "title", "en")) == (vietnamese, english)  # type: ignore[arg-type] # JSON
