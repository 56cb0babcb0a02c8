package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
)

func config(t *testing.T) engine.Config {
	t.Helper()
	return engine.Config{MemoryMB: 128, Threads: 1, TempDir: t.TempDir()}
}

// anyDigest and anyKey have the forms of a SHA-256 and of the check value of a key.
var anyDigest, anyKey = digest(nil), digest(nil)[:16]

// visitBands is the order of the visits column.
var visitBands = bands["visits"]

// fixture is a research edition of three profiles of 12, 11 and 24 persons.
type fixture struct {
	parents  []edition.ParentRow
	sums     []edition.SumRow
	times    []edition.TimeRow
	weeks    []edition.WeekRow
	coverage []edition.CoverageRow
	manifest edition.Manifest
}

func research() *fixture {
	f := &fixture{}
	for c, n := range []int{12, 11, 24} {
		for i := range n {
			f.parents = append(f.parents, edition.ParentRow{
				Level: []string{"college", "college", "lycee"}[c], GradeBand: "*", Sector: "public", EP: "HEP",
				IPSBand: []string{"1", "2", "3"}[c],
				Cluster: []string{"A", "B", "C"}[c], Children: "*", Devices: "*", Activation: "*",
				Visits: visitBands[i%6], GradeVisits: bands["grade_visits"][1+i%4], Evening: bands["evening"][i%3],
				Accompanied: []string{"no", "no", "no", "no", "no", "yes"}[i%6],
			})
		}
	}
	slices.SortFunc(f.parents, func(a, b edition.ParentRow) int {
		return slices.Compare(parentFields(a), parentFields(b))
	})
	for _, level := range []string{"college", "lycee"} {
		for cluster := range int32(2) {
			x, n := int64(9), int64(25)
			f.sums = append(f.sums, edition.SumRow{Grouping: "level", Group: level, Cluster: cluster, Schools: 2,
				Measure: "L2.never", Population: "all_accounts",
				Persons: n, Families: 20, Numerator: x, Denom: n, SumXX: x, SumXY: x, SumYY: n, H00: n - x, H01: x})
			f.times = append(f.times, edition.TimeRow{Curve: "D3.first_login", Grouping: "level", Group: level,
				Cluster: cluster, Schools: 1, Persons: n, AtRisk: n, Events: 12, Censored: n - 12})
			f.weeks = append(f.weeks, edition.WeekRow{Level: level, Cluster: cluster, Schools: 1, WeekDay: 20339,
				Profile: 3, Service: -1, Visits: 50, Persons: 22})
		}
		f.coverage = append(f.coverage, edition.CoverageRow{Feed: "neo", Level: level, WeekDay: 20339, Expected: 3,
			Reporting: 3})
	}
	f.manifest = edition.Manifest{Kind: "research", Study: "demo", Term: "2025-T1", Start: "2025-09-08",
		End: "2025-12-14", Subject: "parent", Synthetic: true,
		Software: "entscope test", InputHash: anyDigest, ConfigHash: anyDigest, KeyID: anyKey,
		Population: edition.Population{Persons: 50,
			Children: 50, Families: 40, Schools: 9},
		Anonymity: &edition.Anonymity{Exchanged: true, K: 11, AchievedK: 11, QuasiIdentifiers: quasi,
			Transformation: map[string]int{"children": 2}, SuppressionLimit: 0.1,
			SuppressedPersons: 3, SuppressedRows: 3, Classes: 3, Metric: "loss", UnitsK: map[string]int64{"account": 11,
				"child": 11, "family": 11}},
		Thresholds: edition.Thresholds{CellPersons: 20, StaffPersons: 11, SchoolPersons: 20, ClusterOf: 3, Unnamed: 3},
		Recounted:  []string{"events", "people"},
		Joins:      joins(), JoinFloor: 50}
	f.claims()
	return f
}

// joins are those of one feed.
func joins() []edition.Join {
	return []edition.Join{
		{Input: edition.InputFeed, Feed: "neo", Percent: 95}, {Input: edition.InputFeed, Feed: "neo", Profile: "parent",
			Percent: 90},
		{Input: edition.InputLinks, Percent: 100}, {Input: edition.InputRegisters, Percent: edition.JoinUnknown},
	}
}

func parentFields(p edition.ParentRow) []string {
	return []string{p.Level, p.GradeBand, p.Sector, p.EP, p.IPSBand, p.Cluster, p.Children, p.Devices, p.Activation,
		p.Visits, p.GradeVisits, p.Evening, p.Accompanied}
}

