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
