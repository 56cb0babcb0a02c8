package audit

import (
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

// A release that the register takes back is not held to stand in it: what is audited is a copy that was kept.
func TestRegisterTakesBack(t *testing.T) {
	const line = `{"number":1,"kind":"research","name":"research-2025-T1","made":"a","chain":"c1"}` + "\n"
	for name, test := range map[string]struct {
		text   string
		stands bool
	}{
		"stands":             {line, true},
		"another taken back": {line + `{"number":2,"kind":"recall","name":"research-2025-T1","made":"b","chain":"c2"}`, true},
		"taken back":         {line + `{"number":2,"kind":"recall","name":"research-2025-T1","made":"a","chain":"c2"}`, false},
		"never left":         {line + `{"number":2,"kind":"withdraw","name":"research-2025-T1","made":"a","chain":"c2"}`, false},
		"cut":                {"", false},
		"no register":        {"x", false},
	} {
		t.Run(name, func(t *testing.T) {
			var r Report
			checkRegister(&r, "research", "research-2025-T1", edition.Booking{}, []byte(test.text))
			if len(r.Claims) != 1 {
				t.Fatalf("%d claims", len(r.Claims))
			}
			if got := r.Claims[0].Result; got == Holds || (got != Fails) != test.stands {
				t.Errorf("%s, want one that fails: %v; what a line says is attested", got, !test.stands)
			}
		})
	}
}

// The register books what an edition tells of what must not be known of a school: with less, a later one would tell it too.
func TestRegisterBooksFamilies(t *testing.T) {
	const older = `{"number":1,"kind":"research","name":"research-2025-T1","chain":"c1"}` + "\n"
	const earlier = `{"number":1,"kind":"research","name":"research-2025-T1","subject":"parent","persons":true,` +
		`"families":["contacts","guardians"],"chain":"c1"}` + "\n"
	line := func(subject, families, elsewhere string) string {
		return `{"number":2,"kind":"research","name":"research-2025-T1.2","subject":"` + subject + `","families":[` + families +
			`],"elsewhere":{` + elsewhere + `},"chain":"c2"}`
	}
	const there = `"contacts":"research-2025-T1","guardians":"research-2025-T1"`
	both := map[string]string{"contacts": "research-2025-T1", "guardians": "research-2025-T1"}
	for name, test := range map[string]struct {
		text    string
		unnamed map[string]string
		fails   bool
	}{
		"as it is":                     {earlier + line("parent", `"N5","N6"`, there), both, false},
		"beside an older line":         {older + line("parent", `"N5","N6"`, there), both, false},
		"less than the tables tell":    {earlier + line("parent", `"N5"`, there), both, true},
		"more than the tables tell":    {earlier + line("parent", `"N5","N6","contacts"`, there), both, true},
		"of others":                    {earlier + line("pupil", `"N5","N6"`, there), both, true},
		"other than the manifest":      {earlier + line("parent", `"N5","N6"`, ""), both, true},
		"in one that does not tell it": {earlier + line("parent", `"N5","N6"`, `"N6":"research-2025-T1"`), map[string]string{"N6": "research-2025-T1"}, true},
		"in one that is not there":     {earlier + line("parent", `"N5","N6"`, `"N6":"research-2024"`), map[string]string{"N6": "research-2024"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			a := &auditor{folder: &folder{manifest: &edition.Manifest{Kind: edition.KindResearch, Subject: "parent",
				Unnamed: test.unnamed, Booking: edition.Booking{Lines: 1, Head: "c1"}}},
				families: map[string]int64{"N5": 3, "N6": 1, "contacts": 0, "guardians": 0}}
			var r Report
			a.checkBooked(&r, []byte(test.text))
			if len(r.Claims) != 1 || (r.Claims[0].Result == Fails) != test.fails {
				t.Errorf("%+v, want one that fails: %v", r.Claims, test.fails)
			}
		})
	}
}
