package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func TestSoundEditionHolds(t *testing.T) {
	r := audit(t, research().write(t))
	if !r.OK() {
		t.Errorf("claims fail: %s", strings.Join(failed(r), "\n"))
	}
	for _, id := range []string{"research.hash", "research.k", "research.sensitive.1.visits.t_ordered",
		"research.threshold.sums"} {
		if !slices.ContainsFunc(r.Claims, func(c Claim) bool { return c.ID == id && c.Result == Holds }) {
			t.Errorf("%s is not proved by the files", id)
		}
	}
	for _, c := range r.Criteria {
		if c.Verdict == NotConform {
			t.Errorf("%s: %s", c.Name, c.Verdict)
		}
	}
	if r := audit(t, schools(t, nil)); !r.OK() {
		t.Errorf("schools: %s", strings.Join(failed(r), "\n"))
	}
}

// TestEveryByteCounts flips one byte of each file in turn, at several places.
func TestEveryByteCounts(t *testing.T) {
	dir := research().write(t)
	for _, name := range []string{"parents.parquet", "sums.parquet", "times.parquet", "weeks.parquet",
		"coverage.parquet", "CODEBOOK.fr.md"} {
		path := filepath.Join(dir, name)
		good, err := os.ReadFile(path)
		must(t, err)
		bad := slices.Clone(good)
		bad[len(bad)/3] ^= 1
		must(t, os.WriteFile(path, bad, 0o600))
		if r := audit(t, dir); !fails(r, "research.hash") {
			t.Errorf("%s: a flipped byte goes unseen", name)
		}
		must(t, os.WriteFile(path, good, 0o600))
	}
	if r := audit(t, dir); !r.OK() {
		t.Errorf("after repair: %v", failed(r))
	}
}

func fails(r *Report, id string) bool {
	return slices.ContainsFunc(r.Failed(), func(c Claim) bool { return c.ID == id })
}

func TestFilesAddedRemovedLinked(t *testing.T) {
	for name, change := range map[string]func(dir string) error{
		"added":   func(dir string) error { return os.WriteFile(filepath.Join(dir, "notes.csv"), []byte("x"), 0o600) },
		"folder":  func(dir string) error { return os.Mkdir(filepath.Join(dir, "more"), 0o700) },
		"link":    func(dir string) error { return os.Symlink("/etc/hostname", filepath.Join(dir, "link")) },
		"removed": func(dir string) error { return os.Remove(filepath.Join(dir, "weeks.parquet")) },
		"replaced": func(dir string) error {
			return os.Rename(filepath.Join(dir, "weeks.parquet"), filepath.Join(dir, "sums.parquet"))
		},
	} {
		dir := research().write(t)
		must(t, change(dir))
		if r := audit(t, dir); r.OK() {
			t.Errorf("%s: not seen", name)
		}
	}
}

