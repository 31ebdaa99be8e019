"""Whatever happens to applications, and whenever it is folded: the figures are what a full scan finds."""

from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from applications.drafting import save_step, switch_language
from applications.models import CustomerLanguage
from applications.statistics.checking import differences
from applications.statistics.folding import fold
from applications.statuses import EDITABLE
from tests.applications.people import another_person
from tests.applications.review.test_histories import History
from tests.factories import accept_terms, saved_answers


class CountedHistory(History):
    """A history whose customer may also change the language, and whose steps are saved again."""

    def possible(self):
        possible = super().possible()
        if self.application.status in EDITABLE:
            possible += [self.switch_language, self.save_step]
        return possible

    def switch_language(self):
        french = self.application.language == CustomerLanguage.ENGLISH
        language = CustomerLanguage.FRENCH if french else CustomerLanguage.ENGLISH
        self._accepted_again(switch_language(self.application, language, by=self.by))

    def save_step(self):
        step = self.data.draw(st.sampled_from(["start", "identity", "contact"]))
        language = self.data.draw(st.sampled_from(CustomerLanguage.values))
        values = saved_answers(language=language, **self.person)[step]
        saved = save_step(self.application, step, values, by=self.by, revision=self.application.revision)
        self._accepted_again(saved)

    def _accepted_again(self, application):
        if not application.acceptances.filter(voided_at=None).exists():
            accept_terms(application)


@pytest.fixture
def another(answered, associate):
    """The history of an application that was begun at the counter, of somebody who has no other."""
    people = count()

    def make(data):
        person = another_person(next(people))
        history = CountedHistory(answered(**person), associate, data)
        history.person = person
        return history

    return make


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_figures_are_those_of_a_full_scan_after_every_move(another, data):
    point = transaction.savepoint()
    try:
        histories = [another(data) for _ in range(data.draw(st.integers(1, 3)))]
        for _ in range(data.draw(st.integers(6, 20))):
            history = data.draw(st.sampled_from(histories))
            happens = data.draw(st.sampled_from([*history.possible(), _fold_some]))
            note(f"{histories.index(history)}: {happens.__name__}")
            happens()
            assert not differences()
        assert not _after_folding()
    finally:
        transaction.savepoint_rollback(point)


def _fold_some():
    fold(batch=3, most_batches=2)


def _after_folding():
    fold()
    return differences()
