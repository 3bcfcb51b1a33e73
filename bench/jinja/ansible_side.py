"""Ansible's templar on the same template, microseconds each as JSON; it has its own cache of compiled templates."""
import json
import sys
import time

from ansible.parsing.dataloader import DataLoader
from ansible.release import __version__
from ansible.template import Templar

CASES = json.load(open(sys.argv[1]))
SECONDS = float(sys.argv[2])

try:
    from ansible.template import trust_as_template as trusted
except ImportError:
    trusted = str


def main():
    templar = Templar(loader=DataLoader(), variables=CASES["variables"])
    source = trusted(CASES["template"])
    best, until, rounds = None, time.perf_counter() + SECONDS, 0
    while rounds < 3 or time.perf_counter() < until:
        started = time.perf_counter()
        for _ in range(20):
            templar.template(source)
        took = (time.perf_counter() - started) / 20
        best = took if best is None else min(best, took)
        rounds += 1
    print(json.dumps({"version": __version__, "template cached": best * 1e6}))


main()
