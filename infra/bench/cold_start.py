#!/usr/bin/env python3
"""How long a function takes from the start of its process to its first request for work, and how large it is.

Starts the embedded services, then each built bootstrap RUNS times with a stand-in for Lambda's runtime API, and prints the
median and the range. Usage: cold_start.py SERVICES_COMMAND… (`make bench` calls it after `make build`).
"""

import json
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import time

RUNS = 20
ROOT = pathlib.Path(__file__).resolve().parents[2]
FUNCTIONS = {
    "IdentityFunction": "identity",
    "AccountsFunction": "accounts",
    "PasskeysFunction": "passkeys",
    "SigningKeysFunction": "signing-keys",
    "AuditFunction": "audit",
    "PortfoliosFunction": "portfolios",
    "TasksFunction": "tasks",
    "ValuationFunction": "valuation",
    "SystemFunction": "system",
    "ComputeRiskFunction": "compute-risk",
    "ComputePortfolioFunction": "compute-portfolio",
    "ComputeReportFunction": "compute-report",
    "MailerFunction": "mailer",
    "MaintenanceFunction": "maintenance",
}


def start(bootstrap, variables):
    """Milliseconds from spawn until the process asks for its first invocation, and its resident memory then, in MB."""
    with socket.create_server(("127.0.0.1", 0)) as runtime:
        runtime.settimeout(20)
        address = f"127.0.0.1:{runtime.getsockname()[1]}"
        environment = {**variables, "AWS_LAMBDA_RUNTIME_API": address, "AWS_LAMBDA_FUNCTION_VERSION": "1", "RUST_LOG": "off"}
        begin = time.perf_counter()
        process = subprocess.Popen([bootstrap], env=environment, stderr=subprocess.DEVNULL)
        try:
            connection, _ = runtime.accept()
            with connection:
                request = connection.recv(4096)
                elapsed = (time.perf_counter() - begin) * 1e3
                assert b"/runtime/invocation/next" in request, request
                pages = int(pathlib.Path(f"/proc/{process.pid}/statm").read_text().split()[1])
                return elapsed, pages * os.sysconf("SC_PAGE_SIZE") / 1e6
        finally:
            process.kill()
            process.wait()


def main():
    services = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, env={**os.environ, "HOST": "127.0.0.1"})
    try:
        settings = json.loads(services.stdout.readline())
        print(f"{'function':<14}{'binary MB':>10}{'start ms':>10}{'range':>16}{'memory MB':>11}")
        for function, name in FUNCTIONS.items():
            bootstrap = ROOT / "target" / "lambda" / name / "bootstrap"
            starts = [start(bootstrap, settings[function]) for _ in range(RUNS)]
            times = sorted(milliseconds for milliseconds, _ in starts)
            size = bootstrap.stat().st_size / 1e6
            spread = f"{times[0]:.1f}–{times[-1]:.1f}"
            memory = statistics.median(memory for _, memory in starts)
            print(f"{name:<14}{size:>10.1f}{statistics.median(times):>10.1f}{spread:>16}{memory:>11.0f}")
    finally:
        services.kill()


if __name__ == "__main__":
    main()
