package formattest

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/ingest"
)

// foreign are what a field too many may be: nothing that looks like an account.
var foreign = []string{
	"-", "192.0.2.9", "ent.example.fr", "8080", "12:11:55", "/portail", `"x y"`, "nginx:", "", "[x]", "GET", "0.01",
	"https://ent.example.fr/", "2025-11-10",
}

// Line is a record whose fields Exchange changes.
type Line struct {
	// Head stands before the record, as in Sample.
	Head string
	// Text is a record that is one event, without its line end.
	Text, Separator string
	// Account is whose event it is.
	Account string
	// Alike are its other fields that look just like an account: exchanged with it, they
	// are one, and no reader can know better.
	Alike []string
}

// Exchange reads records with a field more, a field less, or two exchanged: what becomes of each is
// an event of the account that the record holds, or no event.
func Exchange(t *testing.T, format ingest.Format, l Line) {
	t.Helper()
	const variants = 3000
	r := rand.New(rand.NewPCG(1, 2))
	var moved, shifted strings.Builder
	moved.WriteString(l.Head + l.Text + "\n")
	shifted.WriteString(l.Head + l.Text + "\n")
	for range variants {
		fields := Fields(l.Text, l.Separator)
		at, b := r.IntN(len(fields)), &shifted
		switch r.IntN(3) {
		case 0:
			fields = slices.Insert(fields, at, foreign[r.IntN(len(foreign))])
		case 1:
			fields = slices.Delete(fields, at, at+1)
		default:
			other := r.IntN(len(fields))
			fields[at], fields[other] = fields[other], fields[at]
			b = &moved
		}
		b.WriteString(strings.Join(fields, l.Separator) + "\n")
	}
	check := func(text, what string, allowed ...string) {
		result := Decode(t, format, []byte(text))
		Check(t, result)
		seen := map[string]bool{}
		for _, e := range result.Events {
			account := string(e.Account)
			if !slices.Contains(allowed, account) && !seen[account] {
				t.Errorf("%s: account %q, which no line holds", what, account)
			}
			seen[account] = true
		}
		if !seen[l.Account] {
			t.Errorf("%s: nothing was read: %+v", what, result.Counts)
		}
	}
	check(shifted.String(), "a field more or less", l.Account)
	check(moved.String(), "two fields exchanged", append(l.Alike, l.Account)...)
}

// Fields are the fields of a record; what stands between quotes is one.
func Fields(text, separator string) (fields []string) {
	quoted, from := false, 0
	for i := range len(text) {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case !quoted && strings.HasPrefix(text[i:], separator):
			fields, from = append(fields, text[from:i]), i+len(separator)
		}
	}
	return append(fields, text[from:])
}
