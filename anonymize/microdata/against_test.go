package microdata

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
)

// againstWhat releases classes of 4, 30 and 10 persons, of whom 4, 15 and 8 are ill. The four are too few to
// stay: "yes" raises the share of the ten by 0.30 of that of the table, and by 0.39 of that of what leaves.
func againstWhat(t *testing.T, against string) (dir, sealed string, report *Report) {
	t.Helper()
	text := strings.Builder{}
	fmt.Fprintln(&text, "id,age,ill")
	id := 0
	for _, class := range []struct{ age, ill, persons int }{{10, 4, 4}, {11, 15, 30}, {12, 8, 10}} {
		for i := range class.persons {
			id++
			fmt.Fprintf(&text, "%d,%d,%s\n", id, class.age, map[bool]string{true: "yes", false: "no"}[i < class.ill])
		}
	}
	return anonymized(t, text.String(), `
person = "id"
k = 5
suppression_limit = 0.1
recoding = "full-domain"
metric = "loss"
[[quasi_identifier]]
name = "age"
[[sensitive]]
name = "ill"
beta = 0.35
`+against)
}

// TestWholeTableAlone: what leaves tells more than what a bound against the table alone says; the choice,
// and what the other would cost, are said, and an audit proves no more than was promised.
func TestWholeTableAlone(t *testing.T) {
	_, _, both := againstWhat(t, "")
	if both.WholeTable == nil {
		t.Fatal("nothing is said of the table alone")
	}
	dir, sealed, alone := againstWhat(t, `against = "table"`)
	if alone.WholeTable != nil {
		t.Error("the table alone is said to cost something beside itself")
	}
	if *both.WholeTable != (Loss{alone.Score, alone.SuppressedPersons, alone.SuppressedRows}) {
		t.Errorf("said %+v, found %v, %d", both.WholeTable, alone.Score, alone.SuppressedPersons)
	}
	if !(both.Score > alone.Score) {
		t.Errorf("scores %v and %v: the case shows nothing", both.Score, alone.Score)
	}
	claim := func() (audit.Claim, bool) {
		persons, err := audit.ReadSealed(sealed)
		if err != nil {
			t.Fatal(err)
		}
		r, err := audit.Table(context.Background(), audit.TableInputs{Dir: dir, Sealed: persons},
			engine.Config{MemoryMB: 128, Threads: 1, TempDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range r.Claims {
			if strings.Contains(c.ID, "sensitive.1.ill.beta") {
				return c, true
			}
		}
		return audit.Claim{}, false
	}
	c, ok := claim()
	if !ok || c.Result == audit.Fails || c.Proof != audit.Attested {
		t.Errorf("against the table alone: %+v", c)
	}
	forge(t, dir, func(m *edition.Manifest, _ map[string][]byte) { m.Anonymity.Sensitive[0].Against = "" })
	if c, ok = claim(); !ok || c.Result != audit.Fails {
		t.Errorf("promised of what leaves, too: %+v", c)
	}
}