// claims promises what the rows hold, computed from the rows of the fixture.
func (f *fixture) claims() {
	claims := []edition.SensitiveClaim{
		{Name: "visits", Model: "t_ordered", Bound: 0.3, Order: visitBands},
		{Name: "evening", Model: "t_equal", Bound: 0.3},
		{Name: "grade_visits", Model: "distinct_l", Bound: 2},
		{Name: "grade_visits", Model: "entropy_l", Bound: 2},
		{Name: "accompanied", Model: "beta_rare", Bound: 1, Rare: "yes"},
	}
	for i := range claims {
		cells := []cellCount{}
		for _, p := range f.parents {
			band := map[string]string{"visits": p.Visits, "evening": p.Evening, "grade_visits": p.GradeVisits,
				"accompanied": p.Accompanied}[claims[i].Name]
			cells = append(cells, cellCount{class: int64(p.Cluster[0]), band: band, persons: 1})
		}
		claims[i].Achieved, _ = achieved(claims[i], spreadOf(cells))
	}
	f.manifest.Anonymity.Sensitive = claims
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// write commits the fixture as an edition and returns its folder.
func (f *fixture) write(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "research-2025-T1")
	w, err := edition.NewWriter(dir)
	must(t, err)
	m := f.manifest
	must(t, edition.WriteTable(w, edition.TableParents, f.parents, m.Metadata(edition.TableParents)))
	must(t, edition.WriteTable(w, edition.TableSums, f.sums, m.Metadata(edition.TableSums)))
	must(t, edition.WriteTable(w, edition.TableTimes, f.times, m.Metadata(edition.TableTimes)))
	must(t, edition.WriteTable(w, edition.TableWeeks, f.weeks, m.Metadata(edition.TableWeeks)))
	must(t, edition.WriteTable(w, edition.TableCoverage, f.coverage, m.Metadata(edition.TableCoverage)))
	must(t, w.Describe(&m))
	must(t, w.Commit(&m))
	return dir
}

// schools is a schools edition of two schools.
func schools(t *testing.T, change func(rows []edition.SchoolRow, m *edition.Manifest)) string {
	t.Helper()
	var rows []edition.SchoolRow
	for i, uai := range []string{"0540001A", "0540002B"} {
		rows = append(rows, edition.SchoolRow{UAI: uai, Name: fmt.Sprint("Collège ", i), Level: "college", IPSBand: "2",
			EP: "HEP", Period: "2025-T1",
			Measure: "L2.never", Population: "all_accounts", Persons: 40, Families: 30, Numerator: 10, Denom: 40})
	}
	m := edition.Manifest{Kind: "schools", Software: "entscope test", InputHash: anyDigest, ConfigHash: anyDigest,
		KeyID: anyKey, Study: "demo", Term: "2025-T1", Start: "2025-09-08",
		End: "2025-12-14", Subject: "parent", Synthetic: true,
		Thresholds: edition.Thresholds{CellPersons: 20, StaffPersons: 11, SchoolPersons: 20}, Joins: joins(),
		JoinFloor: 50}
	if change != nil {
		change(rows, &m)
	}
	dir := filepath.Join(t.TempDir(), "schools-2025-T1")
	w, err := edition.NewWriter(dir)
	must(t, err)
	must(t, edition.WriteTable(w, edition.TableSchoolMeasures, rows, m.Metadata(edition.TableSchoolMeasures)))
	coverage := []edition.CoverageRow{{Feed: "neo", UAI: "0540001A", Level: "college", WeekDay: 20339, Expected: 1,
		Reporting: 1}}
	must(t, edition.WriteTable(w, edition.TableCoverage, coverage, m.Metadata(edition.TableCoverage)))
	must(t, w.Describe(&m))
	must(t, w.Commit(&m))
	return dir
}

func audit(t *testing.T, dir string) *Report {
	t.Helper()
	r, err := Folders(context.Background(), Inputs{Editions: []string{dir}, Staged: true}, config(t))
	must(t, err)
	return r
}

// examined reads a publication, rendered again as it stands.
func examined(t *testing.T, editions []string, dir string) *publication {
	t.Helper()
	var folders []*folder
	for _, edition := range editions {
		f, err := readFolder(edition)
		must(t, err)
		folders = append(folders, f)
	}
	again := func(_ context.Context, published, dir string) error { return os.CopyFS(dir, os.DirFS(published)) }
	in := Inputs{Editions: editions, Published: dir, Again: again, whole: len(editions) > 0, Staged: true,
		Ledger: fullLedger()}
	p, err := examinePublication(context.Background(), in, folders, t.TempDir())
	must(t, err)
	return p
}

// published audits a publication that is being made.
func published(t *testing.T, editions []string, dir string) *Report {
	t.Helper()
	p := examined(t, editions, dir)
	return whole([]part{{p.report, p.criteria, nil}})
}

func failed(r *Report) []string {
	var out []string
	for _, c := range r.Failed() {
		out = append(out, c.ID+": "+c.Detail)
	}
	return out
}

// rehash makes the manifest sign a table that was replaced.
func rehash[T any](t *testing.T, dir, table string, rows []T) {
	t.Helper()
	var m edition.Manifest
	raw, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	must(t, err)
	must(t, json.Unmarshal(raw, &m))
	var data bytes.Buffer
	must(t, edition.Encode(&data, rows, m.Metadata(table)))
	must(t, os.WriteFile(filepath.Join(dir, table+".parquet"), data.Bytes(), 0o600))
	sign(t, dir, table, data.Bytes(), int64(len(rows)))
}

// sign makes the manifest promise the bytes of a table.
func sign(t *testing.T, dir, table string, data []byte, rows int64) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	must(t, err)
	var m edition.Manifest
	must(t, json.Unmarshal(raw, &m))
	for i := range m.Files {
		if m.Files[i].Table == table {
			m.Files[i].Bytes, m.Files[i].SHA256, m.Files[i].Rows = int64(len(data)), digest(data), rows
		}
	}
	raw, err = m.Text()
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "manifest.json"), raw, 0o600))
}

// among is one class of a table in which a row is a person.
func among(class, total map[string]int64, persons int64) spread {
	return spread{map[int64]map[string]int64{1: class}, map[int64]int64{1: sumOf(class)}, total, persons}
}
