package journal

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
)

// What a level lets through, and how each is written.
func TestLevels(t *testing.T) {
	for level, want := range map[string]string{
		"debug": "debug: a server=s1 counts.tried=2\nb\nwarning: c\nerror: d\n",
		"info":  "b\nwarning: c\nerror: d\n",
		"warn":  "warning: c\nerror: d\n",
		"error": "error: d\n",
	} {
		var out bytes.Buffer
		log, err := New(&out, "text", level)
		if err != nil {
			t.Fatal(err)
		}
		log.With("server", "s1").WithGroup("counts").Debug("a", "tried", 2)
		log.Info("b", "of", "no stage")
		log.Warn("c", "stage", "pull")
		log.Error("d", "exit", 3)
		if out.String() != want {
			t.Errorf("%s: %q, want %q", level, out.String(), want)
		}
	}
}

// A collector finds the same as fields.
func TestJSON(t *testing.T) {
	var out bytes.Buffer
	log, err := New(&out, "json", "info")
	if err != nil {
		t.Fatal(err)
	}
	log.Info("done", Stage, "ingest", Seconds, 1.5, slog.Group(Counts, "events", 11))
	var r struct {
		Time, Level, Msg, Stage string
		Seconds                 float64
		Counts                  map[string]int
	}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Stage != "ingest" || r.Seconds != 1.5 || r.Counts["events"] != 11 {
		t.Errorf("%+v", r)
	}
	if r.Time == "" || r.Level != "INFO" || r.Msg != "done" {
		t.Errorf("%+v", r)
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ format, level, want string }{
		{"xml", "info", "--log-format"}, {"", "info", "--log-format"},
		{"text", "verbose", "--log-level"}, {"json", "INFO+2", "--log-level"},
	} {
		if _, err := New(nil, c.format, c.level); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
