package policy

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/kanon"
)

const valid = `person = "id"
k = 2
suppression_limit = 0.5
input = { delimiter = ";" }

[[quasi_identifier]]
name = "age"
hierarchy = { intervals = [5, 10] }
weight = 2
max_level = 2

[[quasi_identifier]]
name = "town"
unknown = "elsewhere"
hierarchy = { groups = [{ a = "north", b = "north", c = "south" }] }

[[sensitive]]
name = "marks"
t = 0.9
distance = "ordered"

[[sensitive]]
name = "result"
recursive = [2, 2]
`

func TestParseValid(t *testing.T) {
	p, err := Parse([]byte(valid))
	if err != nil {
		t.Fatal(err)
	}
	if p.K != 2 || p.Delimiter != ';' || p.Person != "id" || len(p.QuasiIdentifiers) != 2 || len(p.Sensitive) != 2 {
		t.Errorf("got %+v", p)
	}
	if p.Metric != kanon.Loss || p.Recoding != FullDomain || p.QuasiIdentifiers[1].MaxLevel != -1 {
		t.Errorf("defaults: got %+v", p)
	}
}

// Each case is the valid policy with one change and what the error must say.
func TestParseRefuses(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"k unset":            {"k = 2\n", "", "k must be set"},
		"known rows":         {"k = 2", "k = 2\nknown_rows = 4", "line 3: known_rows must be 1 to 3"},
		"known rows of cell": {"k = 2", "k = 2\nknown_rows = 2\nrecoding = \"cell\"", "need \"full-domain\" recoding"},
		"profile of rows":    {"person = \"id\"", "whole_profile = true", "person must name their column"},
		"k zero":             {"k = 2", "k = 0", "line 2: k must be at least 1"},
		"unknown key": {"weight = 2", "wieght = 2",
			`line 9: quasi_identifier 1 (age) has no key "wieght"; did you mean "weight"?`},
		"weight":                {"weight = 2", "weight = -1", "line 9"},
		"limit":                 {"suppression_limit = 0.5", "suppression_limit = 1.5", "line 3"},
		"metric":                {"k = 2", "k = 2\nmetric = \"lose\"", "line 3: metric"},
		"recoding":              {"k = 2", "k = 2\nrecoding = \"local\"", "line 3: recoding"},
		"type":                  {"k = 2", "k = \"two\"", "line 2"},
		"syntax":                {"k = 2", "k = ", "line 2"},
		"delimiter":             {`";"`, `";;"`, "line 4: input.delimiter"},
		"name twice":            {`name = "town"`, `name = "age"`, "line 13"},
		"name missing":          {`name = "town"` + "\n", "", "without a name"},
		"person is quasi":       {`name = "town"`, `name = "id"`, "line 13"},
		"no model":              {"t = 0.9\n", "", "line 17: sensitive \"marks\" must ask exactly one"},
		"two models":            {"t = 0.9", "t = 0.9\nbeta = 1.0", "exactly one"},
		"t range":               {"t = 0.9", "t = 1.9", "line 17"},
		"distance":              {`"ordered"`, `"sorted"`, "line 20: sensitive"},
		"recursive":             {"[2, 2]", "[2]", "line 24"},
		"hierarchy key":         {"intervals", "interval", "line 8"},
		"hierarchy two":         {"{ intervals = [5, 10] }", "{ intervals = [5], truncate = [2] }", "exactly one"},
		"rare without beta":     {"[2, 2]", "[2, 2]\nrare = \"x\"", "rare goes with"},
		"against nothing known": {"t = 0.9", "t = 0.9\nagainst = \"released\"", `against "released" is not "table"`},
		"against without t":     {"[2, 2]", "[2, 2]\nagainst = \"table\"", "against goes with t, beta or delta"},
		"known of none":         {"k = 2", "k = 2\nknown_to_school = [\"x\"]", "line 3: known_to_school"},
		"known twice":           {"k = 2", "k = 2\nknown_to_school = [\"marks\", \"marks\"]", "named twice"},
		"max_level of none":     {"k = 2", "k = 2\nmax_level = { x = 1 }", "no quasi-identifier"},
		"pin with cell":         {"k = 2", "k = 2\nrecoding = \"cell\"\ntransformation = { age = 1, town = 1 }", "pinned"},
		"time limit":            {"k = 2", "k = 2\nsearch = { time_limit = \"soon\" }", "duration"},
		"cells below floor": {"k = 2",
			"k = 2\ncells = { persons = 1, staff_persons = 11, cluster_persons = 20, cluster_schools = 3 }",
			"at least 5"},
		"population of no file": {valid, valid + "[population]\nk_map = 2\n", "population.file must be set"},
		"population of cell": {"k = 2", "k = 2\nrecoding = \"cell\"\npopulation = { file = \"p.csv\", k_map = 2 }",
			"population needs"},
		"population of nothing": {"k = 2", "k = 2\npopulation = { file = \"p.csv\" }", "nothing would be asked"},
		"k-map zero": {"k = 2", "k = 2\npopulation = { file = \"p.csv\", k_map = 0 }",
			"population.k_map must be at least 1"},
		"presence range": {"k = 2", "k = 2\npopulation = { file = \"p.csv\", delta_max = 1.5 }", "in ]0, 1]"},
		"presence and suppression": {"k = 2", "k = 2\npopulation = { file = \"p.csv\", delta_min = 0.1 }",
			"needs suppression_limit = 0"},
		"no quasi-identifer": {valid, "k = 2\n", "no [[quasi_identifier]]"},
	} {
		text := strings.Replace(valid, c.old, c.new, 1)
		_, err := Parse([]byte(text))
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if !errors.Is(err, ErrPolicy) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %q, want %q in it", name, err, c.want)
		}
	}
}

