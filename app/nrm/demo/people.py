"""Invented people. Their names say so."""

from dataclasses import dataclass
from random import Random

from nrm.demo import shares
from nrm.demo.agencies import REGIONS
from nrm.demo.shares import drawn, several
from nrm_contracts.vault.v1.vault_pb2 import Identity, PersonalData

CHILD = frozenset(shares.CHILD_AGES)


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody who never was. Every attribute is a code of the lists."""

    number: int
    region: str
    sex: str
    age_band: str
    language: str
    form: str
    industry: str
    needs: tuple[str, ...]

    @property
    def is_child(self) -> bool:
        return self.age_band in CHILD

    @property
    def label(self) -> str:
        """What the script calls the person, wherever they are known."""
        return f"@person-{self.number}"

    @property
    def identity(self) -> PersonalData:
        """What is sealed under the person."""
        return PersonalData(
            identity=Identity(given_names="Nobody", family_name=f"Invented-{self.number:05}", birth_date="1900-01-01")
        )


def invented(chance: Random, number: int) -> Invented:
    """Draw a person."""
    child = chance.random() < shares.CHILDREN
    sex = drawn(chance, shares.SEX)
    form = drawn(chance, shares.FORMS[sex, child])
    return Invented(
        number=number,
        region=drawn(chance, _REGIONS),
        sex=sex,
        age_band=drawn(chance, shares.CHILD_AGES if child else shares.ADULT_AGES[sex]),
        language=drawn(chance, shares.LANGUAGE),
        form=form,
        industry=drawn(chance, shares.INDUSTRY[child]) if form == "forced_labour" else "",
        needs=several(chance, _NEEDS, 3),
    )


_REGIONS = dict(zip(REGIONS, (30, 12, 9, 13, 12, 7, 6, 4, 7), strict=True))
_NEEDS = {"safety": 30, "shelter": 30, "medical": 15, "psychological": 15, "legal_advice": 10, "food_clothing": 20}
"""Both without a source."""
