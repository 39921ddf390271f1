"""The compose file is read, not run: no engine of containers is at hand where these tests run."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from sqlalchemy import make_url

from registry.settings import Settings
from tests.scale.shipped_nginx import TEMPLATE

ROOT: Final = Path(__file__).parents[2]
SCALE: Final = "scale"
SERVICES: Final = ("registry-one", "registry-two")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return found


def environment(service: dict[str, Any]) -> dict[str, str]:
    """As it is with nothing set outside."""
    said = service.get("environment", {})
    return {name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value) for name, value in said.items()}


def test_without_a_profile_one_service_and_its_database_start(services: dict[str, Any]) -> None:
    plain = {name for name, each in services.items() if "profiles" not in each}
    assert plain == {"postgres", "migrate", "registry"}
    scaled = {name for name, each in services.items() if each.get("profiles") == [SCALE]}
    assert scaled == {"replica", *SERVICES, "cache", "prometheus", "grafana"}
    assert plain | scaled == services.keys()


def test_what_each_waits_for_is_started_with_it(services: dict[str, Any]) -> None:
    for name, each in services.items():
        for other in each.get("depends_on", {}):
            profiles = services[other].get("profiles", [])
            assert set(profiles) <= set(each.get("profiles", [])), (name, other)


def test_the_two_services_write_to_the_primary_and_read_the_replica(
    services: dict[str, Any],
) -> None:
    for name in SERVICES:
        settings = Settings.from_environ(environment(services[name]))
        assert make_url(settings.database_url).host == "postgres"
        assert [make_url(each).host for each in settings.read_database_urls] == ["replica"]
        assert settings.trusted_proxies == 1
        assert "ports" not in services[name]


def test_the_cache_is_told_all_that_its_configuration_asks_for(services: dict[str, Any]) -> None:
    said = environment(services["cache"])
    asked = set(re.findall(r"\$\{(\w+)\}", TEMPLATE.read_text()))
    assert asked == said.keys()
    assert re.findall(r"server ([\w-]+):8000;", said["REGISTRY_SERVERS"]) == list(SERVICES)
    assert services["cache"]["ports"][0].endswith(f":{said['REGISTRY_LISTEN']}")


def test_what_is_mounted_is_there_and_is_kept_where_it_is_named(services: dict[str, Any]) -> None:
    volumes = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["volumes"]
    for each in services.values():
        for mounted in each.get("volumes", []):
            source = mounted.split(":", maxsplit=1)[0]
            if not source.startswith("./"):
                assert source in volumes
            else:
                assert (ROOT / source).exists()


def test_what_is_reached_from_outside_is_reached_from_this_machine_alone(
    services: dict[str, Any],
) -> None:
    ports = [port for each in services.values() for port in each.get("ports", [])]
    assert len(ports) == 3
    assert all(port.startswith("127.0.0.1:") for port in ports)