// TestRehashedChanges changes what the tables hold and signs it again: the
// hashes agree, the claims do not.
func TestRehashedChanges(t *testing.T) {
	for name, c := range map[string]struct {
		claim  string
		change func(t *testing.T, f *fixture, dir string)
	}{
		"one profile cell": {"research.k", func(t *testing.T, f *fixture, dir string) {
			f.parents[5].EP = "REP"
			rehash(t, dir, edition.TableParents, f.parents)
		}},
		"one person in another class": {"research.classes", func(t *testing.T, f *fixture, dir string) {
			for i := range f.parents {
				if p := &f.parents[i]; p.Cluster == "B" {
					p.IPSBand, p.Cluster = "1", "A"
					break
				}
			}
			rehash(t, dir, edition.TableParents, f.parents)
		}},
		"a person less": {"research.k", func(t *testing.T, f *fixture, dir string) {
			i := slices.IndexFunc(f.parents, func(p edition.ParentRow) bool { return p.Cluster == "B" })
			rehash(t, dir, edition.TableParents, slices.Delete(f.parents, i, i+1))
		}},
		"one behaviour cell": {"research.sensitive.1.visits.t_ordered", func(t *testing.T, f *fixture, dir string) {
			i := slices.IndexFunc(f.parents, func(p edition.ParentRow) bool {
				return p.Cluster == "C" &&
					p.Visits == "2-monthly"
			})
			f.parents[i].Visits = "3-weekly"
			rehash(t, dir, edition.TableParents, f.parents)
		}},
		"one band off the list": {"research.bands", func(t *testing.T, f *fixture, dir string) {
			f.parents[3].Visits = "17 visits"
			rehash(t, dir, edition.TableParents, f.parents)
		}},
		"one value for all": {"research.sensitive.3.grade_visits.distinct_l", func(t *testing.T, f *fixture,
			dir string) {
			for i := range f.parents {
				if f.parents[i].Cluster == "A" {
					f.parents[i].GradeVisits = "2-weekly"
				}
			}
			rehash(t, dir, edition.TableParents, f.parents)
		}},
		"rare value gathered": {"research.sensitive.5.accompanied.beta_rare", func(t *testing.T, f *fixture,
			dir string) {
			for i := range f.parents {
				if f.parents[i].Cluster == "A" {
					f.parents[i].Accompanied = "yes"
				}
			}
			rehash(t, dir, edition.TableParents, f.parents)
		}},
		"pseudonym in a group": {"research.texts", func(t *testing.T, f *fixture, dir string) {
			f.sums[0].Group = "9f86d081884c7d659a2feaa0c55ad015"
			rehash(t, dir, edition.TableSums, f.sums)
		}},
		"school in a group": {"research.uai", func(t *testing.T, f *fixture, dir string) {
			f.sums[0].Group = "0540001A"
			rehash(t, dir, edition.TableSums, f.sums)
		}},
		"small cell": {"research.threshold.sums", func(t *testing.T, f *fixture, dir string) {
			f.sums[1].Persons = 12
			rehash(t, dir, edition.TableSums, f.sums)
		}},
		"one numerator": {"research.arithmetic.sums", func(t *testing.T, f *fixture, dir string) {
			f.sums[1].Numerator++
			rehash(t, dir, edition.TableSums, f.sums)
		}},
		"histogram": {"research.arithmetic.sums", func(t *testing.T, f *fixture, dir string) {
			f.sums[1].H00, f.sums[1].H03 = f.sums[1].H00-1, 1
			rehash(t, dir, edition.TableSums, f.sums)
		}},
		"measure off the list": {"research.measures.sums", func(t *testing.T, f *fixture, dir string) {
			f.sums[1].Measure = "N5.person"
			rehash(t, dir, edition.TableSums, f.sums)
		}},
		"a private school among public ones": {"research.common", func(t *testing.T, f *fixture, dir string) {
			for i := range 5 {
				f.parents[i].Sector = "prive"
			}
			rehash(t, dir, edition.TableParents, f.parents)
		}},
		"a school of what no page shows": {"research.unnamed.schools", func(t *testing.T, f *fixture, dir string) {
			f.sums[1].Measure = "N5.very_frequent"
			rehash(t, dir, edition.TableSums, f.sums)
		}},
		"a few alone under noise": {"research.noise", func(t *testing.T, f *fixture, dir string) {
			f.sums[0].Numerator = 3
			rehash(t, dir, edition.TableSums, f.sums)
			resign(t, dir, func(m *edition.Manifest) {
				m.Perturbation = edition.Perturbation{Variance: 9, Maximum: 8, Least: 5}
			})
		}},
		"noise of nothing": {"research.noise", func(t *testing.T, _ *fixture, dir string) {
			resign(t, dir, func(m *edition.Manifest) {
				m.Perturbation = edition.Perturbation{Variance: 1, Maximum: 1,
					Least: 1}
			})
		}},
		"small curve": {"research.threshold.times", func(t *testing.T, f *fixture, dir string) {
			f.times[0].Persons, f.times[0].AtRisk, f.times[0].Events = 19, 19, 1
			rehash(t, dir, edition.TableTimes, f.times)
		}},
		"few staff": {"research.threshold.weeks", func(t *testing.T, f *fixture, dir string) {
			f.weeks[0].Profile, f.weeks[0].Persons = 2, 10
			rehash(t, dir, edition.TableWeeks, f.weeks)
		}},
		"a day": {"research.week.weeks", func(t *testing.T, f *fixture, dir string) {
			f.weeks[0].WeekDay++
			rehash(t, dir, edition.TableWeeks, f.weeks)
		}},
		"a column more": {"research.schema", func(t *testing.T, f *fixture, dir string) {
			type row struct {
				edition.CoverageRow
				Person int64 `parquet:"person"`
			}
			rehash(t, dir, edition.TableCoverage, []row{{f.coverage[0], 1}})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := research()
			dir := f.write(t)
			c.change(t, f, dir)
			if r := audit(t, dir); !fails(r, c.claim) {
				t.Errorf("%s holds; failing: %v", c.claim, failed(r))
			}
		})
	}
}

