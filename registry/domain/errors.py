"""What can go wrong, named by whose fault it is."""


class RegistryError(Exception):
    """Anything this package refuses or cannot do."""


class Invalid(RegistryError):
    """The asker's mistake: `field` says where, `offers` what may have been meant."""

    def __init__(
        self, message: str, field: str | None = None, offers: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.offers = offers


class NotFound(RegistryError):
    """Nothing here has that name; `offers` are names that come close."""

    def __init__(self, message: str, offers: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.offers = offers


class Conflict(RegistryError):
    """Something moved meanwhile: try again."""


class Forbidden(RegistryError):
    """Known, but not allowed."""


class Gone(RegistryError):
    """It was here, and its content was erased on request."""


class Refused(RegistryError):
    """The register will not go on with this until its keeper has settled something."""


class Problems(Invalid):
    """Several mistakes at once, each an Invalid with its field."""

    def __init__(self, each: "list[Invalid]") -> None:
        first = each[0]
        super().__init__(first.message, first.field, first.offers)
        self.each = tuple(each)
