"""Writes what is generated from the .proto files and the event catalogue; never edit those files by hand.

    python contracts/generate.py              beside the sources, as committed
    python contracts/generate.py --into DIR   into another folder, to compare
    python contracts/generate.py --release    freeze what is there as the baseline that later changes are held to

The folder of a .proto file is its import path, so that protoc's output is used as it comes.
"""

import argparse
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


def release() -> int:
    """Freeze what is there as the baseline."""
    event_files.release(BASELINE)
    return write_image(BASELINE / "api.binpb")


def main() -> int:
    """Read the command line and write; 0 when all was written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=CONTRACTS, help="folder to write to (default: here)")
    parser.add_argument("--image", type=Path, help="write only the descriptor set, to this file")
    parser.add_argument("--release", action="store_true", help="write the baseline")
    arguments = parser.parse_args()
    if arguments.image:
        return write_image(arguments.image)
    return release() if arguments.release else write_generated(arguments.into)


if __name__ == "__main__":
    sys.exit(main())
