"""The table of commands: each with its rule, the streams that it reads and what is drawn or sealed for it."""

from collections.abc import Sequence
from typing import Protocol

from nrm_kernel.decider import At, Streams
from nrm_kernel.service import Write
from nrm_prosecution.domain import (
    charging,
    compensation,
    correcting,
    court,
    incident,
    nonpunishment,
    pausing,
    proceedings,
    proceeds,
    register,
    safety,
    sitting,
)
from nrm_prosecution.domain.case import CASES
from nrm_prosecution.domain.victim import VICTIMS

CASE_ID = "criminal_case_id"


class OfCase(Protocol):
    """A command on one case."""

    @property
    def criminal_case_id(self) -> str: ...


class OfVictim(Protocol):
    """A command on one victim."""

    @property
    def person_ref(self) -> str: ...


class OfVictimInCase(OfVictim, OfCase, Protocol):
    """A command on one victim in one case."""


def case(command: OfCase) -> Streams:
    """The case alone."""
    return (At(CASES, command.criminal_case_id),)


def case_and_named_incidents(command: register.ReportCrime | register.RegisterCase) -> Streams:
    """The new case, and the incidents that it is about."""
    return (At(CASES, command.criminal_case_id), *(incident.at(one) for one in dict.fromkeys(command.incident_ids)))


def case_and_incident(command: register.LinkIncident) -> Streams:
    """The case and the incident."""
    return (At(CASES, command.criminal_case_id), incident.at(command.incident_id))


def both_cases(command: pausing.MergeCases) -> Streams:
    """The case and the one that takes it in."""
    return (At(CASES, command.criminal_case_id), At(CASES, command.into_case_id))


def case_and_victims(command: safety.ReleaseOffender) -> Streams:
    """The case, and every victim of it: each of them is warned."""
    return (At(CASES, command.criminal_case_id), *(At(VICTIMS, ref) for ref in dict.fromkeys(command.person_refs)))


def victim(command: OfVictim) -> Streams:
    """The person alone."""
    return (At(VICTIMS, command.person_ref),)


def victim_and_case(command: OfVictimInCase) -> Streams:
    """The person, and the case that must be open for it."""
    return (At(VICTIMS, command.person_ref), At(CASES, command.criminal_case_id))


CASE_COMMANDS: Sequence[Write] = (
    Write(register.ReportCrime, register.report_crime, case_and_named_incidents, minted=(CASE_ID,)),
    Write(register.RegisterCase, register.register_case, case_and_named_incidents, minted=(CASE_ID,)),
    Write(register.RegisterReportedCase, register.register_reported_case, case),
    Write(register.OpenInvestigation, register.open_investigation, case),
    Write(register.LinkIncident, register.link_incident, case_and_incident),
    Write(register.RecordEvidenceBasis, register.record_evidence_basis, case),
    Write(register.ReviewCase, register.review_case, case),
    Write(register.ReclassifyCase, register.reclassify_case, case),
    Write(pausing.SuspendCase, pausing.suspend_case, case),
    Write(pausing.ResumeCase, pausing.resume_case, case),
    Write(pausing.TransferCase, pausing.transfer_case, case),
    Write(pausing.MergeCases, pausing.merge_cases, both_cases),
    Write(pausing.DiscontinueCase, pausing.discontinue_case, case),
    Write(pausing.SettleCase, pausing.settle_case, case),
)

DEFENDANT_COMMANDS: Sequence[Write] = (
    Write(
        charging.AddDefendant,
        charging.add_defendant,
        case,
        minted=("defendant_ref",),
        sealed={"identity": "identity"},
        person="defendant_ref",
    ),
    Write(charging.ChargeDefendant, charging.charge_defendant, case),
    Write(charging.IndictDefendant, charging.indict_defendant, case),
    Write(charging.EndDefendantProceedings, charging.end_defendant_proceedings, case),
    Write(court.OpenTrial, court.open_trial, case),
    Write(court.EnterJudgment, court.enter_judgment, case),
    Write(correcting.CorrectJudgment, correcting.correct_judgment, case),
    Write(court.LodgeAppeal, court.lodge_appeal, case),
    Write(court.FinalizeJudgment, court.finalize_judgment, case),
    Write(court.StartEnforcement, court.start_enforcement, case),
    Write(court.CloseCase, court.close_case, case),
    Write(safety.ReleaseOffender, safety.release_offender, case_and_victims),
)

MONEY_COMMANDS: Sequence[Write] = (
    Write(proceeds.OpenFinancialInvestigation, proceeds.open_financial_investigation, case),
    Write(proceeds.TraceAsset, proceeds.trace_asset, case, minted=("asset_id",)),
    Write(proceeds.FreezeAsset, proceeds.freeze_asset, case),
    Write(proceeds.SeekConfiscation, proceeds.seek_confiscation, case),
    Write(proceeds.ConfiscateAsset, proceeds.confiscate_asset, case),
    Write(proceeds.ReleaseAsset, proceeds.release_asset, case),
    Write(proceeds.RealiseAsset, proceeds.realise_asset, case),
    Write(proceeds.DistributeProceeds, proceeds.distribute_proceeds, case, minted=("proceeds_ref",)),
)

VICTIM_COMMANDS: Sequence[Write] = (
    Write(
        proceedings.RegisterVictim,
        proceedings.register_victim,
        victim,
        minted=("person_ref",),
        sealed={"identity": "identity"},
    ),
    Write(proceedings.LinkVictim, proceedings.link_victim, victim_and_case),
    Write(proceedings.ConsentToParticipation, proceedings.consent_to_participation, victim_and_case),
    Write(proceedings.WithdrawParticipation, proceedings.withdraw_participation, victim),
    Write(proceedings.TakeStatement, proceedings.take_statement, victim_and_case, sealed={"interview": "interview"}),
    Write(proceedings.InformVictim, proceedings.inform_victim, victim),
    Write(sitting.ScheduleHearing, sitting.schedule_hearing, victim),
    Write(sitting.CallOffHearing, sitting.call_off_hearing, victim),
    Write(sitting.MoveHearing, sitting.move_hearing, victim),
    Write(safety.GrantProtectionMeasure, safety.grant_protection_measure, victim),
    Write(safety.EndProtectionMeasure, safety.end_protection_measure, victim),
    Write(nonpunishment.ChargeVictim, nonpunishment.charge_victim, victim, minted=("charge_id", "new_handover_id")),
    Write(nonpunishment.ReviewNonPunishment, nonpunishment.review_non_punishment, victim),
    Write(compensation.ClaimCompensation, compensation.claim_compensation, victim, minted=("compensation_id",)),
    Write(compensation.AwardCompensation, compensation.award_compensation, victim),
    Write(compensation.PayCompensation, compensation.pay_compensation, victim),
)

COMMANDS: Sequence[Write] = (*CASE_COMMANDS, *DEFENDANT_COMMANDS, *MONEY_COMMANDS, *VICTIM_COMMANDS)
