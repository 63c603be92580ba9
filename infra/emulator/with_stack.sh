#!/usr/bin/env bash
# Deploys template.yaml into an AWS emulator of its own, runs a command with the stack's URL in BALLAST_BASE_URL, and
# stops everything again. Usage: with_stack.sh COMMAND…
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
venv=$root/.venv
work=$(mktemp -d)
[[ $(uname -m) == x86_64 ]] && architecture=x86_64 || architecture=arm64
port=$("$venv/emulator/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
endpoint=http://127.0.0.1:$port

export AWS_ENDPOINT_URL=$endpoint AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
unset AWS_PROFILE AWS_SESSION_TOKEN
export SAM_CLI_TELEMETRY=0

stop() {
  local status=$?
  trap - EXIT
  # The functions' processes outlive the emulator; all run in its group.
  if [[ -n ${emulator:-} ]]; then
    kill -KILL -- "-$emulator" 2>/dev/null || true
    wait "$emulator" 2>/dev/null || true
  fi
  if ((status != 0)); then
    echo "The emulator's last lines ($work/emulator.log):" >&2
    tail -n 40 "$work/emulator.log" >&2
  else
    rm -rf "$work"
  fi
  exit "$status"
}
trap stop EXIT
trap 'exit 130' INT TERM

AUTH=true BIND_HOST=127.0.0.1 GATEWAY_PORT=$port IOT_MTLS_ENABLED=0 TMPDIR=$work \
  setsid "$venv/emulator/bin/python" "$root/infra/emulator/serve.py" >"$work/emulator.log" 2>&1 &
emulator=$!

for _ in {1..150}; do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  kill -0 "$emulator" || exit 1
  sleep 0.2
done

cd "$work" # `sam deploy` would prefer what `sam build` left in the project
"$venv/sam/bin/sam" deploy --template-file "$root/template.yaml" --stack-name ballast --resolve-s3 \
  --capabilities CAPABILITY_IAM --no-confirm-changeset --no-progressbar \
  --parameter-overrides Stage=dev "Architecture=$architecture" >"$work/deploy.log" 2>&1 || { cat "$work/deploy.log"; exit 1; }

api=$(sed -n '/\.execute-api\./{s|.*https://\([^.]*\)\..*|\1|p;q}' "$work/deploy.log")
cd "$root"
export BALLAST_BASE_URL=$endpoint/restapis/$api/dev/_user_request_
# What tests look into, disturb and bend, behind the API.
inside=$("$venv/sam/bin/python" -c '
import boto3
resource = lambda name: boto3.client("cloudformation").describe_stack_resource(
    StackName="ballast", LogicalResourceId=name)["StackResourceDetail"]["PhysicalResourceId"]
print(resource("StateTable"))
print(boto3.client("secretsmanager").get_secret_value(SecretId=resource("SigningSecret"))["SecretString"])')
{ read -r BALLAST_STATE_TABLE && read -r BALLAST_SIGNING_SECRET; } <<<"$inside"
export BALLAST_STATE_TABLE BALLAST_SIGNING_SECRET
echo "Ballast is deployed at $BALLAST_BASE_URL"
"$@"
