"""The portal takes no files, but for the small ones of merchants/console/bulk/upload.py."""

from typing import Any, NoReturn

from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class NoFiles(FileUploadHandler):
    """Ends the reading of a form at its first file, before anything of it is written to the disk."""

    def new_file(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse it."""
        raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never called."""

    def file_complete(self, file_size: int) -> None:
        """Never called."""
