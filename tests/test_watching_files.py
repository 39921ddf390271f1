"""The dashboard, the alarms and their page name numbers, alarms and settings that there are."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from registry.app import create_app
from registry.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
OPERATIONS = (ROOT / "docs/operations.md").read_text()
DASHBOARD = ROOT / "docker/grafana/provisioning/dashboards/files/registry.json"
ALARMS = ROOT / "docker/prometheus/alarms.yml"
NAME = re.compile(r"\bregistry_\w+")
SOMETIMES = {
    "registry_replicas": "where replicas are configured",
    "registry_replicas_read": "where replicas are configured",
    "registry_replica_positions_behind": "where replicas are configured",
    "registry_rebuild_position": "while a rebuild runs",
}


def alarms() -> list[dict[str, Any]]:
    groups = yaml.safe_load(ALARMS.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_only_numbers_that_there_are_are_drawn_and_watched(database_url: str) -> None:
    app = create_app(Settings(database_url))
    client = app.test_client()
    client.get("/healthz", buffered=True)  # counted once it is sent
    there = set(NAME.findall(client.get("/metrics").text)) | SOMETIMES.keys()
    app.extensions["registry"].dispose()
    panels = json.loads(DASHBOARD.read_text())["panels"]
    drawn = [target["expr"] for panel in panels for target in panel["targets"]]
    watched = [str(each["expr"]) for each in alarms()]
    assert len(drawn) > 10
    named = {name for each in (*drawn, *watched) for name in NAME.findall(each)}
    assert named - there == set()


def test_what_is_there_only_sometimes_is_made_somewhere() -> None:
    source = "".join(
        (ROOT / each).read_text()
        for each in ("registry/api/metrics.py", "registry/queries/measures.py")
    )
    assert {each for each in SOMETIMES if f'"{each}"' not in source} == set()


def test_each_alarm_has_its_section() -> None:
    named = {str(each["alert"]) for each in alarms()}
    assert named == set(re.findall(r"^### (\w+)$", OPERATIONS, re.MULTILINE))


def test_each_setting_is_told() -> None:
    source = (ROOT / "registry/settings.py").read_text()
    there = set(re.findall(r'"(REGISTRY_[A-Z_]+[A-Z]|PORT)"', source))
    there |= {f"REGISTRY_OIDC_{each}" for each in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")}
    told = set(re.findall(r"`(REGISTRY_[A-Z_]+[A-Z]|PORT)`", OPERATIONS))
    assert there <= told
    assert len(there) > 20


def test_each_page_that_it_leads_to_is_there() -> None:
    for target in re.findall(r"\]\(([\w./-]+)\)", OPERATIONS):
        assert (ROOT / "docs" / target).exists(), target
