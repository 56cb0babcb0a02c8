package directory

import (
	"context"
	"io"
	"strings"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/join"
	"github.com/entscope/entscope/ingest/register"
	"github.com/entscope/entscope/ingest/tabular"
)

// Lookup finds in a directory what the rows of a register name, and books the files of registers with its own. It is
// what register.Read asks for.
type Lookup struct {
	b       *builder
	classes map[string]bool  // "UAI$code"
	of      map[string]int64 // how many, by UAI
}

// newLookup is the lookup of a directory whose classes are known.
func newLookup(b *builder) *Lookup {
	l := &Lookup{b: b, classes: map[string]bool{}, of: map[string]int64{}}
	for _, class := range b.d.Classes {
		l.classes[class] = true
		uai, _, _ := strings.Cut(class, "$")
		l.of[uai]++
	}
	return l
}

// HasClass reports whether there are pupils in a class, which is named by "UAI$code".
func (l *Lookup) HasClass(name string) bool { return l.classes[name] }

// Classes is how many classes a school has.
func (l *Lookup) Classes(uai string) int64 { return l.of[uai] }

// Join books how a register and the directory fit together.
func (l *Lookup) Join(j join.Join) { l.b.d.Joins = append(l.b.d.Joins, j) }

// Rows reads the rows of one file of a mapped CSV; row returns why one cannot be used, if so, and an error ends the
// reading.
func (l *Lookup) Rows(
	ctx context.Context, file, kind string, m *tabular.Mapping, fields []tabular.Field,
	row func(*tabular.Rows) (ingest.Reason, error),
) error {
	return l.b.read(ctx, file, kind, func(r io.Reader, counts *FileCounts) error {
		rows, err := tabular.Open(r, m, fields, l.b.o.Zone, func(j ingest.Reject) { counts.reject(j.Reason) })
		if err != nil {
			return err
		}
		var fields ingest.FaultCounts
		rows.OnFault(func(f ingest.FieldFault, line int64) { fields.Add(f, 1, line) })
		for rows.Next() {
			if rows.Line()%4096 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			reason, err := row(rows)
			switch {
			case err != nil:
				return err
			case reason == ingest.ReasonObjection:
				counts.objecting++
			case reason != "":
				rows.Refuse(reason)
			default:
				counts.Used++
			}
		}
		counts.Ignored = rows.Ignored() + counts.objecting
		counts.Fields, counts.DateOrders = fields.List(), rows.DateOrders()
		counts.ends(rows)
		return rows.Err()
	})
}

// HasAccounts reports whether the directory has accounts of a namespace.
func (l *Lookup) HasAccounts(namespace string) bool {
	_, ok := l.b.namespaces["account/"+namespace]
	return ok
}

// School is the school of a name. In the perimeter it belongs to those that the study is about.
func (l *Lookup) School(name []byte, perimeter bool) (key int32, uai string) {
	s := &l.b.d.Schools[l.b.placeSchool(name)]
	s.Perimeter = s.Perimeter || perimeter
	return s.Key, s.UAI
}

// Person is the person whom an account of a namespace or, with none, the directory's identifier of a profile names,
// and his or her profile; -1 if nobody knows the name, register.Objecting if the person objects.
func (l *Lookup) Person(accounts string, profile ingest.Profile, id []byte) (int32, ingest.Profile) {
	n := int32(-1)
	if accounts == "" {
		n = l.b.find(profile, id)
	} else if ns, ok := l.b.namespaces["account/"+accounts]; ok {
		if at := l.b.d.accounts.find(key(ns, l.b.folded(accounts, id))); at >= 0 {
			n = l.b.d.Accounts[at].Person
		}
	}
	if n < 0 {
		return -1, ingest.ProfileUnknown
	}
	if l.b.objects(n) {
		return register.Objecting, ingest.ProfileUnknown
	}
	return n, l.b.d.Persons[n].Profile
}

// Warn books a doubt about the whole.
func (l *Lookup) Warn(format string, args ...any) { l.b.warn(format, args...) }
