"""States and rows as messages. They show what is recorded and add nothing."""

from collections.abc import Mapping

from nrm_contracts.prosecution.events import VictimReportReceived
from nrm_contracts.prosecution.v1 import queries_pb2
from nrm_contracts.record.v1 import receipt_pb2
from nrm_kernel.views import Completeness
from nrm_prosecution.domain.asset import Asset
from nrm_prosecution.domain.case import CriminalCase
from nrm_prosecution.domain.claim import Claim
from nrm_prosecution.domain.deadlines import CASE_REVIEW, Deadlines
from nrm_prosecution.domain.defendant import Defendant
from nrm_prosecution.domain.incident import Incident
from nrm_prosecution.domain.participation import Participation
from nrm_prosecution.domain.victim import Protection, Victim


def case_in_short(case: CriminalCase) -> queries_pb2.CriminalCase:
    """Register entry, stage and next look."""
    review = case.deadlines.get((CASE_REVIEW, case.criminal_case_id))
    return queries_pb2.CriminalCase(
        criminal_case_id=case.criminal_case_id,
        status=case.status or "",
        lead_org=case.lead_org,
        iccs_code=case.iccs_code,
        national_article=case.national_article,
        proactive=case.proactive,
        review_on=review.due_on.isoformat() if review and review.due_on else "",
    )


def defendants(case: CriminalCase) -> list[queries_pb2.Defendant]:
    """The case's defendants, in order of their references."""
    return [_defendant(case.criminal_case_id, one) for _, one in sorted(case.defendants.items())]


def _defendant(case_id: str, one: Defendant) -> queries_pb2.Defendant:
    return queries_pb2.Defendant(
        defendant_ref=one.defendant_ref,
        criminal_case_id=case_id,
        status=one.status,
        indicted=one.indicted,
        instance=one.instance,
        ended=one.ended,
        released=one.released_on is not None,
    )


def judgments(case: CriminalCase) -> list[queries_pb2.Judgment]:
    """The last judgment on each defendant who was judged."""
    return [
        queries_pb2.Judgment(
            defendant_ref=one.defendant_ref,
            instance=one.judgment.instance,
            outcome=one.judgment.outcome,
            articles=one.judgment.articles,
            sentence_months=one.judgment.sentence_months,
            suspended=one.judgment.suspended,
            judged_on=one.judgment.judged_on.isoformat(),
            corrected=one.corrected,
        )
        for _, one in sorted(case.defendants.items())
        if one.judgment
    ]


def assets(case: CriminalCase) -> list[queries_pb2.Asset]:
    """The case's assets, in order of their ids."""
    return [_asset(one) for _, one in sorted(case.assets.items())]


def _asset(asset: Asset) -> queries_pb2.Asset:
    return queries_pb2.Asset(asset_id=asset.asset_id, status=asset.status, ccy=asset.ccy, left_minor=asset.left_minor)


def deadlines(live: Deadlines) -> list[queries_pb2.Deadline]:
    """What is due."""
    return [
        queries_pb2.Deadline(
            kind=one.kind, about=one.about, due_on=one.due_on.isoformat() if one.due_on else "", owner=one.owner
        )
        for _, one in sorted(live.items())
    ]


def victim(person: Victim, version: int, incidents: Mapping[str, Incident]) -> queries_pb2.GetVictimResponse:
    """All that this agency knows of a person; ``incidents``: those that reports name."""
    return queries_pb2.GetVictimResponse(
        person_ref=person.person_ref,
        minor=person.minor,
        participations=[_participation(*one) for one in sorted(person.participations.items())],
        recovery_periods=[
            queries_pb2.RecoveryPeriod(starts_on=one.starts_on.isoformat(), ends_on=one.ends_on.isoformat())
            for _, one in sorted(person.recoveries.items())
        ],
        charges=[
            queries_pb2.Charge(charge_id=one.charge_id, review=one.review) for _, one in sorted(person.charges.items())
        ],
        claims=[_claim(one) for _, one in sorted(person.claims.items())],
        deadlines=deadlines(person.deadlines),
        merged_refs=sorted(person.merged),
        in_contact=person.in_contact,
        revoked_on=person.revoked_on.isoformat() if person.revoked_on else "",
        version=version,
        protection=[_protection(*one) for one in sorted(person.protection.items())],
        reports=[_report(one, incidents) for one in person.reports],
    )


def _report(report: VictimReportReceived, incidents: Mapping[str, Incident]) -> queries_pb2.VictimReport:
    named = report.incident_shared_ref
    voiding = incidents[named].voidings.get(report.reported_by) if named else None
    return queries_pb2.VictimReport(
        reported_by=report.reported_by,
        reported_on=report.reported_on.isoformat(),
        incident_id=named or "",
        incident_voided_on=voiding.voided_on.isoformat() if voiding else "",
    )


def _protection(key: tuple[str, str], one: Protection) -> queries_pb2.ProtectionMeasure:
    case_id, measure = key
    return queries_pb2.ProtectionMeasure(
        criminal_case_id=case_id,
        measure=measure,
        starts_on=one.starts_on.isoformat(),
        ends_on=one.ends_on.isoformat() if one.ends_on else "",
    )


def _participation(case_id: str, one: Participation) -> queries_pb2.Participation:
    return queries_pb2.Participation(
        criminal_case_id=case_id, capacities=sorted(one.capacities), statements=one.statements
    )


def _claim(claim: Claim) -> queries_pb2.Claim:
    unpaid = [
        queries_pb2.Unpaid(payer=payer, amount_minor=left_minor)
        for payer, left_minor in sorted(claim.unpaid_minor.items())
    ]
    return queries_pb2.Claim(compensation_id=claim.compensation_id, ccy=claim.ccy, unpaid=unpaid)


def complete_to(reached: Completeness) -> list[receipt_pb2.Completeness]:
    """How far an answer from the lists is complete."""
    return [
        receipt_pb2.Completeness(origin=origin, size=size, recorded_at=reached.recorded_at.get(origin, ""))
        for origin, size in sorted(reached.sizes.items())
    ]
