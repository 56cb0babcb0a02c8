package publication

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/entscope/entscope/anonymize/durable"
)

var lastTerm = Period{Study: "demo", Term: "2024-T1", Start: "2024-09-02", End: "2024-12-22", Subject: "parent"}

// earlierIn is a publication of a period in a folder.
func earlierIn(t *testing.T, p Period) string {
	t.Helper()
	dir := t.TempDir()
	err := errors.Join(os.Mkdir(filepath.Join(dir, "schools"), 0o755),
		os.WriteFile(filepath.Join(dir, ResultsFile), []byte(`{"results": [{"indicator": "L1"}], "comparisons": []}`),
			0o644),
		os.WriteFile(filepath.Join(dir, "schools", "X1.json"), []byte(`{"uai": "X1", "results": []}`), 0o644))
	if err != nil {
		t.Fatal(err)
	}
	s := &stamp{Software: "entscope 0.1.0", Period: p, Indicators: []string{}}
	if err := s.write(durable.Disk{}, dir, nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestReadEarlier(t *testing.T) {
	dir := earlierIn(t, lastTerm)
	e, err := ReadEarlier(dir)
	if err != nil {
		t.Fatal(err)
	}
	if e.Period != lastTerm || len(e.values.Results) != 1 {
		t.Errorf("read %+v", e)
	}
	if _, ok := e.values.Schools["X1"]; !ok {
		t.Error("the page of a school is not read")
	}
	for name, change := range map[string]func(dir string) error{
		"a figure changed": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, ResultsFile), []byte(`{"results": []}`), 0o644)
		},
		"a file more": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "more.json"), nil, 0o644)
		},
		"a file less": func(dir string) error { return os.Remove(filepath.Join(dir, "schools", "X1.json")) },
		"no manifest": func(dir string) error { return os.Remove(filepath.Join(dir, manifestFile)) },
	} {
		dir := earlierIn(t, lastTerm)
		if err := change(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadEarlier(dir); !errors.Is(err, ErrEarlier) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadEarlier(earlierIn(t, Period{})); !errors.Is(err, ErrEarlier) {
		t.Errorf("without a period: %v", err)
	}
}

// What a publication says of itself must be what is given, in whatever order.
func TestRemember(t *testing.T) {
	first := lastTerm
	first.Term, first.Start, first.End = "2023-T1", "2023-09-04", "2023-12-22"
	one, two := earlierIn(t, first), earlierIn(t, lastTerm)
	var made Options
	if err := made.Remember([]string{two, one}); err != nil {
		t.Fatal(err)
	}
	if len(made.Earlier) != 2 || made.Earlier[0].Period != first {
		t.Fatalf("not in the order of time: %+v", made.Earlier)
	}
	for name, c := range map[string]struct {
		dirs []string
		ok   bool
	}{
		"the same":  {[]string{one, two}, true},
		"one less":  {[]string{two}, false},
		"none":      {nil, false},
		"one twice": {[]string{two, two}, false},
		"another's": {[]string{one, earlierIn(t, Period{Study: "x", Term: "y", Start: "2024-09-01",
			End: "2024-12-01"})}, false},
		"none of them": {[]string{t.TempDir()}, false},
	} {
		said := Options{Earlier: []Earlier{{Hash: made.Earlier[0].Hash}, {Hash: made.Earlier[1].Hash}}}
		err := said.Remember(c.dirs)
		if c.ok && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !c.ok && !errors.Is(err, ErrEarlier) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPastIsOfTheSameStudy(t *testing.T) {
	now := Period{Study: "demo", Term: "2025-T1", Start: "2025-09-01", End: "2025-12-21", Subject: "parent"}
	for name, c := range map[string]struct {
		change func(p *Period)
		ok     bool
	}{
		"earlier":       {func(*Period) {}, true},
		"another study": {func(p *Period) { p.Study = "other" }, false},
		"pupils":        {func(p *Period) { p.Subject = "pupil" }, false},
		"synthetic":     {func(p *Period) { p.Synthetic = true }, false},
		"later":         {func(p *Period) { p.Start, p.End = "2026-01-05", "2026-03-01" }, false},
		"overlapping":   {func(p *Period) { p.End = "2025-09-01" }, false},
	} {
		p := lastTerm
		c.change(&p)
		o := Options{Earlier: []Earlier{{Period: p}}}
		_, err := o.past(now)
		if c.ok && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !c.ok && !errors.Is(err, ErrEarlier) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
