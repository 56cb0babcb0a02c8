package report

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/indicator"
)

// lastYear is the sample as it was a year before: other values, and one that was not released.
func lastYear() Earlier {
	e := Earlier{Term: "2024-T1", Start: "2024-09-02", End: "2024-12-22", Schools: map[string][]indicator.Result{}}
	for i, r := range sample().Results {
		if r.Estimate != nil {
			r.Estimate = p(whole(*r.Estimate * 0.9))
		}
		if i%7 == 3 {
			r.Estimate, r.Low, r.High, r.Status = nil, nil, nil, indicator.Suppressed
		}
		e.Results = append(e.Results, r)
	}
	for _, s := range sampleSchools().Schools {
		e.Schools[s.UAI] = s.Results
	}
	return e
}

// The last period stands beside the figures, drawn and in their tables and data, and nothing of
// the figures themselves changes with it.
func TestEarlierPeriodStandsBeside(t *testing.T) {
	in := sample()
	alone, err := build(in)
	if err != nil {
		t.Fatal(err)
	}
	in.Earlier = []Earlier{{Term: "2023-T1", Start: "2023-09-04", End: "2023-12-23"}, lastYear()}
	with, err := build(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{frontFile, "visites.html", "fracture.html", appendixFile} {
		if !strings.Contains(string(with[name]), "2024-T1") {
			t.Errorf("%s says nothing of the last period", name)
		}
		if strings.Contains(string(with[name]), "2023-T1") {
			t.Errorf("%s shows an older period", name)
		}
		if strings.Contains(string(alone[name]), "publiée alors") {
			t.Errorf("%s speaks of a period that is not there", name)
		}
	}
	if !strings.Contains(string(with[frontFile]), "Et avant") {
		t.Error("the findings say nothing of before")
	}
	if n := strings.Count(string(with[frontFile]), `class="slope"`); n < 2 {
		t.Errorf("%d lines of groups are drawn from period to period", n)
	}
	var one, two figureJSON
	if err := json.Unmarshal(alone["L2-jamais.json"], &one); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(with["L2-jamais.json"], &two); err != nil {
		t.Fatal(err)
	}
	if len(two.Previous) != 1 || len(two.Previous[0].Results) == 0 {
		t.Fatal("the data of a figure hold no earlier results")
	}
	if a, b := mustJSON(t, one.Results), mustJSON(t, two.Results); a != b {
		t.Error("the results of a figure change with the earlier period")
	}
	for _, r := range two.Previous[0].Results {
		if r.Status == indicator.Suppressed && (r.Estimate != nil || r.Low != nil || r.High != nil) {
			t.Error("a value that was held back then is shown now")
		}
	}
}

// The page of a school shows its last periods, three at most, and nothing that it may not show.
func TestSchoolShowsItsLastPeriods(t *testing.T) {
	in := sampleSchools()
	code := in.Schools[0].UAI
	for _, term := range []string{"2021-T1", "2022-T1", "2023-T1", "2024-T1"} {
		e := lastYear()
		e.Term = term
		forbidden := published("N5", "share", "active_pairs", map[string]string{"uai": code}, 0.123, 0, 40)
		e.Schools[code] = append(slices.Clone(e.Schools[code]), forbidden)
		in.Earlier = append(in.Earlier, e)
	}
	out, err := buildSchools(in)
	if err != nil {
		t.Fatal(err)
	}
	page := string(out[code+".html"])
	for _, term := range []string{"2022-T1", "2023-T1", "2024-T1"} {
		if !strings.Contains(page, `<th scope="col">`+term+"</th>") {
			t.Errorf("the page has no column of %s", term)
		}
	}
	if strings.Contains(page, "2021-T1") {
		t.Error("a fourth period does not fit two sheets")
	}
	var said schoolJSON
	if err := json.Unmarshal(out[code+".json"], &said); err != nil {
		t.Fatal(err)
	}
	if len(said.Previous) != 3 {
		t.Fatalf("%d periods in the data", len(said.Previous))
	}
	for _, r := range said.Previous[0].Results {
		if r.Indicator == "N5" {
			t.Error("a figure that no school page shows stands in an earlier period")
		}
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
