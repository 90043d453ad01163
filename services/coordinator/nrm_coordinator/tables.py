"""The coordinator's tables: facts that entries give, each keyed by what it is about, its origin and its position.

Nothing is ever changed in them: what holds on a day is computed from the facts that were recorded by then. Rows lie in
the order of their key, so that what is asked of one person lies together however long the logs are.
"""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Index, MetaData, String, Table

metadata = MetaData()


def _text(name: str) -> Column[Any]:
    return Column(name, String, nullable=False)


def _facts(name: str, by: tuple[str, ...], *columns: Column[Any]) -> Table:
    """A table of facts about what the columns ``by`` name."""
    return Table(
        name,
        metadata,
        *(Column(about, String, primary_key=True) for about in by),
        Column("origin", String, primary_key=True),
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        *columns,
        _text("recorded_at"),
        sqlite_with_rowid=False,
    )


step = _facts("step", ("subject",), _text("kind"), _text("detail"), _text("about"), _text("occurred_on"))
"""Something happened to a person. ``about`` is the charge, delivery, case or incident that it is about; not shown."""

moved = _facts("moved", ("subject", "facet"), _text("mark"))
"""A fact that changes where a person or a criminal case stands, in one respect. The greatest ``mark`` is the newest."""

milestone = _facts("milestone", ("unit", "step", "subject"), _text("occurred_on"))
"""A person, criminal case or defendant reached a step of its funnel."""

revision = _facts(
    "revision",
    ("stream",),
    Column("version", BigInteger, nullable=False),
    Column("corrects", BigInteger),
)
"""An entry that may be corrected, with the version of its stream; ``corrects`` is that of the one it puts right."""

handover = _facts("handover", ("handover_id", "person_ref"))
"""An agency knows this person under this handover id: the agency at the other end knows the same person so."""

merge = _facts("merge", ("one", "other"), _text("unit"), Column("joined", Boolean, nullable=False))
"""Two references are of one person, or two criminal cases are one, or are so no longer."""

profile = _facts(
    "profile",
    ("person_ref",),
    _text("source"),
    _text("region"),
    _text("sex"),
    _text("age_band"),
    _text("language"),
    _text("detection_channel"),
    Column("minor", Boolean, nullable=False),
    _text("occurred_on"),
)
"""What somebody described (``described``) or found out about the age (``age``); empty where nothing was told."""

deadline = _facts(
    "deadline",
    ("subject", "kind", "about"),
    _text("change"),
    Column("due_on", String),
    _text("rule_id"),
    _text("owner"),
)
"""``change`` is set, met or lifted; the newest of one origin, subject, kind and about is the one that holds.

``subject`` is the person, empty where the deadline is about a criminal case or an invoice alone.
"""

consent = _facts(
    "consent",
    ("person_ref",),
    _text("change"),
    _text("scope"),
    _text("share_with"),
    _text("consent_id"),
    _text("effective_on"),
    Column("expires_on", String),
)

delivery = _facts(
    "delivery",
    ("person_ref",),
    _text("delivery_id"),
    _text("change"),
    _text("claim_id"),
    _text("service_code"),
    _text("unit"),
    Column("qty_milli", BigInteger, nullable=False),
    _text("occurred_on"),
)
"""``change`` is delivered, claimed, unfunded or voided."""

claim = _facts(
    "claim", ("claim_id",), _text("change"), Column("amount_minor", BigInteger, nullable=False), _text("contract_ref")
)
"""``change`` is recorded, verified, withdrawn or clawed_back."""

invoiced = _facts("invoiced", ("claim_id",), _text("invoice_id"))
payment = _facts("payment", ("invoice_id",), Column("amount_minor", BigInteger, nullable=False))
"""Money that was paid on an invoice, or came back (below zero)."""

contract = _facts("contract", ("contract_ref",), _text("ccy"))

compensation = _facts(
    "compensation",
    ("person_ref",),
    _text("change"),
    Column("amount_minor", BigInteger, nullable=False),
    _text("ccy"),
)
"""``change`` is claimed, awarded or paid."""

involvement = _facts("involvement", ("person_ref",), _text("criminal_case_id"), _text("occurred_on"))
"""The person is a victim in this criminal case."""

notice = _facts("notice", ("about",), _text("entry_id"))
"""A notice about the person behind a handover id: what a refused reaction names as its cause."""

foreign = _facts("foreign_fact", ("subject",), _text("kind"))
"""A fact that such an agency has no business to record; ``subject`` is the person, empty where it names none."""

voided_incident = _facts("voided_incident", ("incident_id",), _text("voided_on"))
"""The incident was recorded in error: by the reference by which the agency whose fact it is knows it."""

refusal = _facts("refusal", ("cause_id",), _text("code"), _text("occurred_on"))

Index("revision_place", revision.c.origin, revision.c.position)
Index("handover_person", handover.c.person_ref)
Index("merge_other", merge.c.other)
Index("invoiced_invoice", invoiced.c.invoice_id)