// TestWeakPromises: a manifest that promises little is refused even if it keeps
// its word.
func TestWeakPromises(t *testing.T) {
	for name, change := range map[string]func(m *edition.Manifest){
		"k":               func(m *edition.Manifest) { m.Anonymity.K = 4 },
		"cells":           func(m *edition.Manifest) { m.Thresholds.CellPersons = 5 },
		"unnamed":         func(m *edition.Manifest) { m.Thresholds.Unnamed = 2 },
		"no claim":        func(m *edition.Manifest) { m.Anonymity.Sensitive = nil },
		"no promise":      func(m *edition.Manifest) { m.Anonymity = nil },
		"units":           func(m *edition.Manifest) { m.Anonymity.UnitsK["family"] = 9 },
		"a recount":       func(m *edition.Manifest) { m.Recounted = []string{"durand"} },
		"twice recounted": func(m *edition.Manifest) { m.Recounted = []string{"events", "events"} },
		"achieved":        func(m *edition.Manifest) { m.Anonymity.AchievedK = 500 },
		"suppressed":      func(m *edition.Manifest) { m.Anonymity.SuppressedPersons = 10 },
		"persons":         func(m *edition.Manifest) { m.Population.Persons-- },
		"few children":    func(m *edition.Manifest) { m.Perturbation.Least, m.Population.Children = 5, 4 },
		"few families":    func(m *edition.Manifest) { m.Perturbation.Least, m.Population.Families = 5, 4 },
		"negative":        func(m *edition.Manifest) { m.Population.Families = -5 },
		"exact removal":   func(m *edition.Manifest) { m.Perturbation.Maximum, m.Anonymity.SuppressedPersons = 8, 4 },
		"exact rows":      func(m *edition.Manifest) { m.Anonymity.SuppressedRows = 2 },
		"cost":            func(m *edition.Manifest) { m.Widths = map[string]edition.Widths{"sums": {Figures: 2, Lost: 3}} },
		"cost of": func(m *edition.Manifest) {
			m.Widths = map[string]edition.Widths{"durand": {Figures: 2, Median: 1}}
		},
		"left out":  func(m *edition.Manifest) { m.Anonymity.LeftOut = []string{"evening"} },
		"limit":     func(m *edition.Manifest) { m.Anonymity.SuppressionLimit = 0.01 },
		"unknown":   func(m *edition.Manifest) { m.Anonymity.Sensitive[0].Model = "trust" },
		"announced": func(m *edition.Manifest) { m.Anonymity.Sensitive[0].Achieved = 0 },
	} {
		f := research()
		change(&f.manifest)
		if r := audit(t, f.write(t)); r.OK() {
			t.Errorf("%s: the audit is content", name)
		}
	}
	for name, change := range map[string]func([]edition.SchoolRow, *edition.Manifest){
		"floor":  func(_ []edition.SchoolRow, m *edition.Manifest) { m.Thresholds.SchoolPersons = 10 },
		"small":  func(rows []edition.SchoolRow, _ *edition.Manifest) { rows[0].Persons = 19 },
		"N5":     func(rows []edition.SchoolRow, _ *edition.Manifest) { rows[0].Measure = "N5.very_frequent" },
		"period": func(rows []edition.SchoolRow, _ *edition.Manifest) { rows[0].Period = "2025-W40" },
	} {
		if r := audit(t, schools(t, change)); r.OK() {
			t.Errorf("schools, %s: the audit is content", name)
		}
	}
}

