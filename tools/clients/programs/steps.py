"""Reports the steps of a client's life, each as a line of JSON that tools/clients/life.mts reads."""

import json
import time


def step(name, act):
    """A step that must work. Returns what the client returned, or None if it failed."""
    begun = time.monotonic()
    try:
        result = act()
    except Exception as error:
        report(name, begun, error=f"{type(error).__name__}: {error}")
        return None
    report(name, begun)
    return result


def cannot(name, why, expected, act):
    """A step that the client cannot do here, and why.

    If it works or fails without the expected words in its error, the reason is out of date."""
    begun = time.monotonic()
    message = "it works"
    try:
        act()
    except Exception as error:
        message = f"{type(error).__name__}: {error}"
    if expected in message:
        report(name, begun, cannot=why)
    else:
        report(name, begun, error=f'is not refused with "{expected}": {message}')


def refused(error, act):
    """Checks that the client raises this error."""
    try:
        act()
    except error:
        return
    raise AssertionError(f"{error.__name__} was not raised")


def report(step_name, begun, **outcome):
    seconds = time.monotonic() - begun
    print(json.dumps({"step": step_name, "seconds": seconds, **outcome}), flush=True)
