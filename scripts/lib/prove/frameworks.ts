import type { ServicePackage } from '../../../test/test-server/service-package.ts'

/** A framework as a service's tests use it, and what must come of it. */
export interface Framework {
  name: string
  tests: object
  files: ServicePackage['files']
  /** Figures of the run. */
  expected: { total: number; failed: number }
  /** What the mail must name. */
  named: string[]
}

const PYTEST = `
import json, os, urllib.request
import pytest

URL = os.environ["SERVICE_URL"]

def get(path):
    return urllib.request.urlopen(URL + path).read().decode()

def test_version():
    assert get("/version") == "1.0"

@pytest.mark.parametrize("path", ["/health", "/other"])
def test_answers(path):
    assert get(path) == "ok"

def test_flaky():
    assert os.environ["TEST_ATTEMPT"] != "1"

def test_parameters():
    assert json.load(open(os.environ["PARAMETERS_FILE"]))["region"] == "north"

def test_wrong():
    assert get("/version") == "2.0", "the wrong version"

@pytest.mark.skip(reason="needs the network")
def test_skipped():
    pass
`

export function pytest(program: string): Framework {
  const command = `"${program}" --alluredir "$ALLURE_RESULTS_DIR" tests`
  return {
    name: 'pytest',
    tests: { command, retry_command: `${command} --last-failed`, retries: 1, time_limit: '5m' },
    files: { 'tests/test_service.py': PYTEST },
    expected: { total: 7, failed: 1 },
    named: ['test_wrong'],
  }
}

const GO_TEST = `package service

import (
	"io"
	"net/http"
	"os"
	"testing"
)

func get(t *testing.T, path string) string {
	response, err := http.Get(os.Getenv("SERVICE_URL") + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return string(body)
}

func TestVersion(t *testing.T) {
	if version := get(t, "/version"); version != "1.0" {
		t.Errorf("version %s", version)
	}
}

func TestAnswers(t *testing.T) {
	for _, path := range []string{"/health", "/other"} {
		t.Run(path, func(t *testing.T) {
			if body := get(t, path); body != "ok" {
				t.Error(body)
			}
		})
	}
}

func TestWrong(t *testing.T) {
	t.Error("the wrong version")
}
`

export function goTest(gotestsum: string): Framework {
  return {
    name: 'go',
    tests: {
      command: `"${gotestsum}" --format standard-verbose --junitfile "$JUNIT_DIR/go.xml" -- ./...`,
      ...{ directory: 'tests', time_limit: '5m' },
    },
    files: { 'tests/go.mod': 'module service\n\ngo 1.21\n', 'tests/service_test.go': GO_TEST },
    expected: { total: 5, failed: 1 },
    named: ['TestWrong'],
  }
}

const LOCUSTFILE = `
from locust import HttpUser, constant, task

class Reader(HttpUser):
    wait_time = constant(0.2)

    @task
    def version(self):
        self.client.get("/version")
`

export function load(locust: string, workers: number): Framework {
  return {
    name: workers > 0 ? 'load-distributed' : 'load',
    tests: {
      ...{ kind: 'load', locust, locustfile: 'load/locustfile.py', workers },
      stages: [
        { duration: '6s', users: 10, rate: 5 },
        { duration: '4s', users: 3, rate: 5 },
      ],
      thresholds: { p95_ms: 0.001, rps: 1 },
      ramp_down: '2s',
    },
    files: { 'load/locustfile.py': LOCUSTFILE },
    expected: { total: 4, failed: 1 },
    named: ['p95_ms ≤ 0.001'],
  }
}
