package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
)

// finish audits a staged publication, writes its audit and its manifest, and signs all
// manifests: a release as the pipeline makes it.
func finish(t *testing.T, editions []string, dir string, key ed25519.PrivateKey) {
	t.Helper()
	in := Inputs{Editions: editions, Published: dir, Again: asIs(t, dir), Staged: true,
		Ledger: fullLedger()}
	gate, err := Folders(context.Background(), in, config(t))
	must(t, err)
	must(t, WritePublic(durable.Disk{}, filepath.Join(dir, "audit"), gate, "fr"))
	s := stamp{Software: "entscope test", Config: anyDigest, Legal: fullLedger().Hash(), Lang: "fr",
		Indicators: []string{}, Editions: map[string]string{}, Files: map[string]string{}}
	files, err := readTree(dir)
	must(t, err)
	for name, data := range files {
		s.Files[name] = hash(data)
	}
	for _, e := range editions {
		data, err := os.ReadFile(filepath.Join(e, edition.ManifestFile))
		must(t, err)
		s.Editions[filepath.Base(e)] = hash(data)
		m, err := edition.ReadDir(e)
		must(t, err)
		s.Period = period{m.Study, m.Term, m.Start, m.End, m.Subject, m.Synthetic}
		must(t, os.WriteFile(filepath.Join(e, edition.SignatureFile), ed25519.Sign(key, data), 0o600))
	}
	text, err := json.MarshalIndent(s, "", "  ")
	must(t, err)
	text = append(text, '\n')
	must(t, os.WriteFile(filepath.Join(dir, edition.ManifestFile), text, 0o644))
	must(t, os.WriteFile(filepath.Join(dir, edition.SignatureFile), ed25519.Sign(key, text), 0o644))
}

// fullLedger is a legal record without an empty line.
func fullLedger() Ledger {
	var l Ledger
	v := reflect.ValueOf(&l).Elem()
	for i := range v.NumField() {
		v.Field(i).SetString("dit par l’académie")
	}
	return l
}

// asIs renders again what stood in dir at the time.
func asIs(t *testing.T, dir string) func(context.Context, string, string) error {
	t.Helper()
	kept := t.TempDir()
	must(t, os.CopyFS(kept, os.DirFS(dir)))
	return func(_ context.Context, _, to string) error { return os.CopyFS(to, os.DirFS(kept)) }
}

func testKey(fill byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{fill}, ed25519.SeedSize))
}

// TestFinishedRelease changes a finished release in one place.
func TestFinishedRelease(t *testing.T) {
	key := testKey(1)
	public := key.Public().(ed25519.PublicKey)
	edit := func(name, old, new string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			path := filepath.Join(dir, name)
			data, err := os.ReadFile(path)
			must(t, err)
			changed := strings.Replace(string(data), old, new, 1)
			if changed == string(data) {
				t.Fatalf("%s does not hold %q", name, old)
			}
			must(t, os.WriteFile(path, []byte(changed), 0o644))
		}
	}
	editions, finished := publish(t, nil)
	again := asIs(t, finished)
	finish(t, editions, finished, key)
	for name, c := range map[string]struct {
		claim  string // that fails; none must
		change func(*testing.T, string)
	}{
		"nothing":              {"", func(*testing.T, string) {}},
		"a page":               {"closed.rendered", edit("report/index.html", "synthétiques", "synthétiques !")},
		"a number in the data": {"closed.rendered", edit("schools/0540001A.json", "0.25", "0.26")},
		"an unknown field": {"closed.rendered", edit("results.json", `{"results"`,
			`{"families": ["Martin"], "results"`)},
		"a page removed": {"closed.rendered", func(t *testing.T, dir string) {
			must(t,
				os.Remove(filepath.Join(dir, "schools/index.html")))
		}},
		"a page added": {"closed.rendered", func(t *testing.T, dir string) {
			must(t,
				os.WriteFile(filepath.Join(dir, "x.html"), nil, 0o644))
		}},
		"the audit": {"closed.audit", edit("audit/external.html", "tient", "ne tient pas")},
		"a file in the audit": {"closed.audit", func(t *testing.T, dir string) {
			must(t,
				os.WriteFile(filepath.Join(dir, "audit/x"), nil, 0o644))
		}},
		"the legal record":      {"hash", edit("audit/audit.json", "dit par l’académie", "Jeanne Martin")},
		"a legal line emptied":  {"ledger", edit("audit/audit.json", "dit par l’académie", "")},
		"a legal line unseen":   {"ledger", edit("audit/audit.json", "dit par l’académie", "\u2060")},
		"a legal line to come":  {"ledger", edit("audit/audit.json", "dit par l’académie", "[à remplir]")},
		"the manifest":          {"signature", edit(edition.ManifestFile, `"entscope test"`, `"entscope other"`)},
		"a key of the manifest": {"hash", edit(edition.ManifestFile, `"lang"`, `"name": "Martin", "lang"`)},
		"no manifest": {"hash", func(t *testing.T, dir string) {
			must(t, os.Remove(filepath.Join(dir,
				edition.ManifestFile)))
		}},
		"no signature": {"signature", func(t *testing.T, dir string) {
			must(t, os.Remove(filepath.Join(dir,
				edition.SignatureFile)))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			must(t, os.CopyFS(dir, os.DirFS(finished)))
			c.change(t, dir)
			r, err := Folders(context.Background(), Inputs{Editions: editions, Published: dir, Again: again,
				PublicKey: public}, config(t))
			must(t, err)
			switch {
			case c.claim == "" && !r.OK():
				t.Errorf("claims fail: %v", failed(r))
			case c.claim != "" && !fails(r, "publication."+c.claim):
				t.Errorf("%s holds; failing: %v", c.claim, failed(r))
			}
		})
	}
}

// A signature is never green without the key, and of another key it fails.
func TestSignatures(t *testing.T) {
	editions, dir := publish(t, nil)
	finish(t, editions, dir, testKey(1))
	for name, c := range map[string]struct {
		public ed25519.PublicKey
		want   Result
	}{
		"no key":      {nil, NotVerified},
		"its key":     {testKey(1).Public().(ed25519.PublicKey), Holds},
		"another key": {testKey(2).Public().(ed25519.PublicKey), Fails},
	} {
		r, err := Folders(context.Background(), Inputs{Editions: editions, Published: dir, PublicKey: c.public},
			config(t))
		must(t, err)
		n := 0
		for _, claim := range r.Claims {
			if strings.HasSuffix(claim.ID, ".signature") {
				n++
				if claim.Result != c.want {
					t.Errorf("%s: %s: %s", name, claim.ID, claim.Result)
				}
			}
		}
		if n != 3 {
			t.Errorf("%s: %d claims of a signature", name, n)
		}
	}
}

// What tried nothing, or is somebody's word, is never called held.
func TestNothingTriedIsNotHeld(t *testing.T) {
	for _, c := range []struct {
		proof Proof
		tried int64
		ok    bool
		want  Result
	}{
		{Proved, 1, true, Holds}, {Proved, 0, true, NotVerified}, {Attested, 5, true, NotVerified},
		{Unverifiable, 5, true, NotVerified}, {Proved, 0, false, Fails}, {Attested, 0, false, Fails},
	} {
		if got := resultOf(c.proof, c.tried, c.ok); got != c.want {
			t.Errorf("%s, %d tried, %v: %s", c.proof, c.tried, c.ok, got)
		}
	}
}
