"""Checks what Chromium left of a page: its DOM, its console and its requests (see docs.sh)."""

import json
import pathlib
import re
import sys
import urllib.request

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
# How each page marks an operation in its DOM.
MARKS = {"docs": r'class="opblock[^"]*" id="operations-[^"]*?-{}"', "redoc": r'data-section-id="(?:tag/[^"]*/)?operation/{}"'}


def operations(base):
    """The ids of all operations of the description."""
    with urllib.request.urlopen(f"{base}/openapi.json") as answer:
        paths = json.load(answer)["paths"]
    return [item[method]["operationId"] for item in paths.values() for method in METHODS & item.keys()]


def requests(net_log, origin):
    """The addresses that the page asked for; what the browser asks for on its own has another initiator."""
    log = json.loads(net_log)
    start = log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    started = [event["params"] for event in log["events"] if event["type"] == start and "params" in event]
    return [request["url"] for request in started if request.get("initiator") == origin]


def problems(base, page, folder):
    """What is wrong with the page."""
    dom, console, net_log = ((folder / f"{page}.{kind}").read_text() for kind in ("html", "log", "json"))
    known = operations(base)
    if not known:
        yield "the description has no operations"
    for operation in known:
        if not re.search(MARKS[page].format(re.escape(operation)), dom):
            yield f"operation {operation} is not on the page"
    asked = requests(net_log, "/".join(base.split("/")[:3]))
    if not any(url.startswith(f"{base}/{page}/") for url in asked):
        yield "the page asked for none of our files"
    yield from (f"asked for {url}" for url in asked if not url.startswith(f"{base}/"))
    yield from (line for line in console.splitlines() if ":CONSOLE" in line)
    print(f"/{page}: {len(known)} operations, {len(asked)} requests")


def main():
    base, page, folder = sys.argv[1:]
    found = list(problems(base, page, pathlib.Path(folder)))
    for problem in found:
        print(f"/{page}: {problem}", file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