// By the name of a school, coverage speaks of no service, of no school without measures, and of no feed that does
// not reach it: a week that rests on one person would be that person's.
func TestCoverageNamesNoService(t *testing.T) {
	row := edition.CoverageRow{Feed: "neo", UAI: "0540001A", Level: "college", WeekDay: 20339, Expected: 1, Reporting: 1}
	for name, c := range map[string]struct {
		change func(r *edition.CoverageRow)
		holds  bool
	}{
		"as it is":   {func(*edition.CoverageRow) {}, true},
		"a service":  {func(r *edition.CoverageRow) { r.Service = 3 }, false},
		"no measure": {func(r *edition.CoverageRow) { r.UAI = "0549999Z" }, false},
		"no school":  {func(r *edition.CoverageRow) { r.UAI = "" }, false},
		"no week":    {func(r *edition.CoverageRow) { r.Reporting = 0 }, false},
	} {
		t.Run(name, func(t *testing.T) {
			dir, r := schools(t, nil), row
			c.change(&r)
			rehash(t, dir, edition.TableCoverage, []edition.CoverageRow{r})
			if got := audit(t, dir); fails(got, "schools.threshold.coverage") == c.holds {
				t.Errorf("failing: %v", failed(got))
			}
		})
	}
}

// TestUnreadable: a file that its manifest signs and that cannot be read is a
// claim that fails, not an audit that stops.
func TestUnreadable(t *testing.T) {
	f := research()
	dir := f.write(t)
	path := filepath.Join(dir, "weeks.parquet")
	data, err := os.ReadFile(path)
	must(t, err)
	for i := 4; i < 40; i++ {
		data[i] ^= 0x55
	}
	must(t, os.WriteFile(path, data, 0o600))
	sign(t, dir, "weeks", data, int64(len(f.weeks)))
	if r := audit(t, dir); r.OK() {
		t.Error("an unreadable table is accepted")
	}
}

func TestNoEdition(t *testing.T) {
	if _, err := examineEdition(context.Background(), t.TempDir(), config(t)); err == nil {
		t.Error("an empty folder was audited")
	}
	dir := research().write(t)
	must(t, os.WriteFile(filepath.Join(dir, "manifest.json"), []byte(`{"version":1,"kind":"x"}`), 0o600))
	if _, err := examineEdition(context.Background(), dir, config(t)); err == nil {
		t.Error("an unknown kind was audited")
	}
}

