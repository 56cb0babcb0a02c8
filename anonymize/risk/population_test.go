package risk

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/kanon"
)

func tree(t interface{ Fatal(...any) }, rows ...[]string) *hierarchy.Hierarchy {
	h, err := hierarchy.New(rows)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// nine is the public table of Nergiz, Atzori and Clifton (2007), table 1, of whom b, c, f,
// h and i are in the private one; the hierarchies are those of the test that ARX holds its
// δ-presence to with the same table.
func nine(t *testing.T) *Population {
	return &Population{
		Table: table(nil,
			kanon.NewColumn("zip",
				[]string{"47906", "47903", "47906", "47630", "47630", "47633", "48973", "48972", "48970"}),
			kanon.NewColumn("nationality", []string{"USA", "Canada", "USA", "Brazil", "Brazil", "Peru", "Spain",
				"Bulgaria", "France"})),
		Hierarchies: map[string]*hierarchy.Hierarchy{
			"zip": tree(t, []string{"47630", "4763*", "476*", "47*", "4*", "*"},
				[]string{"47633", "4763*", "476*", "47*", "4*", "*"},
				[]string{"47903", "4790*", "479*", "47*", "4*", "*"},
				[]string{"47906", "4790*", "479*", "47*", "4*", "*"},
				[]string{"48970", "4897*", "489*", "48*", "4*", "*"},
				[]string{"48972", "4897*", "489*", "48*", "4*", "*"},
				[]string{"48973", "4897*", "489*", "48*", "4*", "*"}),
			"nationality": tree(t, []string{"Canada", "N. America", "America", "*"},
				[]string{"USA", "N. America", "America", "*"}, []string{"Peru", "S. America", "America", "*"},
				[]string{"Brazil", "S. America", "America", "*"}, []string{"Bulgaria", "E. Europe", "Europe", "*"},
				[]string{"France", "W. Europe", "Europe", "*"}, []string{"Spain", "W. Europe", "Europe", "*"}),
		},
	}
}

// The paper's generalisation to continents is (1/2, 2/3)-present: three of the six of
// America are in the table, two of the three of Europe. Sweeney's k-map of it is 3.
func TestPublishedPresence(t *testing.T) {
	for _, c := range []struct {
		name             string
		zip, nationality []string
		kMap, elsewhere  int
		low, high        float64
		levels           string
	}{
		{"continents", []string{"47*", "47*", "47*", "48*", "48*"},
			[]string{"America", "America", "America", "Europe", "Europe"}, 3, 0, 1. / 2, 2. / 3,
			"map[nationality:2 zip:3]"},
		// 4790* of North America: Alice, Bob, Christine; 4763*: Dirk, Eunice, Frank; then
		// Bulgaria alone, and one of France and Spain.
		{"regions", []string{"4790*", "4790*", "4763*", "4897*", "4897*"},
			[]string{"N. America", "N. America", "S. America", "E. Europe", "W. Europe"}, 1, 0, 1. / 3, 1,
			"map[nationality:1 zip:1]"},
		// As it was, everybody of the table but Christine is alone in the population, and
		// Dirk, Eunice and Gail are known not to be in it.
		{"raw", []string{"47903", "47906", "47633", "48972", "48970"},
			[]string{"Canada", "USA", "Peru", "Bulgaria", "France"}, 1, 3, 0, 1, "map[nationality:0 zip:0]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := Measure(table(nil, kanon.NewColumn("zip", c.zip), kanon.NewColumn("nationality", c.nationality)),
				Options{QuasiIdentifiers: []string{"zip", "nationality"}, AtRiskBelow: 3, Population: nine(t)})
			if err != nil {
				t.Fatal(err)
			}
			p := r.Population
			if p.Persons != 9 || p.KMap != c.kMap || p.Elsewhere != c.elsewhere {
				t.Errorf("got %+v", p)
			}
			if !near(*p.DeltaMin, c.low) || !near(*p.DeltaMax, c.high) {
				t.Errorf("presence in [%v, %v], not [%v, %v]", *p.DeltaMin, *p.DeltaMax, c.low, c.high)
			}
			if got := fmt.Sprint(p.Levels); got != c.levels {
				t.Errorf("levels %s", got)
			}
			if !near(r.Journalist.Max, 1/float64(c.kMap)) {
				t.Errorf("journalist %+v", r.Journalist)
			}
		})
	}
}

// A person with rows in two classes counts once in each, and once as being elsewhere.
func TestPopulationCountsPersons(t *testing.T) {
	sample := table([]int64{1, 1, 2}, kanon.NewColumn("q", []string{"a", "a", "b"}))
	population := table([]int64{1, 1, 2, 3, 3, 4, 4}, kanon.NewColumn("q", []string{"a", "a", "b", "a", "c", "c", "d"}))
	r, err := Measure(sample,
		Options{QuasiIdentifiers: []string{"q"}, AtRiskBelow: 2, Population: &Population{Table: population}})
	if err != nil {
		t.Fatal(err)
	}
	p := r.Population
	if p.Persons != 4 || p.KMap != 1 || p.RowsBelow != 1 || p.PersonsBelow != 1 || p.Elsewhere != 1 {
		t.Errorf("got %+v", p)
	}
	if *p.DeltaMin != 0 || *p.DeltaMax != 1 {
		t.Errorf("presence in [%v, %v]", *p.DeltaMin, *p.DeltaMax)
	}
}

