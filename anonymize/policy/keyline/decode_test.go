package keyline_test

import (
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/anonymize/policy/keyline"
)

type shared struct {
	Map string `toml:"map" hints:"@maps"`
}

type feed struct {
	shared
	Format string   `toml:"format" need:"yes" words:"@formats"`
	Name   string   `toml:"name" need:"yes"`
	Files  []string `toml:"files"`
}

type file struct {
	About struct {
		Name    string         `toml:"name" need:"yes"`
		Subject string         `toml:"subject" need:"yes" words:"parent,pupil"`
		Start   toml.LocalDate `toml:"start"`
		Share   *float64       `toml:"share"`
		Sure    bool           `toml:"sure"`
	} `toml:"study" need:"yes"`
	Feeds     []feed           `toml:"source" need:"yes"`
	Registers map[string]*feed `toml:"registers" words:"loans,meetings"`
	Levels    []string         `toml:"levels" words:"ecole,college"`
}

const good = `levels = ["ecole"]
[study]
name = "x"
subject = "parent"
start = 2025-09-08
share = 1
[[source]]
name = "a"
format = "cas"
map = "anything"
[registers.loans]
name = "l"
format = "csv"
`

var formats = map[string][]string{"formats": {"cas", "csv"}}

// TestDecode changes one thing of a file that fits.
func TestDecode(t *testing.T) {
	for _, c := range []struct {
		name, old, new string
		filled         bool
		want           string // "" where it fits
	}{
		{"as it is", "", "", true, ""},
		{"case does not count", "name = \"x\"", "Name = \"x\"", true, ""},
		{"a day in quotes", "2025-09-08", `"2025-09-08"`, true, ""},
		{"an unknown key", "share = 1", "shere = 1", true, `line 6: study has no key "shere"; did you mean "share"?`},
		{"a key like none", "share = 1", "zzzzzzzzz = 1", true,
			`has no key "zzzzzzzzz"; it has name, subject, start, share, sure`},
		{"an unknown table", "[study]", "[stady]", true, `line 2: the file has no key "stady"; did you mean "study"?`},
		{"a table that is not there", "[study]", "[stady]", true,
			"these tables are needed and not there: [study] with name, subject"},
		{"an unknown key of a list", `map = "anything"`, "mapp = 1", true,
			`line 10: source 1 (a) has no key "mapp"; did you mean "map"?`},
		{"one key not set", `name = "x"`, "", true, "line 2: study.name is not set"},
		{"set to nothing", `name = "x"`, `name = ""`, true, "line 2: study.name is not set"},
		{"two keys not set", "name = \"a\"\nformat = \"cas\"", "", true, "line 7: source 1 lacks format, name"},
		{"a word that is none", `subject = "parent"`, `subject = "parents"`, true,
			`line 4: study.subject: "parents" is not one of parent, pupil; did you mean "parent"?`},
		{"a word of a named list", `format = "cas"`, `format = "cass"`, true,
			`line 9: source 1 (a): format: "cass" is not one of cas, csv`},
		{"a word in a list", `["ecole"]`, `["ecole", "lycee"]`, true,
			`line 1: levels: "lycee" is not one of ecole, college`},
		{"a table that is no register", "registers.loans", "registers.loan", true,
			`line 11: registers: "loan" is not one of loans, meetings`},
		{"text for a number", "share = 1", `share = "1"`, false, "line 6: study.share is text, and a number is needed"},
		{"a number for text", `name = "x"`, "name = 1", false,
			"line 3: study.name is a whole number, and text in quotes is needed"},
		{"text for a list", `map = "anything"`, `files = "a"`, false,
			"line 10: source 1 (a): files is text, and a list in brackets is needed"},
		{"text for a day", "2025-09-08", `"8 September"`, false,
			"line 5: study.start is text, and a date such as 2025-09-08 is needed"},
		{"a time for a day", "2025-09-08", "2025-09-08T10:00:00", false, "a date or a time, and a date such as"},
		{"a table for a list", "[[source]]", "[source]", false, "line 7: source is a table, and a list of tables"},
		{"no TOML", "share = 1", "share = ", false, "line 6, column 9: "},
		{"a key twice", "share = 1", "share = 1\nshare = 2", false, "line 7, column 1: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(good, c.old, c.new, 1)
			var f file
			_, filled, err := keyline.Decode([]byte(text), &f, formats)
			if filled != c.filled {
				t.Errorf("filled %t, want %t", filled, c.filled)
			}
			if filled && f.Registers == nil {
				t.Error("said to be filled, and is not")
			}
			if c.want == "" && err != nil {
				t.Errorf("refused: %v", err)
			}
			if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "struct") {
				t.Errorf("speaks of Go: %v", err)
			}
		})
	}
}

// TestNothingOfAWrongFileIsSaid: who names a key, or records of persons, as a configuration reads
// where it fails and nothing of what stands there.
func TestNothingOfAWrongFileIsSaid(t *testing.T) {
	for name, text := range map[string]string{
		"a master key": "ENTSCOPE-MASTER-KEY-1\nd8eb72c3aa5f\n",
		"an identity":  "# created: today\nAGE-SECRET-KEY-1QQPZRY9X8\n",
		"records":      "nom;prenom;naissance\nMARTIN;Jeanne;2013-04-01\n",
		"a log":        "192.0.2.7 - jmartin [01/Sep/2025:10:00:00 +0200] \"GET /\" 200\n",
		"documents":    `{"nom": "MARTIN", "prenom": "Jeanne"}` + "\n",
		"a value":      "name = MARTIN\nfirst = \"Jeanne\"\n",
		"a text":       "name = \"MARTIN Jeanne\n",
	} {
		var f file
		_, _, err := keyline.Decode([]byte(text), &f, formats)
		if err == nil {
			t.Errorf("%s: taken", name)
			continue
		}
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \n;\",:{}[]=", r) }) {
			if len(word) > 3 && strings.Contains(err.Error(), word) && !strings.Contains("name first", word) {
				t.Errorf("%s: %q is said: %v", name, word, err)
			}
		}
	}
}

// FuzzDecode: whatever fits is what the decoder of TOML takes.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("study = 1\nsource = [1]\nregisters = { loans = [] }\nlevels = { a = 1 }"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var v, again file
		_, filled, err := keyline.Decode(data, &v, formats)
		if !filled && err == nil {
			t.Fatal("neither filled nor refused")
		}
		if filled && toml.Unmarshal(data, &again) != nil {
			t.Fatal("filled with what cannot be read")
		}
	})
}
