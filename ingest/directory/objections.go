package directory

import (
	"context"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/tabular"
)

// ObjectionFields are the fields of a table of objections (article 21 GDPR): person is the directory's identifier of
// somebody of a profile or, where the table names a namespace of accounts, one of theirs.
var ObjectionFields = []tabular.Field{
	{Name: "person", Required: true}, {Name: "profile", Check: vocabulary.Profiles().Check},
}

// readObjections marks the persons who object, whoever they were merged into: from here on nothing names them. One that
// names nobody is refused and said, as it may be a slip of the pen behind which somebody goes on being counted; its
// account, if it is one, is kept out all the same.
func (b *builder) readObjections(ctx context.Context) error {
	var nobody int
	for i := range b.o.Objections {
		t := &b.o.Objections[i]
		for _, name := range t.Files {
			err := b.table(ctx, name, "objections", t, ObjectionFields, func(rows *tabular.Rows) ingest.Reason {
				if tooLong(rows, 0) {
					return ingest.ReasonTooLong
				}
				if b.object(t.Accounts, rows.Text(1), rows.Text(0)) {
					return ""
				}
				nobody++
				return ingest.ReasonUnknownValue
			})
			if err != nil {
				return err
			}
		}
	}
	if nobody > 0 {
		b.warn("%d objections name nobody whom the directory knows: look at their identifiers, profile and accounts",
			nobody)
	}
	for i := range b.d.Persons {
		p := &b.d.Persons[i]
		p.Objects = p.Objects || b.d.Persons[p.Same].Objects
	}
	return nil
}

// object marks whom an account of a namespace or, with none, an identifier of a profile names; without a profile, of
// any. It reports whether there is somebody.
func (b *builder) object(accounts string, profile, id []byte) bool {
	if accounts != "" {
		ns := b.namespace("account/" + accounts)
		b.d.Objections = append(b.d.Objections, Objection{ns, string(id)})
		at := b.d.accounts.find(key(ns, id))
		if at >= 0 {
			b.d.Persons[b.same(b.d.Accounts[at].Person)].Objects = true
		}
		return at >= 0
	}
	profiles := []ingest.Profile{ingest.ProfileParent, ingest.ProfilePupil, ingest.ProfileTeacher, ingest.ProfileAdmin}
	if p, ok := ingest.ParseProfile(profile); ok && p != ingest.ProfileUnknown {
		profiles = []ingest.Profile{p}
	}
	found := false
	for _, p := range profiles {
		if n := b.find(p, id); n >= 0 {
			b.d.Persons[b.same(n)].Objects, found = true, true
		}
	}
	return found
}

// objects reports whether a person is one whom nothing may name.
func (b *builder) objects(person int32) bool { return b.d.Persons[person].Objects }
