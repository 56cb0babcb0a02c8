package audit

import (
	"crypto/ed25519"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

// sealedStamp is the text of a manifest.
func sealedStamp(t *testing.T, s stamp) []byte {
	t.Helper()
	text, err := json.MarshalIndent(s, "", "  ")
	must(t, err)
	return append(text, '\n')
}

// TestPreviousPeriod holds what a publication shows of an earlier period to what that period
// published, whole, signed, and earlier.
func TestPreviousPeriod(t *testing.T) {
	key := testKey(1)
	const figures = `{"results": [{"indicator": "L1", "edition": "research", "population": "all_accounts", "group": {}, ` +
		`"measure": "weekly", "estimate": 0.41, "low": null, "high": null, "status": "published"}]}`
	last := period{Study: "demo", Term: "2024", Start: "2024-09-02", End: "2025-07-05", Subject: "parent"}
	now := period{Study: "demo", Term: "2025", Start: "2025-09-01", End: "2026-07-05", Subject: "parent"}
	type world struct {
		earlier  period
		shown    string // a figure of the new publication
		change   func(dir string)
		given    bool
		signed   ed25519.PrivateKey
		previous int // how many the manifest names
	}
	shown := func(of string) string {
		return `{"results": [], "previous": [{"term": "2024", "start": "2024-09-02", "end": "2025-07-05", ` +
			strings.TrimPrefix(of, "{") + `]}`
	}
	for name, c := range map[string]struct {
		edit func(w *world)
		want Result
	}{
		"as published":   {func(*world) {}, Holds},
		"not given":      {func(w *world) { w.given = false }, NotVerified},
		"another number": {func(w *world) { w.shown = shown(strings.Replace(figures, "0.41", "0.51", 1)) }, Fails},
		"another figure": {func(w *world) { w.shown = shown(strings.Replace(figures, "weekly", "other", 1)) },
			Fails},
		"another term":      {func(w *world) { w.shown = strings.Replace(w.shown, `"2024"`, `"2023"`, 1) }, Fails},
		"another study":     {func(w *world) { w.earlier.Study = "other" }, Fails},
		"pupils":            {func(w *world) { w.earlier.Subject = "pupil" }, Fails},
		"not earlier":       {func(w *world) { w.earlier.End = "2025-09-01" }, Fails},
		"another signature": {func(w *world) { w.signed = testKey(2) }, Fails},
		"named by nobody":   {func(w *world) { w.previous = 0 }, Fails},
		"a file changed": {func(w *world) {
			w.change = func(dir string) {
				must(t, os.WriteFile(filepath.Join(dir, "results.json"), []byte(figures+" "), 0o644))
			}
		}, Fails},
		"a file more": {func(w *world) {
			w.change = func(dir string) { must(t, os.WriteFile(filepath.Join(dir, "more.csv"), nil, 0o644)) }
		}, Fails},
	} {
		t.Run(name, func(t *testing.T) {
			w := world{earlier: last, shown: shown(figures), change: func(string) {}, given: true, signed: key,
				previous: 1}
			c.edit(&w)
			dir := t.TempDir()
			must(t, os.WriteFile(filepath.Join(dir, "results.json"), []byte(figures), 0o644))
			text := sealedStamp(t, stamp{Software: "entscope test", Period: w.earlier, Config: anyDigest, Lang: "fr",
				Legal:      hash(nil),
				Indicators: []string{},
				Editions:   map[string]string{}, Files: map[string]string{"results.json": hash([]byte(figures))}})
			must(t, os.WriteFile(filepath.Join(dir, edition.ManifestFile), text, 0o644))
			must(t, os.WriteFile(filepath.Join(dir, edition.SignatureFile), ed25519.Sign(w.signed, text), 0o644))
			w.change(dir)
			s := stamp{Software: "entscope test", Period: now, Config: anyDigest, Lang: "fr", Legal: hash(nil),
				Indicators: []string{},
				Editions:   map[string]string{}, Files: map[string]string{}}
			if w.previous > 0 {
				s.Previous = []string{hash(text)}
			}
			p := &publication{report: newReport(), names: []string{"report/L1.json"},
				files: map[string][]byte{"report/L1.json": []byte(w.shown)}, manifest: sealedStamp(t, s)}
			in := Inputs{PublicKey: key.Public().(ed25519.PublicKey)}
			if w.given {
				in.Previous = []string{dir}
			}
			p.checkPrevious(t.Context(), in)
			if len(p.report.Claims) != 1 || p.report.Claims[0].Result != c.want {
				t.Errorf("%+v", p.report.Claims)
			}
		})
	}
}
