package plan

import (
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
)

var none = strings.Repeat("0", 64)

func sample() Asked {
	return Asked{Study: Study{
		Name: "demo", Term: "2025-T1", Start: "2025-09-08", End: "2025-12-14", Subject: "parent",
		Software: "entscope 0.1.0", Configuration: none, Written: "2025-09-01",
	}, Rules: Rules{none, none, none}}
}

func written(t *testing.T, a Asked) (*Plan, string) {
	t.Helper()
	p, err := New(a)
	if err != nil {
		t.Fatal(err)
	}
	text, err := p.Text()
	if err != nil {
		t.Fatal(err)
	}
	return p, string(text)
}

func TestReadTakesWhatWasWritten(t *testing.T) {
	_, text := written(t, sample())
	p, err := Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := p.Text(); string(again) != text {
		t.Error("read and written again, it is another")
	}
	if len(p.Questions) != len(question.All()) {
		t.Errorf("%d questions of %d", len(p.Questions), len(question.All()))
	}
	if !slices.ContainsFunc(p.Families, func(f Family) bool { return f.Figure == "A2-effet" && f.Primary }) {
		t.Error("A2-effet is not primary")
	}
}

// What entscope plan would not write is refused: the text is published.
func TestReadRefuses(t *testing.T) {
	_, text := written(t, sample())
	for name, change := range map[string][2]string{
		"a comment":       {"[study]", "# Jean Dupont\n[study]"},
		"a key":           {"[study]", "[study]\nauthor = 'x'"},
		"markup":          {"entscope 0.1.0", "<script>"},
		"a control":       {"entscope 0.1.0", "\u202e"},
		"a name":          {"name = 'demo'", "name = '../demo'"},
		"a hash":          {none, none[1:] + "g"},
		"a day":           {"2025-09-01", "2025-13-01"},
		"another heading": {"# Analysis", "# analysis"},
	} {
		changed := strings.Replace(text, change[0], change[1], 1)
		if changed == text {
			t.Fatalf("%s: nothing changed", name)
		}
		if _, err := Read([]byte(changed)); err == nil {
			t.Errorf("%s is read", name)
		} else if strings.Contains(err.Error(), change[1]) {
			t.Errorf("%s: the error repeats it: %v", name, err)
		}
	}
}

func TestPrimaryIsChosen(t *testing.T) {
	a := sample()
	a.Questions, a.Primary = []string{"L2", "N3"}, []string{"N3-vide"}
	p, _ := written(t, a)
	for _, f := range p.Families {
		if f.Primary != (f.Figure == "N3-vide") {
			t.Errorf("%s: primary %v", f.Name, f.Primary)
		}
	}
	if len(p.Exclusions) != len(question.All())-2 {
		t.Errorf("%d questions left out", len(p.Exclusions))
	}
	a.Primary = []string{"N3-vid"}
	if _, err := New(a); err == nil || !strings.Contains(err.Error(), `did you mean "N3-vide"`) {
		t.Errorf("an unknown figure: %v", err)
	}
}

func TestStand(t *testing.T) {
	p, text := written(t, sample())
	hash := Hash([]byte(text))
	of := func(change func(m *edition.Manifest)) *edition.Manifest {
		m := &edition.Manifest{Start: "2025-09-08", End: "2025-12-14", Subject: "parent", ConfigHash: none,
			Plan: &edition.Plan{SHA256: hash}}
		change(m)
		return m
	}
	for name, test := range map[string]struct {
		change        func(m *edition.Manifest)
		order         Order
		window, rules bool
	}{
		"before": {func(*edition.Manifest) {}, Before, true, true},
		"an edition before it": {func(m *edition.Manifest) {
			m.Plan.Earlier = []string{"research-2025-T1"}
		}, After, true, true},
		"another plan":   {func(m *edition.Manifest) { m.Plan.SHA256 = none }, After, true, true},
		"no plan":        {func(m *edition.Manifest) { m.Plan = nil }, After, true, true},
		"another window": {func(m *edition.Manifest) { m.End = "2025-12-21" }, Before, false, true},
		"other rules":    {func(m *edition.Manifest) { m.ConfigHash = "1" }, Before, true, false},
	} {
		s, err := Stand(p, of(test.change))
		if err != nil {
			t.Fatal(err)
		}
		if s.Order != test.order {
			t.Errorf("%s: %s", name, s.Order)
		}
		if s.Window != test.window {
			t.Errorf("%s: window %v", name, s.Window)
		}
		if s.Configuration != test.rules {
			t.Errorf("%s: configuration %v", name, s.Configuration)
		}
	}
	a := sample()
	a.Study.Editions = []string{"research-2025-T1"} // it was there when the plan was written
	late, text := written(t, a)
	m := of(func(m *edition.Manifest) { m.Plan.SHA256 = Hash([]byte(text)) })
	if s, _ := Stand(late, m); s.Order != After {
		t.Errorf("an edition that was there: %s", s.Order)
	}
}

func TestPlanned(t *testing.T) {
	a := sample()
	a.Questions = []string{"L2", "N3"}
	p, _ := written(t, a)
	p.Questions[1].Definition = none
	s, err := Stand(p, &edition.Manifest{})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string][2]bool{"L2": {true, true}, "N3": {true, false}, "A2": {false, false}} {
		if planned, same := s.Planned(id); planned != want[0] || same != want[1] {
			t.Errorf("%s: planned %v, same %v", id, planned, same)
		}
	}
}

func FuzzRead(f *testing.F) {
	p, err := New(sample())
	if err != nil {
		f.Fatal(err)
	}
	text, _ := p.Text()
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := Read(text)
		if err != nil {
			return
		}
		if again, _ := p.Text(); string(again) != string(text) {
			t.Error("what was read is not what would be written")
		}
	})
}
