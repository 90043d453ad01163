"""The agencies of the invented country, and the regions that its people are found in."""

POLICE = "demo/identification/police"
BORDER = "demo/identification/border-guard"
AUTHORITY = "demo/identification/competent-authority"
DAWN = "demo/assistance/ngo-dawn"
HARBOUR = "demo/assistance/ngo-harbour"
CROWN = "demo/prosecution/crown"
FUND = "demo/funding/fund"
NATIONAL = "demo/coordinator/national"
OFFICE = "demo/audit/office"

ORIGINS = (POLICE, BORDER, AUTHORITY, DAWN, HARBOUR, CROWN, FUND, NATIONAL, OFFICE)
"""Their names begin with what they are: what a new trust file takes over, where nobody says it."""

SHELTERS = (DAWN, HARBOUR)

REGIONS = ("GB-LND", "GB-KEN", "GB-ESS", "GB-BIR", "GB-MAN", "GB-LIV", "GB-CRF", "GB-BFS", "GB-SCT")
"""ISO 3166-2. In Scotland the recovery period is longer than elsewhere."""

CCY = "GBP"


def short(origin: str) -> str:
    """The last part of an agency's name."""
    return origin.rsplit("/", 1)[1]
