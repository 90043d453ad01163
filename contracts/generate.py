"""Writes what is generated from the .proto files and the event catalogue; never edit those files by hand.

    python contracts/generate.py              beside the sources, as committed
    python contracts/generate.py --into DIR   into another folder, to compare
    python contracts/generate.py --release "what changed"
                                              freeze what is there as the baseline that later changes are held to, and
                                              say so in the changelog

The folder of a .proto file is its import path, so that protoc's output is used as it comes.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import google.rpc
import grpc_tools
from grpc_tools import protoc

import event_files

CONTRACTS = Path(__file__).resolve().parent
PACKAGE = "nrm_contracts"
BASELINE = CONTRACTS / PACKAGE / "baseline"
CHANGELOG = CONTRACTS.parent / "CHANGELOG.md"
FROZEN = "### Contracts frozen\n\n"
"""Under this heading the changelog names each baseline that contracts were held to, the newest first."""
DIGEST_CHARACTERS = 12


def proto_files() -> list[str]:
    """Every .proto file of the contracts, by its import path."""
    return sorted(path.relative_to(CONTRACTS).as_posix() for path in CONTRACTS.glob(f"{PACKAGE}/**/v*/*.proto"))


def run_protoc(files: Iterable[str], *options: str) -> int:
    """Run protoc and return its exit code; when it refuses, it has printed why."""
    known = [CONTRACTS, Path(grpc_tools.__path__[0], "_proto"), Path(google.rpc.__path__[0]).parents[1]]
    status: int = protoc.main(["protoc", *(f"--proto_path={folder}" for folder in known), *options, *files])
    return status


def write_stubs(into: Path) -> int:
    """Messages, gRPC stubs and their types, beside each .proto file; one broken package does not stop the others."""
    plugin = Path(sys.executable).with_name("protoc-gen-mypy_grpc")
    options = [
        f"--plugin=protoc-gen-mypy_grpc={plugin}",
        f"--python_out={into}",
        f"--pyi_out={into}",
        f"--grpc_python_out={into}",
        f"--mypy_grpc_out=quiet:{into}",
    ]
    return max(run_protoc(files, *options) for _, files in groupby(proto_files(), key=lambda name: Path(name).parent))


def write_image(path: Path) -> int:
    """The contracts as one descriptor set with their comments: what buf lints and compares."""
    return run_protoc(proto_files(), "--include_imports", "--include_source_info", f"--descriptor_set_out={path}")


def write_generated(into: Path) -> int:
    """Everything that is generated, into this folder."""
    into.mkdir(parents=True, exist_ok=True)
    event_files.write_schemas(into)
    event_files.write_asyncapi(into)
    return write_stubs(into)


def release(why: str) -> int:
    """Freeze what is there as the baseline, and write down in the changelog that, and why, it was."""
    event_files.release(BASELINE)
    status = write_image(BASELINE / "api.binpb")
    if status == 0:
        before, heading, after = CHANGELOG.read_text("utf-8").partition(FROZEN)
        CHANGELOG.write_text(f"{before}{heading}- `{digest()}`: {why}\n{after}", "utf-8")
    return status


def digest() -> str:
    """What names the baseline in the changelog: it differs when any file of it does."""
    whole = hashlib.sha256()
    for path in sorted(path for path in BASELINE.rglob("*") if path.is_file()):
        whole.update(
            f"{path.relative_to(BASELINE).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode()
        )
    return whole.hexdigest()[:DIGEST_CHARACTERS]


def main() -> int:
    """Read the command line and write; 0 when all was written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=CONTRACTS, help="folder to write to (default: here)")
    parser.add_argument("--image", type=Path, help="write only the descriptor set, to this file")
    parser.add_argument("--release", metavar="WHAT_CHANGED", help="write the baseline, and this into the changelog")
    arguments = parser.parse_args()
    if arguments.image:
        return write_image(arguments.image)
    return release(arguments.release) if arguments.release else write_generated(arguments.into)


if __name__ == "__main__":
    sys.exit(main())