// TestDistances holds the arithmetic to worked examples: Li et al. 2007, §4
// (ordered distance 0.375 and 0.167 over nine salaries), and hand counts.
func TestDistances(t *testing.T) {
	salaries := []string{"3", "4", "5", "6", "7", "8", "9", "10", "11"}
	total := map[string]int64{}
	for _, s := range salaries {
		total[s] = 1
	}
	tree := [][]string{{"3", "low", "*"}, {"4", "low", "*"}, {"5", "low", "*"}, {"6", "mid", "*"}, {"7", "mid", "*"},
		{"8", "mid", "*"},
		{"9", "high", "*"}, {"10", "high", "*"}, {"11", "high", "*"}}
	for _, c := range []struct {
		claim edition.SensitiveClaim
		class map[string]int64
		want  float64
	}{
		// of three thirds two ninths each leave the branch (1 × 2/3)
		{edition.SensitiveClaim{Model: "t_hierarchical", Tree: tree}, map[string]int64{"3": 1, "4": 1, "5": 1},
			2.0 / 3},
		// each third stays in its branch, two thirds of it move one step (½ × 2/3)
		{edition.SensitiveClaim{Model: "t_hierarchical", Tree: tree}, map[string]int64{"3": 1, "6": 1, "9": 1},
			1.0 / 3},
		{edition.SensitiveClaim{Model: "t_hierarchical", Tree: tree[:8]}, map[string]int64{"3": 1, "6": 1, "9": 1}, 1},
		{edition.SensitiveClaim{Model: "t_hierarchical", Tree: append([][]string{{"3", "high", "*"}}, tree[1:]...)},
			map[string]int64{"3": 1, "6": 1, "9": 1}, 4.0 / 9},
		{edition.SensitiveClaim{Model: "t_hierarchical", Tree: append([][]string{{"3", "low", "other"}}, tree[1:]...)},
			map[string]int64{"3": 1}, 1},
		{edition.SensitiveClaim{Model: "recursive_cl", Bound: 2}, map[string]int64{"3": 5, "4": 2, "5": 1}, 5.0 / 3},
		{edition.SensitiveClaim{Model: "recursive_cl", Bound: 4}, map[string]int64{"3": 5, "4": 2, "5": 1},
			math.Inf(1)},
		{edition.SensitiveClaim{Model: "t_ordered", Order: salaries}, map[string]int64{"3": 1, "4": 1, "5": 1}, 0.375},
		{edition.SensitiveClaim{Model: "t_ordered", Order: salaries}, map[string]int64{"6": 1, "8": 1, "11": 1},
			1.0 / 6},
		{edition.SensitiveClaim{Model: "t_equal"}, map[string]int64{"3": 1, "4": 1, "5": 1}, 2.0 / 3},
		{edition.SensitiveClaim{Model: "distinct_l"}, map[string]int64{"3": 5, "4": 1}, 2},
		{edition.SensitiveClaim{Model: "entropy_l"}, map[string]int64{"3": 2, "4": 2}, 2},
		{edition.SensitiveClaim{Model: "beta"}, map[string]int64{"3": 1, "4": 1, "5": 1}, 2},
		{edition.SensitiveClaim{Model: "beta_rare", Rare: "6"}, map[string]int64{"3": 1, "4": 1, "5": 1}, 0},
		{edition.SensitiveClaim{Model: "alpha", Rare: "3"}, map[string]int64{"3": 1, "4": 3}, 0.25},
	} {
		got, known := distance(c.claim, among(c.class, total, 9), 1)
		if !known || got != c.want && math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: got %v, want %v", c.claim.Model, got, c.want)
		}
	}
}

// TestTitlesSayWhatIsTested: the weeks are held to two thresholds, and their claim names both; what its clusters tell of
// schools, which it does not name, is an open point.
func TestTitlesSayWhatIsTested(t *testing.T) {
	f := research()
	r, err := Folders(context.Background(), Inputs{Editions: []string{f.write(t)}}, config(t))
	must(t, err)
	floors, said := f.manifest.Thresholds, false
	for _, c := range r.Claims {
		if c.ID != "research.threshold.weeks" {
			continue
		}
		said = true
		for lang, form := range map[string]string{
			c.Title:     "sur au moins %d personnes distinctes, celles des personnels sur au moins %d.",
			c.English(): "on at least %d distinct persons, those of staff on at least %d.",
		} {
			if want := fmt.Sprintf(form, floors.CellPersons, floors.StaffPersons); !strings.HasSuffix(lang, want) {
				t.Errorf("%q does not say %q", lang, want)
			}
		}
	}
	if !said || floors.CellPersons == floors.StaffPersons {
		t.Errorf("nothing was compared: %+v", floors)
	}
	if !slices.Contains(r.OpenPoints, edition.NoteRecognisable) {
		t.Errorf("the open points do not say that clusters are recognised: %q", r.OpenPoints)
	}
	if english := edition.NoteIn("en", edition.NoteRecognisable); !slices.Contains(r.In("en").OpenPoints, english) {
		t.Errorf("nor in English: %q", r.In("en").OpenPoints)
	}
}
