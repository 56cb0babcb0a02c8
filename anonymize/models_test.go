package anonymize

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/policy"
	"github.com/entscope/entscope/anonymize/privacy"
)

// asked asks each model of a behaviour of the research edition, with a bound that the
// drawn region meets.
var asked = map[privacy.Model]string{
	privacy.DistinctL:   "name = \"evening\"\ndistinct_l = 2",
	privacy.EntropyL:    "name = \"evening\"\nentropy_l = 1.1",
	privacy.RecursiveCL: "name = \"evening\"\nrecursive = [20.0, 2]",
	privacy.TEqual:      "name = \"evening\"\nt = 0.5\ndistance = \"equal\"",
	privacy.TOrdered: "name = \"visits\"\nt = 0.5\ndistance = \"ordered\"\n" +
		"order = [\"0-never\", \"1-under 1/month\", \"2-monthly\", \"3-weekly\", \"4-several a week\", \"5-daily\"]",
	privacy.THierarchical: "name = \"visits\"\nt = 0.5\ndistance = \"hierarchical\"\nhierarchy = \"visits.csv\"",
	privacy.Beta:          "name = \"evening\"\nbeta = 5.0",
	privacy.BetaEnhanced:  "name = \"evening\"\nbeta = 5.0\nenhanced = true",
	privacy.BetaRare:      "name = \"accompanied\"\nbeta = 5.0\nrare = \"yes\"",
	privacy.Delta:         "name = \"evening\"\ndelta = 3.0",
	privacy.Alpha:         "name = \"evening\"\nalpha = 0.99",
}

const visitsTree = "0-never;never;*\n1-under 1/month;seldom;*\n2-monthly;seldom;*\n3-weekly;often;*\n" +
	"4-several a week;often;*\n5-daily;often;*\n"

// Every model that a policy accepts is searched, claimed in the manifest with all its
// parameters, and recounted by the audit's own arithmetic; a changed claim is refused. One
// policy asks them all: each has a claim of its own.
func TestEveryModelFromPolicyToAudit(t *testing.T) {
	region := draw(1, 9, 24)
	const known = "known_to_school = [\"accompanied\"]\n" // which such a policy does not name
	text := strings.Replace(string(policy.ResearchText()), known, "", 1)
	from, to := strings.Index(text, "# A binary rarer"), strings.Index(text, "[cells]")
	var all strings.Builder
	for _, rule := range privacy.Rules {
		all.WriteString("[[sensitive]]\n" + asked[rule.Model] + "\n\n")
	}
	p, err := policy.Parse([]byte(text[:from] + all.String() + text[to:]))
	if err != nil {
		t.Fatal(err)
	}
	o := options(t, region)
	o.Research, o.Files = p, func(string) ([]byte, error) { return []byte(visitsTree), nil }
	dir, err := Research(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	claims := manifestOf(t, dir).Anonymity.Sensitive
	if len(claims) != len(privacy.Rules) {
		t.Fatalf("%d claims of %d models", len(claims), len(privacy.Rules))
	}
	asItIs := judged(t, dir, len(claims))
	promise(t, dir, func(_ int, s *edition.SensitiveClaim) { s.Achieved += 0.01 })
	more := judged(t, dir, len(claims))
	promise(t, dir, func(at int, s *edition.SensitiveClaim) { *s = tighter(privacy.Rules[at], claims[at]) })
	closer := judged(t, dir, len(claims))
	for at, rule := range privacy.Rules {
		t.Run(string(rule.Model), func(t *testing.T) {
			if got := p.Sensitive[at].Model; got != rule.Model {
				t.Fatalf("the policy asks %s", got)
			}
			claim := claims[at]
			if claim.Model != string(rule.Model) {
				t.Errorf("the manifest claims %s", claim.Model)
			}
			for name, c := range map[string]struct {
				use     privacy.Use
				claimed bool
			}{
				"c": {rule.C, claim.C != 0}, "order": {rule.Order, claim.Order != nil},
				"rare": {rule.Rare, claim.Rare != ""}, "tree": {rule.Tree, claim.Tree != nil},
			} {
				if c.use != privacy.May && c.claimed != (c.use == privacy.Must) {
					t.Errorf("%s is claimed: %v", name, c.claimed)
				}
			}
			if found := asItIs[at]; found.Result != audit.Holds {
				t.Errorf("the audit says %q: %s", found.Proof, found.Detail)
			}
			if found := more[at]; found.Result != audit.Fails {
				t.Error("an achieved value that the files do not give passes")
			}
			if found := closer[at]; found.Result != audit.Fails {
				t.Errorf("a bound that no class meets passes: %s", found.Detail)
			}
		})
	}
}

// tighter is the claim with a bound that its own achieved value misses.
func tighter(rule privacy.Rule, s edition.SensitiveClaim) edition.SensitiveClaim {
	switch {
	case rule.C == privacy.Must:
		s.C = s.Achieved / 2
	case rule.AtLeast:
		s.Bound = s.Achieved + 1
	default:
		s.Bound = s.Achieved / 2
	}
	return s
}

// judged is what the audit says of each of so many bounds of an edition.
func judged(t *testing.T, dir string, bounds int) []audit.Claim {
	t.Helper()
	r, err := audit.Folders(context.Background(), audit.Inputs{Editions: []string{dir}},
		engine.Config{MemoryMB: 128, Threads: 1, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	out := make([]audit.Claim, bounds)
	for at := range out {
		found := slices.IndexFunc(r.Claims, func(c audit.Claim) bool {
			return strings.Contains(c.ID, fmt.Sprintf("sensitive.%d.", at+1))
		})
		if found < 0 {
			t.Fatalf("the audit says nothing of bound %d", at+1)
		}
		out[at] = r.Claims[found]
	}
	return out
}

// promise changes the claims in the manifest of an edition.
func promise(t *testing.T, dir string, change func(at int, s *edition.SensitiveClaim)) {
	t.Helper()
	m := manifestOf(t, dir)
	for at := range m.Anonymity.Sensitive {
		change(at, &m.Anonymity.Sensitive[at])
	}
	data, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "manifest.json")
	os.Chmod(path, 0o600)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
