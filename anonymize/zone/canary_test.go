package zone

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/join"
	"github.com/entscope/entscope/ingest/register"
	"github.com/entscope/entscope/ingest/tabular"
)

// canaries are inputs of every kind but logs, of 300 records each: what of it can be missing without a word?
var canaries = map[string]string{
	"Eleve.xml": xmlOf("ficAlimMENESR", func(i int) string {
		return requestOf("Eleve", fmt.Sprintf("E%d", i), `<attr name="ENTPersonStructRattach"><value>77</value></attr>`+
			fmt.Sprintf(`<attr name="ENTElevePersRelEleve"><value>P%d$1$1$1$1$1</value></attr>`, i))
	}),
	"PersRelEleve.xml": xmlOf("ficAlimMENESR", func(i int) string {
		return requestOf("PersRelEleve", fmt.Sprintf("P%d", i), "")
	}),
	"ElevesAvecAdresses.xml": xmlOf("BEE_ELEVES", func(i int) string {
		head := ""
		if i == 0 {
			head = "<PARAMETRES><UAJ>9990001X</UAJ></PARAMETRES>"
		}
		return head + fmt.Sprintf(`<ELEVE ELEVE_ID="%d"><CODE_MEF>10010012110</CODE_MEF></ELEVE>`, i)
	}),
	"ResponsablesAvecAdresses.xml": xmlOf("BEE_RESPONSABLES", func(i int) string {
		return fmt.Sprintf(`<PERSONNE PERSONNE_ID="%d"></PERSONNE><RESPONSABLE_ELEVE><ELEVE_ID>%d</ELEVE_ID>`+
			`<PERSONNE_ID>%d</PERSONNE_ID><RESP_LEGAL>1</RESP_LEGAL></RESPONSABLE_ELEVE>`, i, i, i)
	}),
	"9990002Y/eleves.csv": rowsOf("externalid;Prénom;Nom;Classe", func(i int) string {
		return fmt.Sprintf("I%d;Zoé;N;6A", i)
	}),
	"9990002Y/parents.csv": rowsOf("externalId;Nom;Childexternalid", func(i int) string {
		return fmt.Sprintf("G%d;N;I%d", i, i)
	}),
	"9990003Z/onde.csv": rowsOf(`"Nom Elève";"Nom d'usage Elève";"Prénom Elève";"Date naissance";"Niveau";"Classe"`,
		func(i int) string { return fmt.Sprintf(`"N%d";"";"Zoé";"2015-02-01";"CM2";"CM2 B"`, i) }),
	"persons.csv": rowsOf("person;profile;school;child", func(i int) string {
		if i%2 == 0 {
			return fmt.Sprintf("T%d;pupil;9990004A;", i)
		}
		return fmt.Sprintf("T%d;parent;9990004A;T%d", i, i-1)
	}),
	"accounts.csv": rowsOf("person;profile;account", func(i int) string { return fmt.Sprintf("P%d;parent;a%d", i, i) }),
	"merges.csv": rowsOf("person;same_as;profile", func(i int) string {
		return fmt.Sprintf("T%d;T%d;pupil", i%75*4, i%75*4+2)
	}),
	"schools.csv": rowsOf("uai;level", func(i int) string { return fmt.Sprintf("%07dA;college", i+1) }),
	"calendar.csv": rowsOf("Description;Population;Date de début;Date de fin;Académies;Zones", func(i int) string {
		return fmt.Sprintf("Vacances;-;2025-%02d-10;2025-%02d-11;Lille;Zone B", i%12+1, i%12+1)
	}),
}

const canaryRecords = 300

func requestOf(category, id, attributes string) string {
	return `<addRequest><operationalAttributes><attr name="categoriePersonne"><value>` + category + `</value></attr>` +
		`</operationalAttributes><identifier><id>` + id + `</id></identifier><attributes>` + attributes +
		`</attributes></addRequest>`
}

func xmlOf(root string, record func(int) string) string {
	return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + root + ">\n" + linesOf(record) + "</" + root + ">\n"
}

func rowsOf(headings string, row func(int) string) string { return headings + "\n" + linesOf(row) }

func linesOf(line func(int) string) string {
	var b strings.Builder
	for i := range canaryRecords {
		b.WriteString(line(i))
		b.WriteByte('\n')
	}
	return b.String()
}

// registerCanaries adds a file of each register, of its example.
func registerCanaries(files map[string]string) []register.Table {
	var tables []register.Table
	for _, r := range register.All() {
		columns := map[string]any{}
		var headings []string
		for _, f := range r.Fields {
			columns[f.Name] = f.Name
			headings = append(headings, f.Name)
		}
		file := r.Name + ".csv"
		files[file] = rowsOf(strings.Join(headings, ";"), func(int) string { return r.Example })
		tables = append(tables, register.Table{Register: r, Files: []string{file}, Mapping: &tabular.Mapping{
			Delimiter: ";", Columns: columns, Date: "2006-01-02", DateTime: "2006-01-02 15:04"}})
	}
	return tables
}

