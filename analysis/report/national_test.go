package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/indicator"
)

// plainSpaces is a page with plain spaces.
func plainSpaces(page []byte) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(string(page))
}

// TestNationalMark stands beside a phone share that is shown, of the same level and
// quintile, and nowhere else.
func TestNationalMark(t *testing.T) {
	marks := &National{SchoolYear: "2025-2026", Synthetic: true, Bands: map[string]int{"0541234A": 2},
		Marks: []NationalMark{{"ecole", 0, 30, 0.5}, {"college", 0, 50, 0.6}, {"college", 2, 10, 0.64}}}
	schools := sampleSchools()
	schools.National = marks
	phone := published("L5", "phone", "active_accounts", nil, 0.4, 0, 100)
	schools.Schools[0].Results = append(schools.Schools[0].Results, phone)
	pages, err := buildSchools(schools)
	if err != nil {
		t.Fatal(err)
	}
	text := plainSpaces(pages["0541234A.html"])
	want := "collèges du quintile d’IPS 2 sur 5, France : 64 % " +
		"(10 établissements ; données ouvertes DNMA, 2025-2026, synthétiques)."
	if !strings.Contains(text, want) {
		t.Errorf("no %q", want)
	}
	for _, uai := range []string{"0541235B", "0541236C"} { // their own share is hidden, or not measured
		if strings.Contains(string(pages[uai+".html"]), "données ouvertes DNMA") {
			t.Errorf("%s: a mark beside no figure", uai)
		}
	}
	in := sample()
	in.National = marks
	in.Results = slices.DeleteFunc(in.Results, func(r indicator.Result) bool { return r.Indicator == "L5" })
	without, err := build(in)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(without["annexe.html"]), "données ouvertes DNMA") {
		t.Error("a mark in a report without a figure of its own")
	}
	in.Results = append(in.Results, pct("L5", "phone", "active_accounts", nil, 0.4, 0.02, 500))
	report, err := build(in)
	if err != nil {
		t.Fatal(err)
	}
	text = plainSpaces(report["annexe.html"])
	want = "France : écoles 50 %, collèges 60 % (données ouvertes DNMA, 2025-2026, synthétiques)"
	if !strings.Contains(text, want) {
		t.Errorf("no %q", want)
	}
	in.Facts.Subject = "pupil"
	if report, err = build(in); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(report["annexe.html"]), "données ouvertes DNMA") {
		t.Error("a mark of parents beside figures of pupils")
	}
}
