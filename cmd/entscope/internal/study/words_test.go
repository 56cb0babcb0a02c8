package study

import (
	"fmt"
	"strings"
	"testing"
)

// lineOf is the number of the first line of text that holds a word.
func lineOf(text, word string) int {
	before, _, _ := strings.Cut(text, word)
	return strings.Count(before, "\n") + 1
}

// TestWrongWords: a word that no row could use is refused when the study is read,
// with its line, the allowed words and the nearest of them.
func TestWrongWords(t *testing.T) {
	const csv = `
[[source]]
name = "books"
format = "csv"
files = ["raw/*.csv"]
accounts = "clicks"
[source.csv]
datetime = "unix"
columns = { account = "a", at = "t", service = "s" }
values.service = { Livret = "report-book",
  Notes = "grades" }
constants = { profile = "parent" }
`
	text := valid + csv
	if _, err := read(t, text); err != nil {
		t.Fatalf("both spellings are read: %v", err)
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"value", `Notes = "grades"`, `Notes = "grade"`, `values.service: "grade" is not one of unknown, storage,`},
		{"nearest", `Notes = "grades"`, `Notes = "grade"`, `did you mean "grades"?`},
		{"constant", `profile = "parent"`, `profile = "parents"`,
			`constants.profile: "parents" is not one of unknown, pupil,`},
		{"charset", `datetime = "unix"`, "datetime = \"unix\"\ncharset = \"utf-9\"",
			`charset "utf-9" is not one of utf-8`},
		{"grade level", `"3e", "Tle"`, `"3eme", "Tle"`, `did you mean "3e"?`},
		{"time zone", `timezone = "Europe/Paris"`, `timezone = "Europe/Lutece"`, "not a time zone"},
	} {
		t.Run(c.name, func(t *testing.T) {
			changed := strings.Replace(text, c.old, c.new, 1)
			_, err := read(t, changed)
			if err == nil {
				t.Fatal("accepted")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			last := c.new[strings.LastIndexByte(c.new, '\n')+1:]
			if want := fmt.Sprintf("line %d: ", lineOf(changed, last)); !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}

// TestCatalogServices: with a table of the catalog, a service may be any name of it.
func TestCatalogServices(t *testing.T) {
	const csv = `
[[source]]
name = "tabs"
format = "csv"
files = ["raw/*.csv"]
accounts = "clicks"
[source.csv]
datetime = "unix"
catalog = "pronote.tab"
columns = { account = "a", at = "t", service = "s" }
values.service = { Notes = "198" }
`
	if _, err := read(t, valid+csv); err != nil {
		t.Error(err)
	}
}

// TestRegisterWords: what a register maps to no field, or to a word that its field
// does not have, is refused with its line and the list.
func TestRegisterWords(t *testing.T) {
	const register = `
[registers.contents]
files = ["raw/contents.csv"]
[registers.contents.csv]
datetime = "unix"
columns = { school = "uai", at = "t", kind = "type" }
values.kind = { Film = "video",
  Billet = "blog" }
constants = { media = "non" }
`
	text := valid + register
	if _, err := read(t, text); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"value", `Billet = "blog"`, `Billet = "blogue"`,
			`values.kind: "blogue" is not one of blog, workbook, video, news`},
		{"constant", `media = "non"`, `media = "jamais"`, `constants.media: "jamais" is not one of oui, non,`},
		{"field", `columns = { school = "uai", at`, `columns = { titre = "T", school = "uai", at`,
			`columns: field "titre" is not one of school, class, at, kind, media`},
		{"register", "[registers.contents]", "[registers.content]", `"content" is not one of publications, contents,`},
	} {
		t.Run(c.name, func(t *testing.T) {
			changed := strings.Replace(text, c.old, c.new, 1)
			_, err := read(t, changed)
			if err == nil {
				t.Fatal("accepted")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if want := fmt.Sprintf("line %d: ", lineOf(changed, c.new)); !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}
