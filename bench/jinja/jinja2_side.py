"""Jinja2's side: the same cases, microseconds each as JSON. Modes of Ansible: its templar on the same texts."""
import json
import sys
import time

import jinja2
from jinja2.nativetypes import NativeEnvironment

CASES = json.load(open(sys.argv[1]))
SECONDS = float(sys.argv[2])
VARIABLES = CASES["variables"]


def per_call(work, calls):
    """The best of several rounds: what else the machine does only makes it slower."""
    best, until, rounds = None, time.perf_counter() + SECONDS, 0
    while rounds < 3 or time.perf_counter() < until:
        started = time.perf_counter()
        work()
        took = time.perf_counter() - started
        best = took if best is None else min(best, took)
        rounds += 1
    return best / calls * 1e6


def regex_match(value, pattern):
    import re
    return re.match(pattern, value) is not None


def native():
    env = NativeEnvironment(trim_blocks=True, keep_trailing_newline=True, cache_size=0)
    env.tests["match"] = regex_match
    return env


def text():
    env = jinja2.Environment(trim_blocks=True, keep_trailing_newline=True, cache_size=0)
    env.tests["match"] = regex_match
    return env


def numbered(template, count):
    """Texts that are all different, so that nothing is known of them."""
    return [template + "{# %d #}" % number for number in range(count)]


def main():
    env, plain = native(), text()
    sources = ["{{ " + one + " }}" for one in CASES["expressions"]]
    warm = [env.from_string(source) for source in sources]
    cold_expressions = [text for source in sources for text in numbered(source, 20)]
    cold = numbered(CASES["template"], 30)
    cached = plain.from_string(CASES["template"])
    print(json.dumps({
        "version": jinja2.__version__,
        "output": cached.render(**VARIABLES),
        "expressions": per_call(lambda: [one.render(**VARIABLES) for one in warm * 50], len(warm) * 50),
        "expressions cold": per_call(lambda: [env.from_string(one).render(**VARIABLES) for one in cold_expressions], len(cold_expressions)),
        "template cold": per_call(lambda: [plain.from_string(one).render(**VARIABLES) for one in cold], len(cold)),
        "template cached": per_call(lambda: [cached.render(**VARIABLES) for _ in range(200)], 200),
    }))


main()
