package anonymize

import (
	"errors"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/policy"
)

// TestGate: an upper end above the bound takes the behaviour out that the policy lets out, the
// worst first, and closes the gate with a way on where it lets none out.
func TestGate(t *testing.T) {
	result := func(attack, secret string, high float64) edition.AttackResult {
		return edition.AttackResult{Attack: attack, Attacker: "anybody", Secret: secret, Risk: 0.03, Low: 0.01,
			High:  high,
			Bound: 0.05}
	}
	for name, c := range map[string]struct {
		attacks  []edition.AttackResult
		leave    []string
		exchange bool
		out, way string
	}{
		"below":     {[]edition.AttackResult{result("inference", "visits", 0.05)}, nil, true, "", ""},
		"no attack": {nil, nil, true, "", ""},
		"upper end": {[]edition.AttackResult{result("inference", "visits", 0.051)}, nil, true, "",
			"[attack] leave_out"},
		"not exchanged": {[]edition.AttackResult{result("inference", "visits", 0.2)}, nil, false, "",
			"exchange = true"},
		"no behaviour": {[]edition.AttackResult{result("linkability", "", 0.06)}, nil, true, "", "a larger k"},
		"left out": {[]edition.AttackResult{result("inference", "visits", 0.06)}, []string{"visits"}, true,
			"visits", ""},
		"worst left out": {[]edition.AttackResult{result("inference", "visits", 0.06),
			result("inference", "evening", 0.07)},
			[]string{"visits", "evening"}, true, "evening", ""},
		"the other left out": {[]edition.AttackResult{result("linkability", "", 0.08),
			result("inference", "visits", 0.06)},
			[]string{"visits"}, true, "visits", ""},
	} {
		o := Options{Research: &policy.Policy{Attack: &policy.Attack{LeaveOut: c.leave}}}
		out, err := o.toLeaveOut(&edition.Anonymity{Attacks: c.attacks, Exchanged: c.exchange})
		if out != c.out {
			t.Errorf("%s: %q is left out, want %q", name, out, c.out)
		}
		if c.way == "" && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if c.way != "" && (!errors.Is(err, ErrUnsatisfiable) || !strings.Contains(err.Error(), c.way)) {
			t.Errorf("%s: %v, want a way on by %q", name, err, c.way)
		}
	}
}

func TestPolicyOfUnknownColumns(t *testing.T) {
	for _, from := range []string{`leave_out = ["evening"`, `knows = ["level"`} {
		text := string(policy.ResearchText())
		if !strings.Contains(text, from) {
			t.Fatalf("the policy does not say %s", from)
		}
		p, err := policy.Parse([]byte(strings.Replace(text, from, from[:len(from)-1]+`x"`, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckPolicy(p); !errors.Is(err, policy.ErrPolicy) {
			t.Errorf("%s spelt otherwise: %v", from, err)
		}
	}
}

func TestSchoolYears(t *testing.T) {
	day := func(text string) time.Time {
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		start, end string
		years      int
	}{{"2025-09-08", "2025-12-14", 1}, {"2025-09-01", "2026-07-31", 1}, {"2024-09-02", "2026-07-05", 2}} {
		if got := (Study{Start: day(c.start), End: day(c.end)}).years(); got != c.years {
			t.Errorf("%s to %s: %d school years, want %d", c.start, c.end, got, c.years)
		}
	}
}

// TestPersonTableIsReadByCodes: more rows than are read at once are those of the file, clusters and empty columns apart.
func TestPersonTableIsReadByCodes(t *testing.T) {
	dir, rng := t.TempDir(), rand.New(rand.NewPCG(7, 0))
	var rows []edition.ParentRow
	for range 5000 {
		rows = append(rows, edition.ParentRow{Level: []string{"lycee", "college", "ecole"}[rng.IntN(3)],
			Cluster: strconv.Itoa(rng.IntN(9)), Visits: strconv.Itoa(rng.IntN(40))})
	}
	save(t, filepath.Join(dir, edition.TableParents+".parquet"), rows)
	got, err := personTable(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Columns) != 2 {
		t.Fatalf("%d columns, want level and visits", len(got.Columns))
	}
	for name, of := range map[string]func(edition.ParentRow) string{
		"level":  func(r edition.ParentRow) string { return r.Level },
		"visits": func(r edition.ParentRow) string { return r.Visits },
	} {
		var texts []string
		for _, r := range rows {
			texts = append(texts, of(r))
		}
		if want := kanon.NewColumn(name, texts); !reflect.DeepEqual(*got.Column(name), want) {
			t.Errorf("%s is not the column of the file", name)
		}
	}
}
