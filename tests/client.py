"""A client: logs in, simulates a portfolio, prints the result. Usage: client.py BASE_URL USERNAME PASSWORD"""

import csv
import json
import pathlib
import sys
import time

import requests

base, username, password = sys.argv[1:]
with open(pathlib.Path(__file__).parent / "data/prices/prices.csv") as file:
    prices = [[float(close) for close in row[1:4]] for row in list(csv.reader(file))[1:]]
returns = [[after / before - 1 for before, after in zip(*days)] for days in zip(prices, prices[1:])]

r = requests.post(f"{base}/api/v1/auth/login", json={"username": username, "password": password})
token = r.json()["data"]["access_token"]
headers = {"Authorization": f"Bearer {token}"}
r = requests.post(f"{base}/api/v1/tasks/risk/monte-carlo", headers=headers, json={
    "portfolio_data": {"weights": [0.4, 0.3, 0.3], "historical_returns": returns},
    "num_simulations": 10000, "time_horizon": 252})
task_id = r.json()["data"]["task_id"]
while requests.get(f"{base}/api/v1/tasks/{task_id}/status", headers=headers).json()["data"]["status"] in ("PENDING", "STARTED"):
    time.sleep(0.2)
results = requests.get(f"{base}/api/v1/tasks/{task_id}/result", headers=headers).json()["data"]["result"]

print(json.dumps(results))
