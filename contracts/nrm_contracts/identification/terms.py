"""Field types that several events of this service share."""

from typing import Annotated, Literal

from pydantic import Field

from nrm_contracts.fields import Code

Region = Annotated[str, Code("iso_3166_2")]
AgeBand = Annotated[str, Code("age_band")]
Sex = Annotated[str, Code("sex")]
Language = Annotated[str, Code("iso_639_2")]
Channel = Annotated[str, Code("detection_channel")]
Scope = Annotated[str, Code("consent_scope")]
Basis = Annotated[str, Code("legal_basis")]
Indicators = tuple[Annotated[str, Code("ilo_indicator")], ...]
Forms = tuple[Annotated[str, Code("exploitation_form")], ...]
Needs = tuple[Annotated[str, Code("immediate_need")], ...]
Missing = tuple[Annotated[str, Code("referral_missing_item")], ...]

ConsentChange = Literal["given", "refused", "revoked"]
RecoveryChange = Literal["started", "extended", "ended"]
ReferralAnswer = Literal["acknowledged", "returned"]
MergeChange = Literal["merged", "unmerged"]
StatusOutcome = Literal["positive", "negative", "disqualified", "revoked", "expired"]

Stage = Annotated[int, Field(ge=1, le=9)]
"""Which of the policy's stages, from 1."""

Version = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,31}$")]
"""The version of a form or questionnaire."""

RuleId = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._/-]{0,63}$")]
"""A rule of the national policy: the policy's version and the key in it."""

EventName = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]{2,63}$")]
"""The fact from which a deadline runs."""

Officer = Annotated[str, Field(min_length=1, max_length=64)]
"""An officer's pseudonym, never a name."""
