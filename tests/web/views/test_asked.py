"""The state of the page and its address are one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from chabao.web.asked import CHOICES, LAST_PAGE, MOST, NAMED, Asked

TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30)
NAMES = st.lists(TEXT, max_size=MOST, unique=True).map(tuple)
DAY = st.sampled_from(["", "2023", "2023-02", "2023-02-08", "2023Q1", "2023年2月", "去年"])
CHOICE = {name: st.sampled_from(values) for name, values in CHOICES.items()}
ASKED = st.builds(
    Asked,
    q=st.one_of(st.just(""), TEXT),
    **dict.fromkeys(NAMED, NAMES), **CHOICE,
    since=DAY, until=DAY, literal=st.booleans(), relative=st.booleans(),
    page=st.integers(1, LAST_PAGE),
)  # fmt: skip


def read(link: str) -> Asked:
    return Asked.of(QueryParams(link.removeprefix("?")))


@given(ASKED)
def test_an_address_is_read_as_what_it_was_made_of(asked: Asked) -> None:
    assert read(asked.link(page=asked.page)) == asked


@given(ASKED)
def test_a_form_holds_what_an_address_holds(asked: Asked) -> None:
    assert Asked.of(QueryParams(asked.pairs())) == asked


@given(ASKED, st.sampled_from(NAMED), TEXT)
def test_a_filter_that_is_set_and_taken_away_changes_nothing(
    asked: Asked, name: str, value: str
) -> None:
    had = getattr(asked, name)
    if value in had or len(had) == MOST:
        return
    there = read(asked.toggled(name, value))
    assert getattr(there, name) == (*had, value)
    back = read(there.toggled(name, value))
    assert back == read(asked.link())


@given(st.lists(st.tuples(st.sampled_from([*Asked.__slots__, "x"]), st.text(max_size=20))))
def test_nothing_is_an_error(pairs: list[tuple[str, str]]) -> None:
    asked = Asked.of(QueryParams(pairs))
    assert 1 <= asked.page <= LAST_PAGE
    assert read(asked.link(page=asked.page)) == asked
    assert asked.options["filters"] is not None


def test_a_change_starts_from_the_first_page() -> None:
    assert read(Asked(q="办", page=3).link(sort="date")) == Asked(q="办", sort="date")


def test_half_a_character_is_no_error() -> None:
    assert Asked(department=("\ud800",)).link() == "?department=%3F"
