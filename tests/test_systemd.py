"""The units of systemd call commands that there are, and are read as they are meant."""

import re
import shlex
from configparser import ConfigParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from registry.cli import main

ROOT = Path(__file__).resolve().parents[1]
UNITS = sorted((ROOT / "systemd").iterdir())
PROGRAM = "/opt/registry/.venv/bin/registry"


def commands() -> list[str]:
    """What follows the program's name, wherever a unit calls it."""
    text = "\n".join(each.read_text() for each in UNITS)
    return re.findall(rf"^ExecStart=.*{re.escape(PROGRAM)} ([^'\n]+)", text, re.MULTILINE)


def test_each_command_is_there_with_its_options() -> None:
    assert len(commands()) == 4
    for said in commands():
        told = CliRunner().invoke(main, [*shlex.split(said), "--help"])
        assert told.exit_code == 0, told.output
        for option in re.findall(r"--\w+", said):
            assert option in told.output


@pytest.mark.parametrize("unit", UNITS, ids=lambda each: each.name)
def test_the_page_tells_of_each_unit(unit: Path) -> None:
    assert unit.stem in (ROOT / "docs/operations.md").read_text()
    read = ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment, method-assign]  # keys as they are written
    read.read(unit)
    assert read.has_option("Unit", "Description")
    if read.has_section("Service"):
        assert read["Service"]["User"] == "registry"
        assert read["Service"]["ProtectSystem"] == "strict"
