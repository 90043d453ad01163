"""The pages of the project and the fenced blocks in them."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for path in (
        *ROOT.glob("*.md"),
        *ROOT.glob("contracts/*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("services/*/*.md"),
    )
    if not path.name.startswith("CHANGELOG")
)
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block: the language after the fence, and its lines."""

    language: str
    text: str


def blocks(markdown: str) -> list[Block]:
    """The fenced blocks of a page that name a language, in order."""
    return [Block(language, text) for language, text in FENCE.findall(markdown)]
