"""Celery entry points."""

from celery import shared_task

from applications.statistics import folding


@shared_task
def fold() -> None:
    folding.fold()
