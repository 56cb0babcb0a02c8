package combine

import (
	"cmp"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/entscope/entscope/analysis/publication"
	"github.com/entscope/entscope/anonymize/durable/durabletest"
	"github.com/entscope/entscope/anonymize/edition"
)

// unsynced is a disk that waits for nothing.
var unsynced = durabletest.Unsynced()

// cells are the tables of a research edition but the person table.
type cells struct {
	sums     []edition.SumRow
	times    []edition.TimeRow
	weeks    []edition.WeekRow
	coverage []edition.CoverageRow
}

// manifest is that of the n-th of some editions that may be combined.
func manifest(n int) *edition.Manifest {
	return &edition.Manifest{
		Kind: edition.KindResearch, Study: fmt.Sprintf("region-%d", n), Term: "2025-T1", Start: "2025-09-08",
		End: "2025-12-14", Subject: "parent", Synthetic: true, Software: "entscope 0.1.0",
		InputHash: fmt.Sprintf("input-%d", n), KeyID: fmt.Sprintf("key-%d", n),
		Population:   edition.Population{Persons: 100, Children: 90, Families: 80, Schools: 4},
		Anonymity:    &edition.Anonymity{K: 11, SuppressionLimit: 0.1},
		Thresholds:   edition.Thresholds{CellPersons: 20, StaffPersons: 11, ClusterOf: 3, Unnamed: 3},
		Perturbation: edition.Perturbation{Table: "0aec647265f3a64e", Variance: 9, Maximum: 8, Least: 5, Step: 0.4},
	}
}

// write makes an edition of the cells and opens it; sign is nil for none.
func write(dir string, m *edition.Manifest, c cells, sign edition.Sign, keys ...ed25519.PublicKey) (*Part, error) {
	slices.SortFunc(c.sums, func(a, b edition.SumRow) int {
		return cmp.Or(sumOrder(a, b), cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Population, b.Population))
	})
	slices.SortFunc(c.times, func(a, b edition.TimeRow) int { return cmp.Or(timeOrder(a, b), cmp.Compare(a.Bin, b.Bin)) })
	slices.SortFunc(c.weeks, func(a, b edition.WeekRow) int {
		return cmp.Or(weekOrder(a, b), cmp.Compare(a.WeekDay, b.WeekDay))
	})
	slices.SortFunc(c.coverage, coverageOrder)
	w, err := edition.NewWriterOn(unsynced, dir)
	if err != nil {
		return nil, err
	}
	w.SignWith(sign)
	if err := errors.Join(
		edition.WriteTable(w, edition.TableSums, c.sums, m.Metadata(edition.TableSums)),
		edition.WriteTable(w, edition.TableTimes, c.times, m.Metadata(edition.TableTimes)),
		edition.WriteTable(w, edition.TableWeeks, c.weeks, m.Metadata(edition.TableWeeks)),
		edition.WriteTable(w, edition.TableCoverage, c.coverage, m.Metadata(edition.TableCoverage)),
		edition.WriteTable(w, edition.TableParents, []edition.ParentRow{{Level: "college"}}, nil),
		w.Describe(m), w.Commit(m),
	); err != nil {
		return nil, err
	}
	return Read(dir, keys)
}

func some(group string, cluster int32) cells {
	return cells{
		sums: []edition.SumRow{
			{Grouping: "all", Cluster: cluster, Schools: 2, Measure: "L2.never", Population: "all_accounts", Persons: 50,
				Families: 48, Numerator: 9, Denom: 50},
			{Grouping: "territory", Group: group, Cluster: cluster, Schools: 2, Measure: "L2.never",
				Population: "all_accounts", Persons: 50, Families: 48, Numerator: 9, Denom: 50},
		},
		times: []edition.TimeRow{{Curve: "D3.first_login", Grouping: "all", Cluster: cluster, Persons: 50, AtRisk: 50}},
		weeks: []edition.WeekRow{{Level: "college", Cluster: cluster, WeekDay: 20000, Profile: 3, Service: -1, Visits: 9,
			Persons: 30}},
		coverage: []edition.CoverageRow{{Feed: "neo", Level: "college", WeekDay: 20000, Expected: 3, Reporting: 2}},
	}
}

// alone are the parts of some editions, of which nothing but the manifest is looked at.
func alone(n int) *Part {
	return &Part{Dir: fmt.Sprint("dir-", n), Manifest: manifest(n), Hash: fmt.Sprint("hash-", n), Places: []string{"Nancy"}}
}