// What the population lacks is said, and what would follow from it is not guessed.
func TestPopulationLacks(t *testing.T) {
	sample := table(nil, kanon.NewColumn("q", []string{"a", "a", "b", "z"}))
	population := table(nil, kanon.NewColumn("q", []string{"a", "b", "b"}))
	r, err := Measure(sample,
		Options{QuasiIdentifiers: []string{"q"}, AtRiskBelow: 2, Population: &Population{Table: population}})
	if err != nil {
		t.Fatal(err)
	}
	p := r.Population
	if p.KMap != 0 || p.RowsUnmatched != 1 || p.PersonsUnmatched != 1 || p.Smaller != 2 || p.RowsBelow != 3 {
		t.Errorf("got %+v", p)
	}
	if p.DeltaMin != nil || p.DeltaMax != nil || r.Journalist != nil {
		t.Errorf("figures of a population that does not hold the table: %+v", p)
	}
	for _, name := range []string{"journalist", "delta_presence"} {
		if !strings.Contains(r.Absent[name], "2 classes are smaller there") {
			t.Errorf("%s: %q", name, r.Absent[name])
		}
	}
}

func TestPopulationRefuses(t *testing.T) {
	// A band is a value of its own too, as in the hierarchy of grades.
	grades := tree(t, []string{"5e", "6e-5e", "*"}, []string{"6e", "6e-5e", "*"}, []string{"6e-5e", "6e-5e", "*"})
	people := kanon.NewColumn("q", []string{"6e", "5e", "6e-5e"})
	for _, c := range []struct {
		name     string
		released []string
		column   kanon.Column
		levels   map[string]int
		fault    string
	}{
		{"no column", []string{"6e"}, kanon.NewColumn("other", []string{"6e"}), nil, `"q" is not a column`},
		{"not of the hierarchy", []string{"4e"}, people, nil, "none of its values"},
		{"one of two levels", []string{"6e-5e"}, people, nil, "level 0 or 1"},
		{"one of two levels, in a cell", []string{"6e-5e", "6e", "*"}, people, nil, "level 0 or 1"},
		{"no such level", []string{"6e-5e"}, people, map[string]int{"q": 3}, "levels 0 to 2"},
		{"no place", []string{"6e"}, kanon.NewColumn("q", []string{"6e", "secret"}), nil, "1 values"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Measure(table(nil, kanon.NewColumn("q", c.released)), Options{
				QuasiIdentifiers: []string{"q"}, AtRiskBelow: 2, Population: &Population{Table: table(nil, c.column),
					Hierarchies: map[string]*hierarchy.Hierarchy{"q": grades}, Levels: c.levels},
			})
			if err == nil || !strings.Contains(err.Error(), c.fault) {
				t.Fatalf("got %v, not %q", err, c.fault)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("a value is told: %v", err)
			}
			if !errors.Is(err, kanon.ErrPolicy) && !errors.Is(err, hierarchy.ErrNoPlace) {
				t.Errorf("no kind: %v", err)
			}
		})
	}
	r, err := Measure(table(nil, kanon.NewColumn("q", []string{"6e-5e"})), Options{
		QuasiIdentifiers: []string{"q"}, AtRiskBelow: 2, Population: &Population{Table: table(nil, people),
			Hierarchies: map[string]*hierarchy.Hierarchy{"q": grades}, Levels: map[string]int{"q": 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Population.KMap != 3 {
		t.Errorf("at the level that was said: %+v", r.Population)
	}
}

// Cells at their own levels: a row means whoever has its values beneath, in other classes too.
func TestPopulationOfCells(t *testing.T) {
	h := tree(t, []string{"a", "ab", "*"}, []string{"b", "ab", "*"}, []string{"c", "cd", "*"}, []string{"d", "cd", "*"})
	population := &Population{Hierarchies: map[string]*hierarchy.Hierarchy{"q": h, "r": h}, Table: table(nil,
		kanon.NewColumn("q", []string{"a", "a", "b", "b", "c", "d"}),
		kanon.NewColumn("r", []string{"a", "b", "a", "c", "c", "d"}))}
	// a × ab: 2; ab × *: 4; * × cd: 3.
	r, err := Measure(table(nil, kanon.NewColumn("q", []string{"a", "ab", "ab", "*"}),
		kanon.NewColumn("r", []string{"ab", "*", "*", "cd"})),
		Options{QuasiIdentifiers: []string{"q", "r"}, AtRiskBelow: 4, Population: population})
	if err != nil {
		t.Fatal(err)
	}
	p := r.Population
	if p.KMap != 2 || p.RowsBelow != 2 || p.PersonsBelow != 2 || p.Elsewhere != 0 || len(p.Levels) != 0 {
		t.Errorf("got %+v", p)
	}
	if p.DeltaMin != nil || !strings.Contains(r.Absent["delta_presence"], "one level each") {
		t.Errorf("classes that overlap have a share: %+v, %q", p, r.Absent["delta_presence"])
	}
	if !near(r.Journalist.Max, 0.5) {
		t.Errorf("journalist %+v", r.Journalist)
	}
}

// k-map and δ-presence by their definitions, person by person, on drawn populations.
func TestPopulationIsCounted(t *testing.T) {
	leaves := []string{"a", "b", "c", "d"}
	h := tree(t, []string{"a", "ab", "*"}, []string{"b", "ab", "*"}, []string{"c", "cd", "*"}, []string{"d", "cd", "*"})
	rapid.Check(t, func(t *rapid.T) {
		type member struct {
			q  [2]string
			in bool
		}
		people := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) member {
			return member{[2]string{rapid.SampledFrom(leaves).Draw(t, "q"), rapid.SampledFrom(leaves).Draw(t, "r")},
				rapid.Bool().Draw(t, "in")}
		}), 1, 25).Draw(t, "people")
		people[0].in = true
		levels := [2]int{rapid.IntRange(0, 2).Draw(t, "level"), rapid.IntRange(0, 2).Draw(t, "level of r")}
		at := func(m member) (out [2]string) {
			for i := range out {
				out[i], _ = h.Value(levels[i], m.q[i])
			}
			return out
		}
		var raw, released [2][]string
		for _, m := range people {
			for i := range raw {
				raw[i] = append(raw[i], m.q[i])
				if m.in {
					released[i] = append(released[i], at(m)[i])
				}
			}
		}
		r, err := Measure(table(nil, kanon.NewColumn("q", released[0]), kanon.NewColumn("r", released[1])), Options{
			QuasiIdentifiers: []string{"q", "r"}, AtRiskBelow: 3,
			Population: &Population{Table: table(nil, kanon.NewColumn("q", raw[0]), kanon.NewColumn("r", raw[1])),
				Hierarchies: map[string]*hierarchy.Hierarchy{"q": h, "r": h}},
		})
		if err != nil {
			t.Fatal(err)
		}
		kMap, below, elsewhere, low, high := len(people), 0, 0, 1.0, 0.0
		for _, m := range people {
			alike, in := 0, 0
			for _, other := range people {
				if at(other) == at(m) {
					alike++
					if other.in {
						in++
					}
				}
			}
			low, high = min(low, float64(in)/float64(alike)), max(high, float64(in)/float64(alike))
			if in == 0 {
				elsewhere++
			}
			if !m.in {
				continue
			}
			if kMap = min(kMap, alike); alike < 3 {
				below++
			}
		}
		p := r.Population
		if p.KMap != kMap || p.RowsBelow != below || p.PersonsBelow != below || p.Elsewhere != elsewhere {
			t.Fatalf("got %+v, not k-map %d, %d below, %d elsewhere", p, kMap, below, elsewhere)
		}
		if p.Smaller != 0 || !near(*p.DeltaMin, low) || !near(*p.DeltaMax, high) {
			t.Fatalf("got %v and %v, not [%v, %v]", *p.DeltaMin, *p.DeltaMax, low, high)
		}
	})
}

