package oracle

import (
	"flag"
	"math"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the stored truth (takes minutes)")

func TestTruthDefault(t *testing.T) {
	if *update {
		truth, err := monteCarlo(t.Context(), defaultWeeks, truthSeed, 44, 12_000)
		if err != nil {
			t.Fatal(err)
		}
		data, err := truth.Render()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("truth_12w.json", data, 0o644); err != nil {
			t.Fatal(err)
		}
		truthDefault = data
	}
	truth, err := Superpopulation(t.Context(), defaultWeeks, 12_000)
	if err != nil {
		t.Fatal(err)
	}
	if truth.MonteCarlo.Schools < 6000 {
		t.Errorf("%d schools", truth.MonteCarlo.Schools)
	}
	seen := map[string]bool{}
	for _, v := range truth.Values {
		if math.IsNaN(v.Value) || v.Error < 0 {
			t.Errorf("%s %s: %v", v.Indicator, v.Measure, v.Value)
		}
		seen[v.Indicator+"."+v.Measure] = true
	}
	for _, name := range []string{
		"L1.visits_per_week", "L1.never_share", "L1.class_5-daily", "L2.never", "L4.23-07", "L5.phone_only",
		"N1.views_per_day", "N2.three_a_day", "N3.empty", "N5.very_frequent", "A1.accompanied", "A2.rate_ratio",
		"A2.naive_rate_ratio", "D3.first_login_8w", "F2.never_sii", "F2.visits_ratio", "F5.gini",
		"F5.top_tenth_share", "P1.child_account", "R1.ready",
	} {
		if !seen[name] {
			t.Errorf("%s is missing", name)
		}
	}
}

// Schools of another size have another truth in some values: it is left out, not told wrong.
func TestSizeTo(t *testing.T) {
	for perSchool, known := range map[float64]bool{41: true, 80: true, 159: true, 161: false, 39: false} {
		truth, err := Superpopulation(t.Context(), defaultWeeks, 12_000)
		if err != nil {
			t.Fatal(err)
		}
		before := map[string]float64{}
		for _, v := range truth.Values {
			before[key(v)] = v.Value
		}
		truth.SizeTo(perSchool)
		found := map[string]bool{}
		for _, v := range truth.Values {
			found[v.Indicator+"."+v.Measure] = true
			want := before[key(v)]
			if v.Measure == "weekly_visits" {
				want *= perSchool / 80
			}
			if math.Abs(v.Value-want) > 1e-6*math.Abs(want)+1e-9 {
				t.Errorf("%v parents a school: %s is %v, want %v", perSchool, key(v), v.Value, want)
			}
		}
		for _, name := range bySize {
			if found[name] != known {
				t.Errorf("%v parents a school: %s is there: %v", perSchool, name, found[name])
			}
		}
		if !found["L2.never"] {
			t.Errorf("%v parents a school: L2 is missing", perSchool)
		}
	}
}

func key(v Value) string {
	k := v.Indicator + "." + v.Measure + "|" + v.Population
	for name, value := range v.Group {
		k += "|" + name + "=" + value
	}
	return k
}

// What the regions must show: the planted bounds hold the truth, help helps,
// the naive comparison misleads, and the poor bands come less.
func TestTruthShowsThePlants(t *testing.T) {
	truth, err := Superpopulation(t.Context(), defaultWeeks, 12_000)
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]float64{}
	for _, v := range truth.Values {
		at[key(v)] = v.Value
	}
	within := func(name string, low, high float64) {
		if v, ok := at[name]; !ok || v < low || v > high {
			t.Errorf("%s = %v, want %v to %v", name, v, low, high)
		}
	}
	within("A2.rate_ratio|matched", 1.5, 1.75)
	within("A2.naive_rate_ratio|matched", 0.2, 0.7)
	within("A1.accompanied|all_accounts", 0.11, 0.13)
	within("P1.child_account|pupils", at["P1.low|pupils"], at["P1.high|pupils"])
	within("L2.never|all_accounts|ips_band=1", at["L2.never|all_accounts|ips_band=5"]+0.1, 1)
	within("N5.very_frequent|active_pairs", 0.03, 0.06)
	within("L5.phone|active_accounts|level=ecole", 0.88, 0.92)
	within("L5.phone|active_accounts|level=college", 0.73, 0.77)
	within("L5.phone|active_accounts|level=lycee", 0.63, 0.68)
	for name, v := range at {
		gradient := strings.Contains(name, "_sii|") || strings.Contains(name, "_erreygers|")
		if v < 0 && !gradient {
			t.Errorf("%s is negative", name)
		}
	}
}
