"""The page on code lists says what the data says."""

import codelist_page
from nrm_contracts.codes import list_names


def test_the_page_is_what_the_code_lists_give() -> None:
    written = codelist_page.PAGE.read_text(encoding="utf-8")
    assert written == codelist_page.page(), "run: python contracts/codelist_page.py"


def test_every_list_has_its_row() -> None:
    page = codelist_page.page()
    assert [name for name in list_names() if f"| `{name}` |" not in page] == []