// What is no combination is refused: an edition beside another that differs from one that may be
// combined in one respect.
func TestCheckRefuses(t *testing.T) {
	public := ed25519.PublicKey("of one controller")
	for name, c := range map[string]struct {
		change func(m *edition.Manifest)
		signed bool
		want   error
	}{
		"nothing":         {func(*edition.Manifest) {}, false, nil},
		"one study key":   {func(m *edition.Manifest) { m.KeyID = "key-1" }, false, ErrOverlap},
		"one signature":   {func(*edition.Manifest) {}, true, ErrOverlap},
		"the same logs":   {func(m *edition.Manifest) { m.InputHash = "input-1" }, false, ErrOverlap},
		"a combination":   {func(m *edition.Manifest) { m.Combined = []edition.Part{{Name: "a"}} }, false, ErrOverlap},
		"software":        {func(m *edition.Manifest) { m.Software = "entscope 0.2.0" }, false, ErrUnlike},
		"term":            {func(m *edition.Manifest) { m.Term = "2025-T2" }, false, ErrUnlike},
		"window":          {func(m *edition.Manifest) { m.End = "2025-12-13" }, false, ErrUnlike},
		"subject":         {func(m *edition.Manifest) { m.Subject = "pupil" }, false, ErrUnlike},
		"real":            {func(m *edition.Manifest) { m.Synthetic = false }, false, ErrUnlike},
		"floor":           {func(m *edition.Manifest) { m.Thresholds.CellPersons = 21 }, false, ErrUnlike},
		"noise":           {func(m *edition.Manifest) { m.Perturbation.Variance = 4 }, false, ErrUnlike},
		"k":               {func(m *edition.Manifest) { m.Anonymity.K = 12 }, false, ErrUnlike},
		"no person table": {func(m *edition.Manifest) { m.Anonymity = nil }, false, ErrUnlike},
		"deadline": {func(m *edition.Manifest) { m.Declared = []edition.Declared{{Kind: "deadline", Name: "x"}} }, false,
			ErrUnlike},
		"plan": {func(m *edition.Manifest) { m.Plan = &edition.Plan{SHA256: "x"} }, false, ErrUnlike},
	} {
		t.Run(name, func(t *testing.T) {
			parts := []*Part{alone(1), alone(2), alone(3)}
			c.change(parts[1].Manifest)
			if c.signed {
				parts[0].Signer, parts[1].Signer = public, public
			}
			if err := Check(parts); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

// One edition is no combination, nor is one edition twice.
func TestCheckRefusesOneEdition(t *testing.T) {
	if err := Check([]*Part{alone(1), alone(1)}); !errors.Is(err, ErrOverlap) {
		t.Errorf("twice: %v", err)
	}
	if err := Check([]*Part{alone(1)}); !errors.Is(err, ErrOverlap) {
		t.Errorf("alone: %v", err)
	}
}

// An edition is opened when its files are those of its manifest; the key that signed it is found.
func TestRead(t *testing.T) {
	public, secret, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(manifest []byte) []byte { return ed25519.Sign(secret, manifest) }
	dir := filepath.Join(t.TempDir(), "e")
	p, err := write(dir, manifest(1), some("Nancy", 1), sign, other, public)
	if err != nil || !p.Signer.Equal(public) || !slices.Equal(p.Places, []string{"Nancy"}) {
		t.Fatalf("%+v, %v", p, err)
	}
	if p, err = Read(dir, []ed25519.PublicKey{other}); err != nil || p.Signer != nil {
		t.Errorf("by another key: %+v, %v", p, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "weeks.parquet"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir, nil); !errors.Is(err, edition.ErrHash) {
		t.Errorf("an altered table: %v", err)
	}
}

// Schools editions tell schools that are in two studies; without them it is said that nobody looked.
func TestSchoolsInCommon(t *testing.T) {
	var parts, schools []*Part
	for n := 1; n <= 2; n++ {
		s := &Part{Manifest: manifest(n), Schools: []string{fmt.Sprintf("054000%d", n)}}
		s.Manifest.Kind = edition.KindSchools
		parts, schools = append(parts, alone(n)), append(schools, s)
	}
	if err := Check(parts); err != nil {
		t.Error(err)
	}
	if _, doubts := Doubts(parts); len(doubts) != 3 {
		t.Errorf("doubts %q: want signatures, schools, and one académie", doubts)
	}
	if err := Beside(parts, schools); err != nil {
		t.Fatal(err)
	}
	if err := Check(parts); err != nil {
		t.Error(err)
	}
	if _, doubts := Doubts(parts); len(doubts) != 1 {
		t.Errorf("doubts %q: want signatures alone", doubts)
	}
	parts[1].Schools = append(parts[1].Schools, parts[0].Schools...)
	if err := Check(parts); !errors.Is(err, ErrOverlap) {
		t.Errorf("a school in common: %v", err)
	}
	schools[0].Manifest.InputHash = "other"
	if err := Beside(parts, schools); !errors.Is(err, ErrUnlike) {
		t.Errorf("schools of another run: %v", err)
	}
}

// What is asked of a combination is what all parts published.
func TestQuestions(t *testing.T) {
	left := func(ids ...string) *Part {
		return &Part{Left: &publication.Left{Options: publication.Options{Indicators: ids}}}
	}
	for name, c := range map[string]struct {
		parts []*Part
		want  []string
		err   error
	}{
		"nothing given": {[]*Part{{}, {}}, nil, nil},
		"all":           {[]*Part{left(), left()}, nil, nil},
		"one list":      {[]*Part{left(), left("L2", "N5")}, []string{"L2", "N5"}, nil},
		"of both":       {[]*Part{left("L1", "L2"), left("L2", "N5"), left()}, []string{"L2"}, nil},
		"none of both":  {[]*Part{left("L1"), left("L2"), left("L1", "L2")}, nil, ErrUnlike},
	} {
		ids, err := questions(c.parts)
		if !errors.Is(err, c.err) || err == nil && !slices.Equal(ids, c.want) {
			t.Errorf("%s: %q, %v", name, ids, err)
		}
	}
}