// The same row by row, where each cell has a level of its own.
func TestPopulationOfCellsIsCounted(t *testing.T) {
	leaves := []string{"a", "b", "c", "d"}
	h := tree(t, []string{"a", "ab", "*"}, []string{"b", "ab", "*"}, []string{"c", "cd", "*"}, []string{"d", "cd", "*"})
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "persons")
		var raw, released [2][]string
		var levels [][2]int
		for person := range n {
			var level [2]int
			for i := range raw {
				leaf := rapid.SampledFrom(leaves).Draw(t, "leaf")
				raw[i], level[i] = append(raw[i], leaf), rapid.IntRange(0, 2).Draw(t, "level")
				if text, _ := h.Value(level[i], leaf); person < (n+1)/2 {
					released[i] = append(released[i], text)
				}
			}
			levels = append(levels, level)
		}
		r, err := Measure(table(nil, kanon.NewColumn("q", released[0]), kanon.NewColumn("r", released[1])), Options{
			QuasiIdentifiers: []string{"q", "r"}, AtRiskBelow: 3,
			Population: &Population{Table: table(nil, kanon.NewColumn("q", raw[0]), kanon.NewColumn("r", raw[1])),
				Hierarchies: map[string]*hierarchy.Hierarchy{"q": h, "r": h}},
		})
		if err != nil {
			t.Fatal(err)
		}
		kMap, below, met := n, 0, map[int]bool{}
		for row := range released[0] {
			meant := 0
			for person := range n {
				q, _ := h.Value(levels[row][0], raw[0][person])
				s, _ := h.Value(levels[row][1], raw[1][person])
				if q == released[0][row] && s == released[1][row] {
					meant++
					met[person] = true
				}
			}
			if kMap = min(kMap, meant); meant < 3 {
				below++
			}
		}
		p := r.Population
		if p.KMap != kMap || p.RowsBelow != below || p.Elsewhere != n-len(met) || p.Smaller != 0 {
			t.Fatalf("got %+v, not k-map %d, %d below, %d elsewhere", p, kMap, below, n-len(met))
		}
	})
}
