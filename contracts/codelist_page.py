"""Writes docs/reference/codelists.md from the code lists; never edit that page by hand.

python contracts/codelist_page.py
"""

from collections.abc import Iterator
from pathlib import Path

from nrm_contracts.codes import CodeList, code_list, list_names

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "codelists.md"
CODES_SHOWN_MAX = 24

HEAD = """\
# Code lists

Written by `python contracts/codelist_page.py` from the files in
[contracts/nrm_contracts/codelists](../../contracts/nrm_contracts/codelists); do not edit.

A field that holds a code takes nothing else. Another value is refused with the status `INVALID_ARGUMENT`, the field,
and the nearest code of the list. `unknown` means that somebody asked or looked and could not find out; `not_asked`
means that nobody asked. Words for people are in the `label` column of the files; further columns are named below.

Extent: *complete* or *subset* of the standard; *own* of this project; *gap*: the standard's codes could not be had, the
list is empty, and its file holds the concepts that wait for them. A *reserved* list waits for a later part of the
system: no field takes its codes yet.

"""

READING = """
## Reading a list

```python
from nrm_contracts.codes import UnknownCode, check, code_list

services = code_list("service_code")
assert "shelter" in services
assert services.label("shelter") == "Shelter"
assert services.attribute("shelter", "unit") == "bed_night"

try:
    check("service_code", "sheltr")
except UnknownCode as unknown:
    assert unknown.nearest == "shelter"
```

## Changing a list

A code that was ever recorded is never taken away or given another meaning: add a new one, and raise `version` in
its file of `index`. Then run the command at the top of this page.
"""


def page() -> str:
    """The whole page."""
    lists = sorted((code_list(name) for name in list_names()), key=lambda each: (each.extent == "own", each.name))
    of_standards = [each for each in lists if each.extent != "own"]
    own = [each for each in lists if each.extent == "own"]
    return "".join(
        [
            HEAD,
            "## Lists of standards\n\n",
            *_table(of_standards),
            "\n## Lists of this project\n\n",
            *_table(own),
            READING,
        ]
    )


def _table(lists: list[CodeList]) -> Iterator[str]:
    yield "| List | What it says | Standard | Extent | Codes | More columns |\n|---|---|---|---|---|---|\n"
    for each in lists:
        standard = f"{each.standard} {each.version}" if each.extent != "own" else each.standard
        reserved = f"Reserved for {each.reserved_for}." if each.reserved_for else ""
        what = ". ".join(filter(None, [each.title, f"{each.note} {reserved}".strip()]))
        yield f"| `{each.name}` | {what} | {standard} | {each.extent} | {_codes(each)} | {_columns(each)} |\n"


def _codes(each: CodeList) -> str:
    if len(each) > CODES_SHOWN_MAX:
        return str(len(each))
    return ", ".join(f"`{code}`" for code in each)


def _columns(each: CodeList) -> str:
    return ", ".join(f"`{column}`" for column in each.columns if column not in ("code", "label"))


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
