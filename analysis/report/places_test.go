package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
)

// The map of the week: each place has its share, the shade compares hours, and a hidden place is
// told as hidden, and takes the sentence on half of the visits with it.
func TestMapOfPlaces(t *testing.T) {
	var results []indicator.Result
	for _, day := range edition.Places["weekday"] {
		for _, hours := range edition.Places["hours"] {
			share := 0.016
			switch {
			case day == "wed" && hours == "17-19":
				share = 0.06
			case hours == "23-07":
				share = 0.024 // of eight hours
			}
			results = append(results, published("L4", day+"_"+hours, "active_accounts", nil, share, 0.002, 900))
		}
	}
	q, err := question.Lookup("L4")
	if err != nil {
		t.Fatal(err)
	}
	f := q.Figures[slices.IndexFunc(q.Figures, func(f question.Figure) bool { return f.ID == "L4-carte" })]
	draw := func() (figure, string) {
		d := &drawer{lang: fr, results: results, used: make([]bool, len(results))}
		drawn, ok := d.figure(specOf(q, f))
		if !ok {
			t.Fatal("no figure")
		}
		return drawn, strings.Join(drawn.Reading, " ")
	}
	drawn, text := draw()
	for _, want := range []string{
		"De 1,6 % (lundi, 7 h–9 h, et 47 autres tranches) à 6 % (mercredi, 17 h–19 h).",
		"% des visites tiennent dans ", " des 168 heures de la semaine, les plus fréquentées.",
	} {
		if !strings.Contains(plainSpaces([]byte(text)), want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
	for shade, n := range map[string]int{"q4": 1, "q0": 21, "q1": 34} { // 3 hours and nights; 2 hours
		if got := strings.Count(string(drawn.Wide.Markup()), `class="`+shade+`"`); got != n {
			t.Errorf("%d places of shade %s, want %d", got, shade, n)
		}
	}
	hide := slices.IndexFunc(results, func(r indicator.Result) bool { return r.Measure == "sun_23-07" })
	r := &results[hide]
	r.Status, r.Estimate, r.Low, r.High = indicator.Suppressed, nil, nil, nil
	drawn, text = draw()
	if n := strings.Count(string(drawn.Wide.Markup()), ">nd</text>"); n != 1 {
		t.Errorf("%d hidden places", n)
	}
	if strings.Contains(text, "heures de la semaine") || !strings.Contains(text, "Une valeur n’est pas diffusée") {
		t.Errorf("with a hidden place: %q", text)
	}
}
