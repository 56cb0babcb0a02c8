package microdata

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/policy"
)

func TestReaderTakesForOne(t *testing.T) {
	r := newReader()
	for _, group := range [][]string{
		{"7", " 7", "7 ", "07", "7.0", "7,0", "+7", "7.", "\u00a07"},
		{"0", "-0", "0.0", "00", "-0,0"},
		{"décès", "de\u0301ce\u0300s", " Décès", "DÉCÈS ", "décès\u00a0", "dé\u200bcès", "dé\u00adcès"},
		{"l'ULIS", "l’ULIS", "L‘ulis"},
		{"sous-titre", "sous‐titre"},
		{"7", "７", "\ufeff7"},
		{"a b", "a  b", "A\tB"},
		{"1e3", "1000", "1000.0"},
		{"", " ", "\u3000"},
	} {
		for _, text := range group[1:] {
			if got, want := r.form(text), r.form(group[0]); got != want {
				t.Errorf("%q reads as %q, %q as %q", text, got, group[0], want)
			}
		}
	}
	for _, pair := range [][2]string{{"7", "70"}, {"7", "-7"}, {"0.7", "7"}, {"a", "b"}, {"7a", "07a"}, {"é", "e"},
		{"1,5", "15"}} {
		if r.form(pair[0]) == r.form(pair[1]) {
			t.Errorf("%q and %q read as one", pair[0], pair[1])
		}
	}
}

// job runs the anonymiser on a text and a policy.
func job(t *testing.T, csv, text string) (*Report, error) {
	t.Helper()
	dir := t.TempDir()
	for name, data := range map[string]string{"in.csv": csv, "policy.toml": text} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Anonymize(t.Context(), Job{Input: filepath.Join(dir, "in.csv"), Policy: filepath.Join(dir, "policy.toml"),
		Out: filepath.Join(dir, "out"), Software: "entscope test", Threads: 1})
}

const flat = "[[quasi_identifier]]\nname = \"q\"\nmax_level = 0\n"

// TestEmptyPromises lays policies whose words promise nothing, and tables in which
// spellings would pass for persons or for diversity.
func TestEmptyPromises(t *testing.T) {
	for name, c := range map[string]struct {
		csv, policy string
		refused     error
	}{
		"rare in another case": {"q,s\nA,oui\nA,non\n",
			"k = 1\n" + flat + "[[sensitive]]\nname = \"s\"\nalpha = 0.5\nrare = \"Oui\"\n", policy.ErrPolicy},
		"order with a value too much": {"q,s\nA,1\nA,2\n",
			"k = 1\n" + flat +
				"[[sensitive]]\nname = \"s\"\nt = 0.5\ndistance = \"ordered\"\norder = [\"1\", \"2\", \"3\"]\n",
			policy.ErrPolicy},
		"average risk of nothing": {"q\nA\nA\n", "k = 1\naverage_risk = 0\n" + flat, policy.ErrPolicy},
		"level below 0": {"q\nA\nA\n", "k = 1\n[[quasi_identifier]]\nname = \"q\"\nmax_level = -1\n",
			policy.ErrPolicy},
		"missing value as diversity": {"q,s\nA,flu\nA,\nA,flu\n",
			"k = 3\n" + flat + "[[sensitive]]\nname = \"s\"\ndistinct_l = 2\n", policy.ErrPolicy},
		"blank as diversity": {"q,s\nA,flu\nA,  \nA,flu\n",
			"k = 3\n" + flat + "[[sensitive]]\nname = \"s\"\ndistinct_l = 2\n", policy.ErrPolicy},
		"not a number as diversity": {"q,s\nA,1\nA,NaN\nA,1\n",
			"k = 3\n" + flat + "[[sensitive]]\nname = \"s\"\ndistinct_l = 2\n", policy.ErrPolicy},
		"blank as a person": {"p,q\n1,A\n  ,A\n3,A\n", "person = \"p\"\nk = 3\n" + flat, ErrInput},
		"spellings as diversity": {"q,s\nA,flu\nA,Flu \nA,flu\n",
			"k = 3\n" + flat + "[[sensitive]]\nname = \"s\"\ndistinct_l = 2\n", kanon.ErrUnsatisfiable},
		"spellings as persons": {"p,q\n7,A\n07,A\n7.0,A\n", "person = \"p\"\nk = 3\n" + flat, kanon.ErrUnsatisfiable},
		"kept pseudonym": {"p,q,h\n1,A,a\n2,A,b\n3,A,c\n", "person = \"p\"\nk = 3\nkeep = [\"h\"]\n" + flat,
			ErrIdentifier},
	} {
		if _, err := job(t, c.csv, c.policy); !errors.Is(err, c.refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSaidOtherwise meets the ways on that the refusals name.
func TestSaidOtherwise(t *testing.T) {
	for name, c := range map[string]struct{ csv, policy string }{
		"may be absent": {"q,s\nA,1\nA,2\n",
			"k = 1\n" + flat +
				"[[sensitive]]\nname = \"s\"\nt = 0.5\ndistance = \"ordered\"\norder = [\"1\", \"2\", \"3\"]\n" +
				"may_be_absent = true\n"},
		"missing category": {"q,s\nA,flu\nA,\nA,flu\n",
			"k = 3\n" + flat + "[[sensitive]]\nname = \"s\"\ndistinct_l = 2\nmissing = \"category\"\n"},
		"kept subject": {"p,q,h\n1,A,x\n2,A,x\n3,A,y\n4,A,y\n", "person = \"p\"\nk = 3\nkeep = [\"h\"]\n" + flat},
		"decimal comma": {"q;age\nA;1,5\nA;2,5\n", "k = 2\ninput = { delimiter = \";\" }\n" + flat +
			"[[quasi_identifier]]\nname = \"age\"\nhierarchy = { intervals = [5, 10] }\n"},
		"returns alone": {"q\rA\rA\r", "k = 2\n" + flat},
	} {
		if _, err := job(t, c.csv, c.policy); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	r, err := job(t, "p,q\n7,A\n07,A\n8,A\n", "person = \"p\"\nk = 2\n"+flat)
	if err != nil {
		t.Fatal(err)
	}
	if r.Persons != 2 {
		t.Errorf("%d persons, want 2", r.Persons)
	}
	if len(r.Doubts) != 1 || r.Doubts[0].Values != 1 {
		t.Errorf("doubts %v, want one value of one column", r.Doubts)
	}
	if text := r.Doubts[0].String(); strings.Contains(text, "07") {
		t.Errorf("a value is shown: %s", text)
	}
}