func TestParseGivesAllFaults(t *testing.T) {
	text := strings.NewReplacer("k = 2", "k = 0", "weight = 2", "wieght = 2", "t = 0.9", "t = 3.0").Replace(valid)
	_, err := Parse([]byte(text))
	if err == nil || strings.Count(err.Error(), "line") != 3 {
		t.Errorf("want three faults with lines, got %v", err)
	}
}

func sample() *kanon.Table {
	return &kanon.Table{
		Columns: []kanon.Column{
			kanon.NewColumn("age", []string{"11", "12", "18", "19", "19"}),
			kanon.NewColumn("town", []string{"a", "b", "secret-town", "c", "c"}),
			kanon.NewColumn("marks", []string{"10", "9", "8", "10", "9"}),
			kanon.NewColumn("result", []string{"p", "f", "p", "f", "p"}),
		},
		Units: []kanon.Unit{{Name: "id", IDs: []int64{1, 2, 3, 4, 4}}},
	}
}

func TestBind(t *testing.T) {
	p, err := Parse([]byte(valid))
	if err != nil {
		t.Fatal(err)
	}
	table, bound, err := p.Bind(sample(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := table.Column("town").Text(2); got != "elsewhere" {
		t.Errorf("unknown value: got %q", got)
	}
	if got := bound.Sensitive[0].Order; strings.Join(got, " ") != "8 9 10" {
		t.Errorf("order of numbers: got %q", got)
	}
	if _, err := kanon.Search(context.Background(), table, bound); err != nil {
		t.Error(err)
	}
}

func TestBindNamesColumnAndPersonsNeverAValue(t *testing.T) {
	p, err := Parse([]byte(strings.Replace(valid, "unknown = \"elsewhere\"\n", "", 1)))
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = p.Bind(sample(), nil)
	if !errors.Is(err, hierarchy.ErrNoPlace) {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{`"town"`, "1 values", "1 persons"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %q", want, err)
		}
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("the error quotes a value: %v", err)
	}
}

func TestEmbedded(t *testing.T) {
	p, err := Parse(ResearchText())
	if err != nil {
		t.Fatal(err)
	}
	if p.K != 11 || p.SuppressionLimit != 0.10 || p.Cells == nil || p.Cells.ClusterSchools != 3 {
		t.Errorf("research: got %+v", p)
	}
	fixed := 0
	for _, q := range p.QuasiIdentifiers {
		if q.MaxLevel == 0 {
			fixed++
		}
	}
	if len(p.QuasiIdentifiers) != 9 || fixed != 3 {
		t.Errorf("research: %d quasi-identifiers, %d fixed", len(p.QuasiIdentifiers), fixed)
	}
	c, err := ParseCells(SchoolsText())
	if err != nil {
		t.Fatal(err)
	}
	if c.SchoolPersons != 20 || c.StaffPersons != 11 || c.Persons != 11 {
		t.Errorf("schools: got %+v", c)
	}
}

// The noise is asked for: what is unset, and what no table meets, is refused.
func TestPerturbationIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"no table": {"[cells.perturbation]\nvariance = 9.0\nmaximum = 8\nleast = 5\nstep = 0.4\n", "",
			"variance must be set"},
		"no variance":        {"variance = 9.0\n", "", "variance must be set"},
		"no maximum":         {"maximum = 8\n", "", "maximum 0"},
		"no least":           {"least = 5\n", "", "least result 0"},
		"no step":            {"step = 0.4\n", "", "step 0"},
		"negative":           {"variance = 9.0", "variance = -1.0", "not positive"},
		"off, and something": {"variance = 9.0", "variance = 0.0", "has no maximum"},
		"too little noise":   {"variance = 9.0", "variance = 2.0", "no distribution"},
		"weaker":             {"variance = 9.0", "variance = 8.5", "weaker than 9"},
		"a smaller step":     {"step = 0.4", "step = 0.39", "weaker than 0.4"},
		"many releases":      {"releases = 4", "releases = 5", "above 4"},
	} {
		t.Run(name, func(t *testing.T) {
			text := string(SchoolsText())
			if !strings.Contains(text, c.old) {
				t.Fatalf("%q is not in the policy", c.old)
			}
			_, err := ParseCells([]byte(strings.Replace(text, c.old, c.new, 1)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	off := "maximum = 8\nleast = 5\nstep = 0.4\n"
	text := strings.Replace(strings.Replace(string(SchoolsText()), off, "", 1), "variance = 9.0", "variance = 0.0", 1)
	if c, err := ParseCells([]byte(text)); err != nil || !c.Perturbation.Parameters().Off() {
		t.Errorf("a variance of 0 was not accepted: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(valid))
	f.Add(research)
	f.Add(schools)
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse(data)
		if err != nil {
			return
		}
		if p.K < 1 || p.SuppressionLimit < 0 || p.SuppressionLimit > 1 || len(p.QuasiIdentifiers) == 0 {
			t.Fatalf("an unsound policy was accepted")
		}
		p.Bind(sample(), nil)
	})
}

// TestPopulationIsOfATable: the editions of a study, which have no population, refuse one.
func TestPopulationIsOfATable(t *testing.T) {
	p, err := Parse([]byte(valid + "[population]\nfile = \"all.csv\"\nk_map = 5\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.MatchWords(func(string) []string { return nil }); !errors.Is(err, ErrPolicy) {
		t.Errorf("a study takes it: %v", err)
	}
	if _, _, err := p.Bind(&kanon.Table{}, nil); !errors.Is(err, ErrPolicy) {
		t.Errorf("an edition takes it: %v", err)
	}
	cells := string(SchoolsText()) + "\n[population]\nfile = \"all.csv\"\nk_map = 5\n"
	if _, err := ParseCells([]byte(cells)); err == nil {
		t.Error("a policy of cells alone takes it")
	}
}
