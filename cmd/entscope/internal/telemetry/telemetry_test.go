package telemetry_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/cmd/entscope/internal/pipeline"
	. "github.com/entscope/entscope/cmd/entscope/internal/telemetry"
)

// failed is a run of two stages whose second one failed.
func failed() *pipeline.Report {
	return &pipeline.Report{
		Study: `région "nord"`, Started: time.Date(2026, 11, 28, 2, 30, 0, 0, time.UTC), Seconds: 3,
		Warnings: []string{"w"},
		Stages: []pipeline.StageReport{
			{Stage: "ingest", Status: pipeline.Done, Seconds: 1, Counts: map[string]int64{"events": 12}},
			{Stage: "anonymize", Status: pipeline.Failed, Seconds: 2, Counts: map[string]int64{"persons": 801},
				Error: "memory_mb is too small"},
		},
	}
}

func write(t *testing.T, exit int) (metrics string, events []map[string]any) {
	t.Helper()
	dir := t.TempDir()
	f := Files{Metrics: filepath.Join(dir, "m.prom"), Lineage: filepath.Join(dir, "l.ndjson")}
	for range 2 { // the second run replaces the files of the first
		if err := f.Write(failed(), exit); err != nil {
			t.Fatal(err)
		}
	}
	m, err := os.ReadFile(f.Metrics)
	if err != nil {
		t.Fatal(err)
	}
	l, err := os.ReadFile(f.Lineage)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(l) {
		var e map[string]any
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	return string(m), events
}

func TestMetrics(t *testing.T) {
	got, _ := write(t, 75)
	for _, want := range []string{
		`entscope_run_exit_code{study="région \"nord\""} 75`,
		`entscope_run_end_timestamp_seconds{study="région \"nord\""} 1.795833003e+09`,
		`entscope_run_warnings{study="région \"nord\""} 1`,
		`entscope_stage_counted{of="events",stage="ingest",study="région \"nord\""} 12`,
		`entscope_stage_failed{stage="anonymize",study="région \"nord\""} 1`,
		`entscope_stage_failed{stage="ingest",study="région \"nord\""} 0`,
		`entscope_stage_seconds{stage="anonymize",study="région \"nord\""} 2`,
	} {
		if !strings.Contains(got, want+"\n") {
			t.Errorf("no line %s in\n%s", want, got)
		}
	}
	if strings.Contains(got, "801") {
		t.Errorf("the exact number of persons is watched:\n%s", got)
	}
}

func TestLineage(t *testing.T) {
	_, events := write(t, 75)
	var states []string
	for _, e := range events {
		states = append(states, e["job"].(map[string]any)["name"].(string)+" "+e["eventType"].(string))
	}
	const study = `région "nord"`
	want := []string{study + " START", study + ".ingest START", study + ".ingest COMPLETE",
		study + ".anonymize START", study + ".anonymize FAIL", study + " FAIL"}
	if strings.Join(states, "|") != strings.Join(want, "|") {
		t.Fatalf("events are\n%q, not\n%q", states, want)
	}
	facets := events[4]["run"].(map[string]any)["facets"].(map[string]any)
	if message := facets["errorMessage"].(map[string]any)["message"]; message != "memory_mb is too small" {
		t.Errorf("the failure says %q", message)
	}
	whole := events[0]["run"].(map[string]any)["runId"]
	if parent := facets["parent"].(map[string]any)["run"].(map[string]any)["runId"]; parent != whole {
		t.Errorf("the stage's parent is %v, the run %v", parent, whole)
	}
}

func TestAFileOfAnotherStaysAsItIs(t *testing.T) {
	for _, name := range []string{"a log", "a folder", "one that is shorter than the mark", "an empty file"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "there")
			content := map[string]string{
				"a log": "10.0.0.1 - jean [28/Nov/2026] GET /", "one that is shorter than the mark": "#",
			}
			var err error
			if name == "a folder" {
				err = os.Mkdir(path, 0o700)
			} else {
				err = os.WriteFile(path, []byte(content[name]), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range []Files{{Metrics: path}, {Lineage: path}} {
				if err := f.Check(); !errors.Is(err, ErrForeign) {
					t.Errorf("Check of %+v: %v", f, err)
				}
				if err := f.Write(failed(), 0); !errors.Is(err, ErrForeign) {
					t.Errorf("Write of %+v: %v", f, err)
				}
			}
			if name == "a folder" {
				return
			}
			if there, err := os.ReadFile(path); err != nil || string(there) != content[name] {
				t.Errorf("the file is now %q, %v", there, err)
			}
		})
	}
}
