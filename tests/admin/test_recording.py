"""Recording by the forms of data entry."""

from tests.admin.office import Office


def test_each_person_signs_in_with_her_own_role(office: Office) -> None:
    for role in ("reader", "recorder", "reviewer", "admin"):
        visitor = office.client(role)
        assert visitor.account.name in visitor.get("/admin/").text
        assert f"({role})" in visitor.get("/admin/").text
