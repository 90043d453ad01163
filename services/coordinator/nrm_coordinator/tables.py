"""The coordinator's tables: facts that entries give, each keyed by origin and position, so that order does not matter.

Nothing is ever changed in them: what holds on a day is computed from the facts that were recorded by then.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, MetaData, String, Table

metadata = MetaData()


def _facts(name: str, *columns: Column[object]) -> Table:
    return Table(
        name,
        metadata,
        Column("origin", String, primary_key=True),
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        *columns,
        Column("recorded_at", String, nullable=False),
    )


def _text(name: str, *, key: bool = False) -> Column[object]:
    return Column(name, String, primary_key=key, nullable=False)


step = _facts("step", _text("subject", key=True), _text("kind"), _text("detail"), _text("other"), _text("occurred_on"))
"""Something happened to a subject: a person, a criminal case, a defendant. ``other`` is the second subject, if any."""

link = _facts("link", _text("one"), _text("other"), Column("joined", Boolean, nullable=False))
"""Two references are of one person, or are so no longer."""

profile = _facts(
    "profile",
    _text("person_ref"),
    _text("region"),
    _text("sex"),
    _text("age_band"),
    _text("language"),
    _text("detection_channel"),
    Column("minor", Boolean, nullable=False),
)

deadline = _facts(
    "deadline",
    _text("subject"),
    _text("kind"),
    _text("about"),
    _text("change"),
    Column("due_on", String),
    _text("rule_id"),
    _text("owner"),
)
"""``change`` is set, met or lifted; the newest of one origin, subject, kind and about is the one that holds."""

consent = _facts(
    "consent", _text("person_ref"), _text("consent_id"), _text("scope"), _text("given_on"), Column("expires_on", String)
)
revocation = _facts("revocation", _text("consent_id"), _text("effective_on"))

claim = _facts("claim", _text("person_ref"), _text("claim_id"))
"""A delivery to this person is claimed under this id; an empty id is a delivery that nothing pays for."""

money = _facts(
    "money",
    _text("claim_id", key=True),
    _text("kind"),
    Column("amount_minor", BigInteger, nullable=False),
    _text("contract_ref"),
    _text("invoice_id"),
)
"""What happened to a claim's money: recorded, verified, rejected, voided, invoiced; paid and reversed name invoices."""

contract = _facts("contract", _text("contract_ref"), _text("ccy"))

refusal = _facts("refusal", _text("cause_origin"), _text("cause_id"), _text("code"))

Index("step_subject", step.c.subject)
Index("step_kind", step.c.kind)
Index("link_one", link.c.one)
Index("link_other", link.c.other)
Index("profile_person", profile.c.person_ref)
Index("deadline_subject", deadline.c.subject, deadline.c.kind, deadline.c.about)
Index("deadline_due", deadline.c.due_on)
Index("consent_person", consent.c.person_ref)
Index("revocation_consent", revocation.c.consent_id)
Index("claim_person", claim.c.person_ref)
Index("money_claim", money.c.claim_id)
Index("money_invoice", money.c.invoice_id)
