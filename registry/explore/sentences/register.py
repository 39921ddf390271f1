"""What the register says about its own record, as sentences."""

from typing import Final

from registry.explore.sentences.form import Form, says, when
from registry.web.languages import text_of as t

FORMS: Final = {
    "source.recorded": Form(
        t("Entry of a source"),
        says(t("the source “%(title)s” was entered in this register")),
        says(
            t("; author: %(author)s"),
            t("; publisher: %(publisher)s"),
            t("; published %(published)s"),
        ),
    ),
    "status.observed": Form(
        t("Observation"),
        says(
            t("a source observes, %(over)s, that %(holds)s; the act that began it is not recorded")
        ),
    ),
    "coverage.stated": Form(
        t("Completeness of a list"),
        says(
            when(
                t("the list of a source is complete %(over)s, on this question: %(question)s"),
                complete=True,
            ),
            t("the list of a source is not complete %(over)s, on this question: %(question)s"),
        ),
    ),
    "gap.stated": Form(
        t("Search without a finding"),
        says(t("nothing was found %(over)s on this question: %(question)s")),
        says(t("; searched: %(searched)s")),
    ),
    "event.amended": Form(
        t("Correction of a record"),
        says(t("a record was corrected, %(target)s: %(reason)s")),
    ),
    "event.retracted": Form(
        t("Retraction of a record"),
        says(t("a record was taken back, %(target)s: %(reason)s")),
    ),
    "event.confidence_changed": Form(
        t("Change of confidence"),
        says(t("a record is counted as %(to)s from now on, %(target)s: %(reason)s")),
    ),
    "event.erased": Form(
        t("Erasure of a record"),
        says(t("the content of a record was erased: %(reason)s")),
    ),
    "log.key_rotated": Form(
        t("Change of the signing key"),
        says(t("from then on another key signs the register")),
        says(t(": %(reason)s")),
    ),
}
