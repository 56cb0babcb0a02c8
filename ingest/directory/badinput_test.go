package directory

import (
	"context"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/ingest/tabular"
)

// hostile are beginnings of files that could make a reader hold or do too much.
var hostile = map[string]struct{ head, fill string }{
	"line without end":       {"", "x"},
	"quote without end":      {"\"", "x"},
	"quotes":                 {"", "\"\n"},
	"columns without end":    {"", ";"},
	"a million columns":      {strings.Repeat("x;", 500_000) + "\n", "x;\n"},
	"NUL bytes":              {"", "\x00"},
	"line ends":              {"", "\n"},
	"carriage returns":       {"", "\r"},
	"elements without end":   {"", "<a>"},
	"closing tags":           {"<a>", "</b>"},
	"attributes without end": {"<a", " b='c'"},
	"entities":               {"<a>", "&lol;"},
	"references":             {"<a>", "&#x41;"},
	"billion laughs": {`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m ` +
		`"&l;&l;&l;&l;&l;&l;&l;&l;">]><ficAlimMENESR><addRequest>`,
		"<value>&m;</value>"},
	"external entity": {`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l SYSTEM "file:///etc/passwd">]><a>`, "&l;"},
	"values without end": {`<ficAlimMENESR><addRequest><operationalAttributes><attr ` +
		`name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>` +
		`<identifier><id>1</id></identifier><attributes><attr name="ENTEleveClasses">`, "<value>9990001X$6A</value>"},
	"structures without end": {`<BEE_ELEVES><DONNEES><STRUCTURES><STRUCTURES_ELEVE ELEVE_ID="1">`,
		"<STRUCTURE><CODE_STRUCTURE>6A</CODE_STRUCTURE><TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE>"},
}

// TestBadInput: every reader of the directory ends on every hostile file, with
// or without an error, in bounded memory, and no text of the file is in what it
// says.
func TestBadInput(t *testing.T) {
	m := func(columns map[string]any) *tabular.Mapping {
		return &tabular.Mapping{Columns: columns, Date: "2006-01-02"}
	}
	table := func(columns map[string]any) *Table {
		return &Table{Files: []string{"hostile.csv"}, Accounts: "entcore", Mapping: m(columns)}
	}
	readers := map[string]struct {
		head string
		set  func(*Options)
	}{
		"AAF":       {"", func(o *Options) { o.AAF = []string{"ENT_Complet_20250901_Eleve_0000.xml"} }},
		"AAF delta": {"", func(o *Options) { o.AAF = []string{"ENT_Delta_20250901_PersRelEleve_0000.xml"} }},
		"SIECLE":    {"", func(o *Options) { o.SIECLE = []string{"hostile.xml"} }},
		"imports": {"externalId;Prénom*;Nom*;Classe\n", func(o *Options) {
			o.Imports = []string{"x@9990001X/hostile.csv"}
		}},
		"Onde": {"Nom responsable;Prénom responsable;Nom de famille enfant;Prénom enfant;Classes enfants\n",
			func(o *Options) {
				o.Imports = []string{"x@9990001X/hostile.csv"}
			}},
		"accounts": {"p;a\n", func(o *Options) {
			o.Accounts = []Table{*table(map[string]any{"person": "p", "account": "a"})}
		}},
		"persons": {"p;f\n", func(o *Options) {
			o.Persons = []Table{*table(map[string]any{"person": "p", "profile": "f"})}
		}},
		"merges": {"p;q;f\n", func(o *Options) {
			o.Merges = []Table{*table(map[string]any{"person": "p", "same_as": "q", "profile": "f"})}
		}},
		"schools": {"UAI;IPS\n", func(o *Options) { o.Schools = table(map[string]any{"uai": "UAI", "ips": "IPS"}) }},
		"calendar": {"Description;Population;Date de début;Date de fin;Académies;Zones;annee_scolaire\n",
			func(o *Options) {
				o.Calendar = []string{"hostile.csv"}
			}},
	}
	for reader, r := range readers {
		for file, h := range hostile {
			for _, head := range []string{r.head, ""} {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				o := Options{Start: 20339, End: 20436, Zone: time.UTC, Open: func(string) (io.ReadCloser, error) {
					fill := &refill{text: strings.Repeat(h.fill, 1+(32<<10)/len(h.fill)), left: 2 << 20}
					return io.NopCloser(io.MultiReader(strings.NewReader(head+h.head), fill)), nil
				}}
				r.set(&o)
				d, err := Read(context.Background(), o)
				runtime.ReadMemStats(&after)
				if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > 32 {
					t.Errorf("%s, %s: %d MiB were allocated", reader, file, grown)
				}
				if err != nil && (len(err.Error()) > 1000 || strings.Contains(err.Error(), "passwd") ||
					strings.Contains(err.Error(), "x;x")) {
					t.Errorf("%s, %s: the error holds text of the file", reader, file)
				}
				if err == nil && len(d.Persons) > 2 {
					t.Errorf("%s, %s: %d persons", reader, file, len(d.Persons))
				}
			}
		}
	}
}

// refill reads a text over and over.
type refill struct {
	text string
	at   int
	left int
}

func (r *refill) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), r.left)], r.text[r.at:])
	r.at, r.left = (r.at+n)%len(r.text), r.left-n
	return n, nil
}
