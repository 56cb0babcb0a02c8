package papers

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
)

var update = flag.Bool("update", false, "write the goldens")

// sample are the facts of a study of 4,000 parents.
func sample(t *testing.T) Facts {
	t.Helper()
	claim := func(id string, proof audit.Proof, result audit.Result, numbers ...audit.Number) audit.Claim {
		return audit.Claim{ID: id, Product: strings.Split(id, ".")[0], Proof: proof, Result: result, Numbers: numbers}
	}
	r := &audit.Report{
		Products: []audit.Product{{Kind: "research", Name: "Édition de recherche", Manifest: strings.Repeat("ab", 32)},
			{Kind: "publication", Name: "Publication", Manifest: strings.Repeat("cd", 32)}},
		Claims: []audit.Claim{
			claim("research.k", audit.Proved, audit.Holds),
			claim("research.sensitive.1.visits.t_ordered", audit.Proved, audit.Holds),
			claim("research.units", audit.Attested, audit.NotVerified),
			claim("research.former", audit.Unverifiable, audit.NotVerified),
			claim("publication.subtraction", audit.Proved, audit.NotVerified),
			claim("publication.rules", audit.Proved, audit.Holds, audit.Number{Name: "personnes, rapport", Value: 11}),
		},
		OpenPoints: []string{"Un point ouvert."},
		Ledger: audit.Ledger{Controller: "Académie de Z", DPO: "dpd@example.org", Processors: "aucun",
			Purpose: "Comprendre l’usage de l’ENT", Retention: "12 mois", Convention: "l’université de Z"},
	}
	f, err := New(r, []*edition.Manifest{{
		Kind: edition.KindResearch, Study: "demo", Term: "2025-T1", Start: "2025-09-08", End: "2025-12-01",
		Subject: "parent", Software: "entscope test", KeyID: "0a0b",
		Population: edition.Population{Persons: 4000, Children: 3000, Families: 2400, Schools: 30},
		Anonymity: &edition.Anonymity{K: 11, AchievedK: 20, SuppressedPersons: 12, Attacks: []edition.AttackResult{
			{Attack: "singling out", Attacker: "anybody", Persons: 4000,
				Risk: 0.01, Low: -0.002, High: 0.02, Bound: 0.05},
			{Attack: "inference", Attacker: "co-parent", Secret: "visits", Persons: 4000,
				Risk: 0.02, Low: 0.01, High: 0.04, Bound: 0.05},
			{Attack: "linkability", Attacker: "school", Source: "schools", Persons: 4000,
				Risk: 0.002, Low: -0.001, High: 0.005, Bound: 0.05},
		}, LeftOut: []string{"evening"}},
		Thresholds:   edition.Thresholds{CellPersons: 20, StaffPersons: 11},
		Perturbation: edition.Perturbation{Variance: 9, Maximum: 8, Least: 5},
		Recounted:    []string{"accounts", "events"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestGoldens holds the papers to what was read over.
func TestGoldens(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		files, err := render(lang, sample(t))
		if err != nil {
			t.Fatal(err)
		}
		if len(files) != 6 {
			t.Errorf("%s: %d papers, want 6", lang, len(files))
		}
		for name, got := range files {
			path := filepath.Join("testdata", lang, name)
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s differs from %s; look, then -update", name, path)
			}
		}
	}
}

// TestBlanks: what nobody said is a blank, and what was said is not.
func TestBlanks(t *testing.T) {
	f := sample(t)
	said, err := render("fr", f)
	if err != nil {
		t.Fatal(err)
	}
	f.Audit.Ledger = audit.Ledger{}
	unsaid, err := render("fr", f)
	if err != nil {
		t.Fatal(err)
	}
	blanks := func(files map[string][]byte) (n int) {
		for _, text := range files {
			n += bytes.Count(text, []byte("[À COMPLÉTER"))
		}
		return n
	}
	if a, b := blanks(said), blanks(unsaid); a >= b {
		t.Errorf("%d blanks with a legal record, %d without", a, b)
	}
	for name, text := range unsaid {
		if bytes.Contains(text, []byte("attesté par le responsable")) && bytes.Contains(text, []byte("*(attesté")) {
			t.Errorf("%s: an empty line is attested", name)
		}
	}
}

// TestBlankLinesAreBlanks: what the audit of the legal record takes for blank is a blank of the papers.
func TestBlankLinesAreBlanks(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		f := sample(t)
		f.Audit.Ledger = audit.Ledger{}
		want, err := render(lang, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, nothing := range []string{"\u200b", "\u2060", "[à remplir]", "0", "…"} {
			v := reflect.ValueOf(&f.Audit.Ledger).Elem()
			for i := range v.NumField() {
				v.Field(i).SetString(nothing)
			}
			got, err := render(lang, f)
			if err != nil {
				t.Fatal(err)
			}
			for name := range want {
				if !bytes.Equal(got[name], want[name]) {
					t.Errorf("%s: %q is taken for a word", name, nothing)
				}
			}
		}
	}
}

// TestPapersSayWhatLeaves: rows of persons are named where they leave and nowhere else, with the thresholds of the
// manifest, and so is what clusters, the directory and an objection tell.
func TestPapersSayWhatLeaves(t *testing.T) {
	f := sample(t)
	f.Audit.OpenPoints = []string{edition.NoteRecognisable}
	f.Research.Thresholds = edition.Thresholds{CellPersons: 23, StaffPersons: 13}
	f.Research.Anonymity.K = 17
	cases := []struct {
		lang, paper string
		rows        string // said where rows leave
		always      []string
	}{
		{"fr", "INFORMATION-mineurs.md", "une ligne par parent", []string{"au moins 23 personnes (13 pour",
			"adresse électronique", "activé", "ce qui est déjà parti"}},
		{"fr", "INFORMATION-familles.md", "une ligne par parent", []string{"au moins 23 personnes (13 pour",
			"adresse électronique ou un numéro de téléphone est connu", "activé", "ne sont pas refaits"}},
		{"fr", "REGISTRE-article-30.md", "k-anonymat à 17", []string{"23 personnes (13 pour", "adresse électronique",
			"activation du compte"}},
		{"fr", "AIPD.md", "une ligne par personne", []string{"au moins 23 personnes, 13 pour les personnels",
			"| " + edition.NoteRecognisable + " | **risque", "| " + edition.NoteRecognisable + " | **[À COMPLÉTER"}},
		{"en", "NOTICE-minors.md", "one row for each parent", []string{"at least 23 people (13 for", "e-mail address",
			"activated", "already gone"}},
		{"en", "NOTICE-families.md", "one row for each parent", []string{"at least 23 persons (13 for",
			"e-mail address or a phone number is known", "activated", "not made again"}},
		{"en", "RECORD-article-30.md", "k-anonymity at 17", []string{"23 persons (13 for", "e-mail address",
			"activation of the account"}},
		{"en", "DPIA.md", "one row a person", []string{"at least 23 persons, 13 for staff",
			"| " + edition.NoteIn("en", edition.NoteRecognisable) + " | **risk",
			"| " + edition.NoteIn("en", edition.NoteRecognisable) + " | **[TO FILL IN"}},
	}
	for _, rows := range []bool{true, false} {
		if !rows {
			f.Research.Anonymity.Withheld = "research-2024"
		}
		for _, c := range cases {
			files, err := render(c.lang, f)
			if err != nil {
				t.Fatal(err)
			}
			text := string(files[c.paper])
			if strings.Contains(text, c.rows) != rows {
				t.Errorf("%s: rows leave: %t; %q", c.paper, rows, c.rows)
			}
			for _, want := range c.always {
				if !strings.Contains(text, want) {
					t.Errorf("%s does not say %q", c.paper, want)
				}
			}
		}
	}
}

// TestHostileWords: no text of others is mark-up in a paper, and none breaks a table.
func TestHostileWords(t *testing.T) {
	const hostile = "a | b\n| c | <script>x</script> [x](javascript:y) `z` **w**\u202e # t \x00"
	f := sample(t)
	v := reflect.ValueOf(&f.Audit.Ledger).Elem()
	for i := range v.NumField() {
		v.Field(i).SetString(hostile)
	}
	f.Audit.OpenPoints = []string{hostile}
	f.Research.Study, f.Research.Software, f.Research.KeyID = hostile, hostile, hostile
	f.Research.Anonymity.Attacks[0].Attacker = hostile
	raw := regexp.MustCompile("<script|[^\\\\]\\[x|[^\\\\]\\*\\*w\\*|\u202e|\x00|[^\\\\]\\| c ")
	for _, lang := range []string{"fr", "en"} {
		files, err := render(lang, f)
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range files {
			if at := raw.FindIndex(text); at != nil {
				t.Errorf("%s: %q", name, text[max(0, at[0]-20):at[1]])
			}
		}
	}
}

// TestLikelihood: the proposed level follows what the audit found.
func TestLikelihood(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Facts)
		want   Level
	}{
		"nothing wrong":  {func(*Facts) {}, Limited},
		"a claim fails":  {func(f *Facts) { f.Audit.Claims[0].Result = audit.Fails }, Significant},
		"a risk above":   {func(f *Facts) { f.Research.Anonymity.Attacks[1].High = 0.06 }, Significant},
		"nobody attacks": {func(f *Facts) { f.Research.Anonymity.Attacks = nil }, Significant},
		"no rows leave":  {func(f *Facts) { f.Research.Anonymity = nil }, Limited},
		"rows withheld":  {func(f *Facts) { f.Research.Anonymity.Withheld = "research-2024" }, Limited},
	} {
		f := sample(t)
		c.change(&f)
		if got := f.Likelihood(); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// TestNothingIsOverwritten: a blank that somebody filled in stays.
func TestNothingIsOverwritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "papers")
	if _, err := Write(dir, "fr", sample(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(dir, "fr", sample(t)); !errors.Is(err, durable.ErrForeign) {
		t.Errorf("a second time: %v", err)
	}
	if _, err := Write(filepath.Join(t.TempDir(), "x"), "de", sample(t)); err == nil {
		t.Error("a language that is none is taken")
	}
}
