"""The settings of the measure: quick sign-ins, e-mails kept as files, and pages that break when they are told to."""

from chaos.quick_sign_in_settings import *  # noqa: F403
from chaos.quick_sign_in_settings import MIDDLEWARE, STATE_DIR

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(STATE_DIR / "mail")
MIDDLEWARE = [*MIDDLEWARE, "evidence.canary_trouble.breaks_when_told"]
