"""Runs the built functions in SAM's containers over the embedded services.

`local services` listens on HOST and prints, in its first line, the variables of each function as JSON. SAM passes on
only variables that the template declares, so they are written into a copy of it.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).parents[2]
COPY = ROOT / ".aws-sam" / "local.json"


def template(variables):
    document = yaml_parse((ROOT / "template.yaml").read_text())
    del document["Globals"]["Function"]["Environment"]
    for name, resource in document["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            properties = resource["Properties"]
            properties["CodeUri"] = str(ROOT / properties["CodeUri"])
            properties["Environment"] = {"Variables": variables[name]}
    return document


def addresses():
    """Where the services listen, and where containers reach that."""
    if platform.system() != "Linux":
        return "127.0.0.1", "host.docker.internal"
    network = ["docker", "network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"]
    gateway = subprocess.run(network, check=True, capture_output=True, text=True).stdout.strip()
    return gateway, gateway


def main():
    listen, reach = addresses()
    command = ["cargo", "run", "-p", "local", "--", "services"]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "HOST": listen}, stdout=subprocess.PIPE, text=True
    ) as services:
        try:
            variables = json.loads(services.stdout.readline().replace(listen, reach))
            COPY.parent.mkdir(exist_ok=True)
            COPY.write_text(json.dumps(template(variables)))
            machine = "x86_64" if platform.machine() == "x86_64" else "arm64"
            start = [Path(sys.executable).with_name("sam"), "local", "start-api", "--template", COPY]
            start += ["--parameter-overrides", f"Architecture={machine}", "--warm-containers", "LAZY"]
            start += ["--port", os.environ.get("PORT", "8080")]
            subprocess.run(start, check=True)
        finally:
            services.terminate()


if __name__ == "__main__":
    main()
