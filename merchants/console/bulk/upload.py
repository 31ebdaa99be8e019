"""Takes one small file in memory, for the views that say they take one; of all others NoFiles comes next and refuses.

The choice is made here and not in the view: the form may be read before the view is, by a middleware.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers, StopUpload
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]
# The text of the form, its token and the boundaries between its parts.
_BESIDE_THE_FILE = 256 * 1024


def takes_a_small_file(view: View) -> View:
    """Let the forms of this view bring a file of up to BULK_START_MAX_BYTES."""
    view.takes_a_small_file = True  # type: ignore[attr-defined]
    return view


def is_too_large(request: HttpRequest) -> bool:
    """Whether a larger file came, of which nothing was kept. Asked after the form was read."""
    return getattr(request, "_file_is_too_large", False)


class SmallFile(FileUploadHandler):
    """Nothing on the disk; a far too large form is read no further than to its file."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        _input, _headers, self._length = args[:3]
        self._held = BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        match = self.request and self.request.resolver_match
        if not getattr(match and match.func, "takes_a_small_file", False):
            return
        if self._length > settings.BULK_START_MAX_BYTES * 2 + _BESIDE_THE_FILE:
            self._refuse()
            raise StopUpload(connection_reset=True)
        self._held = BytesIO()
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > settings.BULK_START_MAX_BYTES:
            self._refuse()
            raise SkipFile
        self._held.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self._held.seek(0)
        return InMemoryUploadedFile(self._held, self.field_name, self.file_name or "", None, file_size, None)

    def _refuse(self) -> None:
        self.request._file_is_too_large = True  # type: ignore[union-attr]
