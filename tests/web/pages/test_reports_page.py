"""The page of reports: charts and tables with the same figures, files to save, dates that cannot be used."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import timedelta

import pytest

from scheduler.domain.access import Role
from scheduler.web.pages.report_charts import Value, columns, few, top_of
from scheduler.web.pages.report_gaps import folded
from scheduler.web.pages.report_tables import Share, Table, to_csv
from tests.support.api import Api
from tests.support.browse import Browser
from tests.support.report_history import twelve_weeks
from tests.support.rows import NOW

TODAY = NOW.date() + timedelta(84)


@pytest.fixture
def manager(api: Api) -> Browser:
    twelve_weeks(api.clinic, TODAY)
    api.clock.now = NOW + timedelta(84)
    return Browser(api, Role.MANAGER)


def saved(browser: Browser, report: str) -> Sequence[Sequence[str]]:
    answer = browser.get(f"/reports/file?report={report}")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="{report}-2026-')
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_every_section_has_a_chart_with_a_name_and_a_table(manager: Browser) -> None:
    page = manager.get("/reports").text
    for code in ("series", "gaps", "visits", "practitioners", "rooms"):
        (part,) = re.findall(rf'<section class="card sec" aria-labelledby="r-{code}">.*?</section>', page, re.DOTALL)
        assert 'role="img"' in part
        assert "<title id=" in part
        assert "<desc id=" in part
        assert '<table class="tbl figures' in part
    assert "style=" not in page


def test_the_file_has_the_figures_of_the_page(manager: Browser) -> None:
    head, *rows = saved(manager, "series")
    assert head == ["State", "Series", "Share"]
    assert [row[1:] for row in rows] == [["10", "0.2500"], ["20", "0.5000"], ["0", "0.0000"], ["10", "0.2500"]]
    assert "10 of 40 series are finished." in manager.get("/reports").text
    assert len(saved(manager, "visits")) == 13
    assert saved(manager, "practitioners")[0][2] == "2026-03-09"


def test_dates_that_cannot_be_used_come_back_with_their_fault(manager: Browser) -> None:
    answer = manager.get("/reports?period=dates&first=2026-05-01&last=2026-04-01")
    assert answer.status_code == 422
    assert 'value="2026-05-01"' in answer.text
    assert 'id="period-last-fault"' in answer.text
    assert "<title>Error:" in answer.text
    assert manager.get("/reports?period=dates&first=soon").status_code == 422
    assert manager.get("/reports?period=dates&first=2026-04-01&last=2026-05-01").status_code == 200


def test_a_clinic_without_history_says_so(api: Api) -> None:
    assert "Nothing to report yet" in Browser(api, Role.MANAGER).get("/reports").text


def test_a_practitioner_is_told_whose_patients_count(api: Api) -> None:
    twelve_weeks(api.clinic, NOW.date())
    page = Browser(api, Role.PRACTITIONER).get("/reports").text
    assert "your own patients" in page
    assert "r-rooms" not in page
    assert Browser(api, Role.RECEPTION).get("/reports").status_code == 403


def test_an_axis_ends_at_a_round_figure() -> None:
    assert [top_of(most) for most in (0, 1, 3, 12, 101, 501)] == [1, 1, 4, 20, 125, 750]


def test_columns_fill_the_width_and_the_highest_one_fits() -> None:
    chart = columns("A", "B", [Value(10, "", "a"), Value(None, "", "b")], "%")
    assert [(one.x, one.width, one.height) for one in chart.columns] == [(7, 36, 160), (57, 36, 0)]
    assert chart.lines == ((160, "0%"), (80, "5%"), (0, "10%"))


def test_only_a_few_of_many_columns_are_named() -> None:
    assert few([str(week) for week in range(12)]) == ["0", "", "", "", "4", "", "", "", "8", "", "", ""]


def test_far_gaps_are_folded_into_the_ends() -> None:
    found = folded({-40: 1, -21: 2, 0: 3, 99: 4})
    assert (min(found), max(found), found[-21], found[0], found[21]) == (-21, 21, 3, 3, 4)
    assert list(folded({0: 1})) == list(range(-7, 8))


def test_a_name_that_looks_like_a_formula_is_saved_as_text() -> None:
    table = Table("", ("Name", "Share"), (("=1+1", Share(None)),))
    assert to_csv([table, table]) == b"\xef\xbb\xbfName,Share\r\n'=1+1,\r\n\r\nName,Share\r\n'=1+1,\r\n"
