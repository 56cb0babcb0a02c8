package directory

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/text/encoding/charmap"

	"github.com/entscope/entscope/ingest/register"
	"github.com/entscope/entscope/ingest/tabular"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// testStudy is the part of a study.toml that the tests need.
type testStudy struct {
	AAF      []string    `toml:"aaf"`
	SIECLE   []string    `toml:"siecle"`
	Imports  []string    `toml:"imports"`
	Accounts []testTable `toml:"accounts"`
	Persons  []testTable `toml:"persons"`
	Merges   []testTable `toml:"merges"`
	Schools  *testTable  `toml:"schools"`
	Calendar []string    `toml:"calendar"`

	Registers map[string]*testTable `toml:"registers"`

	Start toml.LocalDate `toml:"start"`
	End   toml.LocalDate `toml:"end"`
}

type testTable struct {
	Files    []string        `toml:"files"`
	Accounts string          `toml:"accounts"`
	CSV      tabular.Mapping `toml:"csv"`
}

func (t *testTable) table() *Table {
	if t == nil {
		return nil
	}
	return &Table{Files: t.Files, Accounts: t.Accounts, Mapping: &t.CSV}
}

// readArchive reads the directory whose files are in an archive. A name that
// ends in @iso-8859-15 is of a file in that character set.
func readArchive(a *txtar.Archive) (*Directory, []string, error) {
	files := map[string][]byte{}
	for _, f := range a.Files {
		name, latin := strings.CutSuffix(f.Name, "@iso-8859-15")
		files[name] = f.Data
		if latin {
			files[name], _ = charmap.ISO8859_15.NewEncoder().Bytes(f.Data)
		}
	}
	var s testStudy
	if err := toml.NewDecoder(bytes.NewReader(files["study.toml"])).DisallowUnknownFields().Decode(&s); err != nil {
		return nil, nil, err
	}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, nil, err
	}
	o := Options{
		AAF: s.AAF, SIECLE: s.SIECLE, Imports: s.Imports, Schools: s.Schools.table(), Calendar: s.Calendar, Zone: paris,
		Start: localDay(s.Start), End: localDay(s.End),
		Open: func(name string) (io.ReadCloser, error) {
			if _, ok := files[name]; !ok {
				return nil, os.ErrNotExist
			}
			return io.NopCloser(bytes.NewReader(files[name])), nil
		},
	}
	var tables []register.Table
	for _, r := range register.All() {
		if t := s.Registers[r.Name]; t != nil {
			table := t.table()
			tables = append(tables,
				register.Table{Register: r, Files: table.Files, Mapping: table.Mapping, Accounts: table.Accounts})
		}
	}
	var rows []string
	o.Registers = func(ctx context.Context, l *Lookup) error {
		return register.Read(ctx, tables, l, func(r *register.Register, row *register.Row) error {
			rows = append(rows, showRow(l.b.d, r, row))
			return nil
		})
	}
	for _, t := range s.Accounts {
		o.Accounts = append(o.Accounts, *t.table())
	}
	for _, t := range s.Persons {
		o.Persons = append(o.Persons, *t.table())
	}
	for _, t := range s.Merges {
		o.Merges = append(o.Merges, *t.table())
	}
	d, err := Read(context.Background(), o)
	return d, rows, err
}

// showRow writes a row of a register by column.
func showRow(d *Directory, r *register.Register, row *register.Row) string {
	text := r.Name
	for i, c := range r.Columns {
		value := fmt.Sprint(row.Values[i])
		switch {
		case row.Texts[i] != nil:
			value = string(row.Texts[i])
		case c.Kind == register.Somebody:
			value = d.Namespaces[d.Persons[row.Values[i]].Namespace] + " " + string(d.PersonID(int32(row.Values[i])))
		}
		text += fmt.Sprintf(" %s=%s", c.Name, value)
	}
	return text
}

func localDay(d toml.LocalDate) int32 { return int32(d.AsTime(time.UTC).Unix() / 86400) }

// show writes a directory and the rows of its registers as text, in an order of its own.
func show(d *Directory, rows []string) string {
	var out []string
	name := func(i int32) string {
		return d.Namespaces[d.Persons[i].Namespace] + " " + string(d.PersonID(i))
	}
	day := func(n int32) string {
		if n < 0 {
			return "?"
		}
		return date(n).Format(time.DateOnly)
	}
	for i, p := range d.Persons {
		i := int32(i)
		if p.Same != i {
			out = append(out, fmt.Sprintf("person %s: the same as %s", name(i), name(p.Same)))
			continue
		}
		out = append(out,
			fmt.Sprintf("person %s: profile %d, created %s, activated %s, e-mail %d, phone %d, band %d, family of %s",
				name(i), p.Profile, day(p.CreatedDay), day(p.ActivatedDay), p.EmailKnown, p.PhoneKnown, p.SocialBand,
				name(p.Family)))
	}
	for _, l := range d.Links {
		out = append(out, fmt.Sprintf("link %s -> %s: rank %d", name(l.Child), name(l.Guardian), l.LegalRank))
	}
	for _, m := range d.Memberships {
		class := "-"
		if m.Class >= 0 {
			class = d.Classes[m.Class]
		}
		out = append(out, fmt.Sprintf("member %s: %s %q %s, %s to %s", name(m.Person), d.Schools[m.School].UAI,
			d.Levels[m.Level], class, day(m.FromDay), day(m.ToDay)))
	}
	for i, a := range d.Accounts {
		out = append(out, fmt.Sprintf("%s %s: of %s", d.Namespaces[a.Namespace], d.AccountID(int32(i)), name(a.Person)))
	}
	for _, s := range d.Schools {
		if !s.Perimeter {
			continue
		}
		out = append(out,
			fmt.Sprintf("school %s (%d): valid %v, %q, %s, %s, %s, IPS %d band %d, %s, zone %q, since %s", s.UAI, s.Key,
				s.UAIValid, s.Name, s.Level, s.Sector, s.EP, s.IPSTenths, s.IPSBand, s.Academie, s.Zone,
				day(s.RolloutDay)))
	}
	for alias, n := range d.Aliases {
		out = append(out, fmt.Sprintf("alias %s: %s", alias, d.Schools[n].UAI))
	}
	out = append(out, rows...)
	slices.Sort(out)
	for _, f := range d.Files {
		out = append(out, fmt.Sprintf("file %s as %s: read %d, used %d, ignored %d, rejects %v", f.Name, f.Kind,
			f.Read(), f.Used, f.Ignored, f.Rejects))
	}
	for _, w := range d.Warnings {
		out = append(out, "warning "+w)
	}
	return strings.Join(out, "\n") + "\n"
}

// TestRead reads the archives of testdata: each holds a rule in words, the
// files, and in "want" what is to be made of them.
func TestRead(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range archives {
		t.Run(filepath.Base(path), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var got string
			if d, rows, err := readArchive(a); err != nil {
				got = "error " + err.Error() + "\n"
			} else {
				got = show(d, rows)
			}
			for i := range a.Files {
				if a.Files[i].Name != "want" {
					continue
				}
				if *update {
					a.Files[i].Data = []byte(got)
					if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
						t.Fatal(err)
					}
				} else if string(a.Files[i].Data) != got {
					t.Errorf("got\n%s\nwant\n%s", got, a.Files[i].Data)
				}
			}
		})
	}
}
