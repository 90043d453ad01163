"""What `nrm doctor` finds in an agency's secret files: whether they are there, and who else may read them."""

import stat

from nrm.config_distributed import DistributedAgency
from nrm.doctor.findings import Finding, State, told


def of_secrets(agency: DistributedAgency) -> Finding:
    """The first of them with which something is wrong. A group may share them: containers are given them so."""
    subject = f"{agency.origin}: secret files"
    files = agency.secrets
    for path in files:
        try:
            mode = path.stat().st_mode
        except OSError as fault:
            return Finding(subject, State.ACT, told(fault), "Put that file in its place, for this user to read.")
        if mode & stat.S_IRWXO:
            action = f"chmod o= {path}; and where others work on this machine, put a new secret in its place."
            return Finding(subject, State.ACT, f"{path} is open to every account of this machine", action)
    return Finding(subject, State.OK, f"none of {len(files)} is open to every account of this machine")
