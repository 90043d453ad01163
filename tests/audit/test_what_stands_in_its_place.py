"""What stands where a configuration says that a log or a kept checkpoint should: another one, or nothing."""

from tests.audit.conftest import Deployment

from nrm_audit.findings import Kind
from nrm_audit.holders import Expected
from nrm_audit.verify import verify


def test_the_store_of_another_agency_in_the_place_of_one_is_found(deployment: Deployment) -> None:
    first, other = (deployment.store_of(agency) for agency in deployment.agencies[:2])
    first.write_bytes(other.read_bytes())
    assert verify([deployment.folder], deployment.trust).exit_code == 0, "whose place that is has to be known"
    report = verify([deployment.folder], deployment.trust, expected=[Expected(first, deployment.first.origin)])
    [told] = [one for one in report.findings.kept if one.kind is Kind.UNREADABLE]
    assert (report.exit_code, told.origin, told.holder) == (1, deployment.first.origin, str(first))
    assert f"holds that of {deployment.agencies[1].origin}" in told.text


def test_a_kept_checkpoint_that_was_taken_away_is_missed_where_anything_was_signed(deployment: Deployment) -> None:
    kept = Expected(deployment.folder / "checkpoint.txt", deployment.first.origin)
    new = Expected(deployment.folder / "new" / "checkpoint.txt", "demo/assistance/ngo-new")
    report = verify([deployment.folder], deployment.trust, expected=[kept, new])
    [missed] = [one for one in report.findings.kept if one.kind is Kind.MISSING]
    assert (report.exit_code, missed.holder, missed.certain) == (2, str(kept.path), False)
    assert "kept outside the database is gone" in missed.text
