"""`python -m benchmarks.sought PAGE`: what there is to look for in a stock, and where a page of its list begins."""

import json
import sys

import django


def main(page: int) -> None:
    from benchmarks.lists_in_process import place_before, sought

    print(json.dumps({"sought": sought(), "before": place_before(page)}))


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