// words are what a run would say of a directory of these files, when it accepted sizes before.
func words(
	t *testing.T, files map[string]string, registers []register.Table, sizes map[string]int64,
) ([]string, *directory.Directory) {
	t.Helper()
	table := func(file string, columns ...string) directory.Table {
		m := &tabular.Mapping{Delimiter: ";", Columns: map[string]any{}}
		for _, c := range columns {
			m.Columns[c] = c
		}
		return directory.Table{Files: []string{file}, Mapping: m}
	}
	accounts, schools := table("accounts.csv", "person", "profile", "account"), table("schools.csv", "uai", "level")
	accounts.Accounts = "ent"
	d, err := directory.Read(context.Background(), directory.Options{
		AAF:      []string{"Eleve.xml", "PersRelEleve.xml"},
		SIECLE:   []string{"ElevesAvecAdresses.xml", "ResponsablesAvecAdresses.xml"},
		Imports:  []string{"9990002Y/eleves.csv", "9990002Y/parents.csv", "9990003Z/onde.csv"},
		Persons:  []directory.Table{table("persons.csv", "person", "profile", "school", "child")},
		Accounts: []directory.Table{accounts},
		Merges:   []directory.Table{table("merges.csv", "person", "same_as", "profile")},
		Schools:  &schools, Calendar: []string{"calendar.csv"},
		Registers: func(ctx context.Context, l *directory.Lookup) error {
			return register.Read(ctx, registers, l, nil)
		},
		Start: 20_000, End: 20_100, Zone: time.UTC,
		Open: func(name string) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(files[name])), nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	l := Limits{Rejected: 1, Joins: join.Floors{Known: 0.5, Sure: 0.8}, Lost: 0.1}
	v := l.ofDirectory(d, sizes)
	doubts, err := l.Joins.Judge(d.Joins)
	if err != nil {
		doubts = append(doubts, err.Error())
	}
	return slices.Concat(v.Doubts, v.texts(), doubts), d
}

// TestCanary: an input of any kind with its end cut, or with one record in a hundred missing, is noticed when it is not
// the first; a cut within a record is noticed always.
func TestCanary(t *testing.T) {
	files := maps.Clone(canaries)
	registers := registerCanaries(files)
	whole, d := words(t, files, registers, nil)
	if again, _ := words(t, files, registers, d.Sizes); len(again) != len(whole) {
		t.Fatalf("the whole input is doubted: %q", again)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		text := []byte(files[name])
		line := bytes.LastIndexByte(text[:len(text)*9/10], '\n') + 1
		for what, c := range map[string]struct {
			text  []byte
			first bool // noticed without a delivery before
		}{
			"cut within its last record": {text[:len(text)-4], true},
			"cut within a record":        {text[:line+7], true},
			"cut behind a record":        {text[:line], strings.HasSuffix(name, ".xml")},
			"one in a hundred missing":   {thinned(text), false},
			"empty":                      {nil, strings.HasSuffix(name, ".xml")},
		} {
			if len(c.text) == 0 && !strings.HasSuffix(name, ".xml") {
				continue // headings that are not there end the run
			}
			changed := maps.Clone(files)
			changed[name] = string(c.text)
			if said, _ := words(t, changed, registers, d.Sizes); slices.Equal(said, whole) {
				t.Errorf("%s %s is not noticed", name, what)
			}
			if said, _ := words(t, changed, registers, nil); c.first && slices.Equal(said, whole) {
				t.Errorf("%s %s is not noticed the first time", name, what)
			}
		}
	}
}

// thinned is a text without three of its lines.
func thinned(text []byte) []byte {
	lines := bytes.SplitAfter(text, []byte("\n"))
	for _, i := range []int{250, 133, 20} {
		lines = slices.Delete(lines, i, i+1)
	}
	return bytes.Join(lines, nil)
}

// TestExpected: where there is no delivery before, the number that the study expects makes a loss visible.
func TestExpected(t *testing.T) {
	l := Limits{Lost: 0.1}
	for _, c := range []struct {
		name             string
		records          int64
		doubted, refused int
	}{
		{"as many", 300, 0, 0},
		{"one less", 299, 1, 0},
		{"one more", 301, 1, 0},
		{"a tenth less", 270, 1, 0},
		{"more than a tenth", 269, 0, 1},
	} {
		doubts, refused := l.ofDeclared([]directory.Declared{{Table: "aaf", Records: c.records, Expected: 300}})
		if len(doubts) != c.doubted {
			t.Errorf("%s: doubts %q", c.name, doubts)
		}
		if len(refused) != c.refused {
			t.Errorf("%s: refused %q", c.name, refused)
		}
	}
}
