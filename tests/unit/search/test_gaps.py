"""Missing issues: what the numbers of those that are there prove, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chabao.search.gaps import gaps
from chabao.search.issues import Issue

START = date(2023, 1, 2)


def issue(
    number: str | None = None, serial: int | None = None, day: date | None = None, **more: Any
) -> Issue:
    """An issue of one series, of the week that begins on a day."""
    covered = (day.isoformat(), (day + timedelta(days=4)).isoformat()) if day else (None, None)
    names = {"title": "周报", "publisher": "中心"} | more
    return Issue(
        (names["publisher"] or "", names["title"] or "", str((number, serial, day))),
        names["title"], number, serial, names["publisher"], None, *covered, "a.txt", 1, 100,
    )  # fmt: skip


def week(number: int) -> date:
    return START + timedelta(weeks=number)


@given(st.sets(st.integers(400, 460), min_size=1), st.randoms(use_true_random=False))
def test_serials_between_the_first_and_the_last_are_missing(there: set[int], random: Any) -> None:
    issues = [issue(serial=serial, day=week(serial - 400)) for serial in there]
    random.shuffle(issues)
    found = gaps(issues)
    assert [each.serial for each in found.missing] == [
        serial for serial in range(min(there), max(there)) if serial not in there
    ]
    assert found.doubtful == ()
    for each in found.missing:  # the series is even, so even steps hit the very days
        assert each.serial is not None
        assert each.day == week(each.serial - 400) + timedelta(days=2)
        assert each.label == f"总{each.serial}期"


def test_a_publishers_titles_are_series_of_their_own() -> None:
    weekly = [issue(serial=serial, day=week(serial)) for serial in (10, 12)]
    monthly = [
        issue(f"2023年第{n}期", day=week(4 * n), title="月报") for n in (1, 3)
    ]  # fmt: skip
    found = gaps([*weekly, *monthly])
    assert {each.label for each in found.missing} == {"总11期", "2023年第2期"}


def test_numbers_count_within_a_year_and_from_one_where_a_year_went_before() -> None:
    there = [("2022年第50期", -3), ("2022年第52期", -1), ("2023年第3期", 2), ("2023年第5期", 4)]
    found = gaps([issue(number, day=week(at)) for number, at in there])
    assert [each.label for each in found.missing] == [
        "2022年第51期", "2023年第1期", "2023年第2期", "2023年第4期",
    ]  # fmt: skip
    assert all(each.day for each in found.missing)


def test_the_first_year_does_not_tell_what_was_before() -> None:
    assert gaps([issue("2023年第21期", day=week(20))]).missing == ()


def test_an_issue_without_its_serial_is_known_by_its_number() -> None:
    both = [issue(f"2023年第{n}期", 420 + n, week(n)) for n in (2, 3, 6)]
    assert {each.serial for each in gaps([*both, issue("2023年第4期", None, week(4))]).missing} == {
        425
    }


def test_an_issue_without_a_title_belongs_where_its_serial_is_near() -> None:
    weekly = [issue(serial=serial, day=week(serial)) for serial in (421, 423)]
    daily = [issue(serial=serial, day=week(serial), title="日报") for serial in (9000, 9001)]
    assert gaps([*weekly, *daily, issue(serial=422, day=week(422), title=None)]).missing == ()


def test_what_has_no_name_is_no_series() -> None:
    nameless = [
        issue(serial=serial, day=week(serial), title=None, publisher=None) for serial in (1, 9)
    ]
    assert gaps(nameless).missing == ()


def test_a_misread_serial_makes_no_gap_and_is_said() -> None:
    found = gaps(
        [issue(serial=serial, day=week(at)) for at, serial in enumerate((422, 423, 42500))]
    )
    assert found.missing == ()
    assert found.doubtful == (("总423期", "总42500期"),)


def test_serials_that_go_back_in_time_make_no_gap() -> None:
    found = gaps([issue(serial=500, day=week(0)), issue(serial=510, day=week(-30))])
    assert (found.missing, found.doubtful) == ((), (("总500期", "总510期"),))


def test_a_date_of_issue_may_be_late() -> None:
    """It stands in for days that are unknown, and may then come after those of the next issue."""
    late = replace(issue(serial=400), date=week(3).isoformat())
    found = gaps([late, issue(serial=402, day=week(2))])
    assert ([each.label for each in found.missing], found.doubtful) == (["总401期"], ())


def test_where_days_are_unknown_the_missing_have_none() -> None:
    (missing,) = gaps([issue(serial=7), issue(serial=9, day=week(1))]).missing
    assert (missing.label, missing.day) == ("总8期", None)


def test_no_number_is_too_odd() -> None:
    odd = [
        issue("0000年第0期"), issue("0001年第5期", day=date(1, 1, 2)), issue("第3期"),
        issue("9999年第99999期", day=date(9999, 12, 20)), issue(serial=0), issue("合刊"),
    ]  # fmt: skip
    assert len(gaps(odd).missing) < 10
