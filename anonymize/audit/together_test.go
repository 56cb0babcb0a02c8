package audit

import (
	"crypto/ed25519"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTogether: one publication tells the whole and hides a level of 2, another of the same editions tells the other
// level. Each is sound, and both tell the 2.
func TestTogether(t *testing.T) {
	key := testKey(1)
	figure := func(group, numbers string) string {
		return `{"indicator":"L2","edition":"research","population":"all_accounts","group":` + group + `,"measure":"never",` +
			numbers + `,"level":0}`
	}
	whole := figure(`{}`, `"estimate":0.25,"low":null,"high":null,"n":100,"status":"published","warnings":[]`)
	college := figure(`{"level":"college"}`, `"estimate":0.4,"low":null,"high":null,"n":50,"status":"published","warnings":[]`)
	lycee := figure(`{"level":"lycee"}`, `"estimate":null,"low":null,"high":null,"n":0,"status":"suppressed",`+
		`"warnings":["x [hidden]"]`)
	list := func(figures ...string) string { return `{"results": [` + strings.Join(figures, ",") + `]}` }
	editions, dir := publishOf(t, 2, func(f map[string]string) { f[resultsFile] = list(whole, lycee) })
	// another is the publication with other figures, of editions, signed by a key.
	another := func(figures string, of []string, by ed25519.PrivateKey) string {
		to := t.TempDir()
		must(t, os.CopyFS(to, os.DirFS(dir)))
		must(t, os.WriteFile(filepath.Join(to, resultsFile), []byte(figures), 0o644))
		finish(t, of, to, by)
		return to
	}
	tells := another(list(college, lycee), editions, key)
	altered := another(list(college, lycee), editions, key)
	must(t, os.WriteFile(filepath.Join(altered, resultsFile), []byte(list(lycee)), 0o644))
	for name, c := range map[string]struct {
		beside []string
		want   Result
	}{
		"none":                  {nil, ""},
		"itself":                {[]string{another(list(whole, lycee), editions, key)}, NotVerified},
		"as sound":              {[]string{another(list(lycee, whole), editions, key)}, Holds},
		"what it hides":         {[]string{tells}, Fails},
		"itself hides less":     {[]string{another(list(whole, lycee), editions, key), tells}, Fails},
		"altered":               {[]string{altered}, NotVerified},
		"none that is there":    {[]string{t.TempDir()}, NotVerified},
		"of another edition":    {[]string{another(list(college, lycee), editions[:1], key)}, NotVerified},
		"signed by another":     {[]string{another(list(college, lycee), editions, testKey(2))}, NotVerified},
		"sound, without a key":  {[]string{another(list(lycee, whole), editions, key)}, NotVerified},
		"a leak, without a key": {[]string{tells}, Fails},
		"altered, and a leak":   {[]string{altered, tells}, Fails},
	} {
		finish(t, editions, dir, key)
		p := examined(t, editions, dir)
		if name == "none" && resultsOf(p)["publication.subtraction"] == Fails {
			t.Error("it is not sound by itself")
		}
		public := key.Public().(ed25519.PublicKey)
		if strings.HasSuffix(name, "without a key") {
			public = nil
		}
		p.checkTogether(t.Context(), Inputs{Beside: c.beside, PublicKey: public})
		if got := resultsOf(p)["publication.together"]; got != c.want {
			t.Errorf("%s: %q, want %q: %v", name, got, c.want, failed(p.report))
		}
		for _, name := range []string{"audit", "manifest.json", "manifest.sig"} {
			must(t, os.RemoveAll(filepath.Join(dir, name)))
		}
	}
}
