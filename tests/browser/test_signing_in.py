"""Signing in, in a browser."""

import pytest

from tests.browser.conftest import PASSWORD, Site


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_person_signs_in_and_out(site: Site, script: bool) -> None:
    with site.visit("recorder", script=script) as page:
        assert page.get_by_text("Carla Recorder").is_visible()
        page.get_by_role("button", name="Sign out").click()
        page.goto(f"{site.url}/admin/")
        assert page.url.endswith("/admin/sign-in?next=/admin/")


def test_a_wrong_password_is_told_beside_the_field_and_on_top(site: Site) -> None:
    with site.visit() as page:
        page.goto("/admin/sign-in")
        page.get_by_label("Account").fill("recorder")
        page.get_by_label("Password").fill(f"not {PASSWORD}")
        page.get_by_role("button", name="Sign in").click()
        assert "not right" in page.get_by_role("alert").inner_text()
        assert page.get_by_label("Account").input_value() == "recorder"
