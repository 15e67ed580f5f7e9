"""Drives Locust by the stages of a load test and writes down how it goes. Given to Locust beside the locustfile."""

import json
import os
import time
from collections import deque

import gevent
from locust import LoadTestShape, events
from locust.runners import WorkerRunner
from locust.stats import calculate_response_time_percentile, diff_response_time_dicts

STAGES = json.loads(os.environ["LOAD_STAGES"])
RAMP_DOWN_SECONDS = float(os.environ["LOAD_RAMP_DOWN_SECONDS"])
STOP_FILE = os.environ["LOAD_STOP_FILE"]
POINTS_FILE = os.environ["LOAD_POINTS_FILE"]
TOTALS_FILE = os.environ["LOAD_TOTALS_FILE"]
POINT_SECONDS = 1
WINDOW_POINTS = 5


class Stages(LoadTestShape):
    """The planned number of users at each moment; once the stop file is there, down to none."""

    stopped_at = None
    users_at_stop = 0

    def planned(self, seconds):
        """Users planned at a time since the start; None when all stages are over."""
        users = 0
        for stage in STAGES:
            step = stage["rate"] * min(seconds, stage["duration"])
            if users < stage["users"]:
                reached = min(stage["users"], users + step)
            else:
                reached = max(stage["users"], users - step)
            if seconds < stage["duration"]:
                return int(reached), stage
            users = reached
            seconds -= stage["duration"]
        return None

    def tick(self):
        now = self.get_run_time()
        if self.stopped_at is None and os.path.exists(STOP_FILE):
            self.stopped_at = now
            self.users_at_stop = self.get_current_user_count()
        if self.stopped_at is not None:
            return self.ramp_down(now - self.stopped_at)
        plan = self.planned(now)
        return None if plan is None else (plan[1]["users"], plan[1]["rate"])

    def ramp_down(self, seconds):
        left = 1 - seconds / RAMP_DOWN_SECONDS if RAMP_DOWN_SECONDS > 0 else 0
        users = int(self.users_at_stop * left)
        return (users, max(1, self.users_at_stop)) if users > 0 else None


def planned_users(shape):
    if shape.stopped_at is not None:
        return 0
    plan = shape.planned(shape.get_run_time())
    return 0 if plan is None else plan[0]


def figure(value):
    return None if value is None else round(float(value), 3)


class Window:
    """The figures of the last seconds: workers report only every three."""

    def __init__(self, total):
        self.total = total
        self.snapshots = deque(maxlen=WINDOW_POINTS + 1)
        self.take()

    def take(self):
        total = self.total
        self.snapshots.append((time.monotonic(), total.num_requests, total.num_failures, dict(total.response_times)))

    def figures(self):
        began, requests_before, _, times_before = self.snapshots[0]
        now, requests, failures, times = self.snapshots[-1]
        count = requests - requests_before
        recent = diff_response_time_dicts(times, times_before)
        p95 = calculate_response_time_percentile(recent, count, 0.95) if count > 0 else None
        errors = failures - self.snapshots[-2][2]
        return {"rps": figure(count / (now - began)), "p95_ms": figure(p95), "errors": errors}


def write_points(environment):
    """One line a second."""
    began = time.monotonic()
    window = Window(environment.stats.total)
    with open(POINTS_FILE, "a", encoding="utf-8", buffering=1) as points:
        while True:
            gevent.sleep(POINT_SECONDS)
            window.take()
            point = {
                "t": round(time.monotonic() - began, 1),
                "users_planned": planned_users(environment.shape_class),
                "users": environment.runner.user_count,
                **window.figures(),
            }
            points.write(json.dumps(point) + "\n")


def entry_of(entry):
    requests = entry.num_requests
    return {
        "name": entry.name,
        "method": entry.method,
        "requests": requests,
        "failures": entry.num_failures,
        "p95_ms": figure(entry.get_response_time_percentile(0.95)) if requests else None,
        "rps": figure(entry.total_rps),
        "average_ms": figure(entry.avg_response_time),
    }


@events.test_start.add_listener
def on_start(environment, **_):
    if not isinstance(environment.runner, WorkerRunner):
        gevent.spawn(write_points, environment)


@events.quitting.add_listener
def on_quitting(environment, **_):
    if isinstance(environment.runner, WorkerRunner):
        return
    stats = environment.stats
    errors = [
        {"method": error.method, "name": error.name, "error": str(error.error), "count": error.occurrences}
        for error in stats.errors.values()
    ]
    entries = [entry_of(entry) for entry in stats.entries.values()]
    with open(TOTALS_FILE, "w", encoding="utf-8") as totals:
        json.dump({"total": entry_of(stats.total), "entries": entries, "errors": errors}, totals)
