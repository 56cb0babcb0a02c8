package directory

import (
	"context"
	"fmt"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/grade"
	"github.com/entscope/entscope/ingest/tabular"
)

// AccountFields are the fields of a table of accounts: whose account is whose.
// person is the directory's identifier (for AAF, the number of the record). For
// directories without identifiers (Onde) the person is told by last_name,
// first_name, school and profile, for a pupil with class: the names are compared
// as hashes and not kept.
var AccountFields = []tabular.Field{
	{Name: "person"}, {Name: "account", Required: true},
	{Name: "profile", Check: vocabulary.Profiles().Check},
	{Name: "created", Kind: tabular.Date}, {Name: "activated", Kind: tabular.Date},
	{Name: "email", Kind: tabular.Presence}, {Name: "phone", Kind: tabular.Presence}, {Name: "school"},
	{Name: "last_name"}, {Name: "first_name"}, {Name: "class"},
}

// PersonFields are the fields of a table of persons, for directories that are
// not AAF. A person may have several rows, one for each school. child makes a
// row a link of person to that child, with the rank of the field rank.
var PersonFields = []tabular.Field{
	{Name: "person", Required: true}, {Name: "account"},
	{Name: "profile", Required: true, Check: vocabulary.Profiles().Check},
	{Name: "created", Kind: tabular.Date}, {Name: "activated", Kind: tabular.Date},
	{Name: "email", Kind: tabular.Presence}, {Name: "phone", Kind: tabular.Presence}, {Name: "school"},
	{Name: "level"}, {Name: "class"}, {Name: "social_band", Kind: tabular.Integer},
	{Name: "from", Kind: tabular.Date}, {Name: "to", Kind: tabular.Date}, {Name: "origin", Kind: tabular.Date},
	{Name: "child"}, {Name: "rank", Kind: tabular.Integer},
}

// The order of the fields that both tables have, then of the others.
const (
	fPerson = iota
	fAccount
	fProfile
	fCreated
	fActivated
	fEmail
	fPhone
	fSchool
	fLevel
	fClass
	fBand
	fFrom
	fTo
	fOrigin
	fChild
	fRank
)

// The fields that a table of accounts has alone.
const (
	fLastName = fSchool + 1 + iota
	fFirstName
	fOfClass
)

// table reads the rows of one file of a mapped CSV; row books one row and
// returns the reason why it cannot be used, if any.
func (b *builder) table(
	ctx context.Context, name, kind string, t *Table, fields []tabular.Field, row func(*tabular.Rows) ingest.Reason,
) error {
	if t.Mapping == nil {
		return fmt.Errorf("%s: no mapping", kind)
	}
	l := Lookup{b: b}
	return l.Rows(ctx, name, kind, t.Mapping, fields, func(rows *tabular.Rows) (ingest.Reason, error) {
		return row(rows), nil
	})
}

// tooLong reports whether one of the fields is longer than an identifier may be.
func tooLong(rows *tabular.Rows, fields ...int) bool {
	for _, f := range fields {
		if len(rows.Text(f)) > ingest.MaxID {
			return true
		}
	}
	return false
}

// readAccounts reads whose account is whose. An account of a person whom no
// directory names makes the person, when the row says the profile.
func (b *builder) readAccounts(ctx context.Context) error {
	for i := range b.o.Accounts {
		t := &b.o.Accounts[i]
		if t.Accounts == "" {
			return fmt.Errorf("accounts: no namespace")
		}
		if !maps(t.Mapping, "person") &&
			!(maps(t.Mapping, "last_name") && maps(t.Mapping, "first_name") && maps(t.Mapping, "school")) {
			return fmt.Errorf("accounts: neither person nor last_name, first_name and school are mapped")
		}
		b.contacts(t.Mapping)
	}
	for i := range b.o.Accounts {
		t := &b.o.Accounts[i]
		for _, name := range t.Files {
			row := func(rows *tabular.Rows) ingest.Reason { return b.accountRow(t, rows) }
			if err := b.table(ctx, name, "accounts", t, AccountFields, row); err != nil {
				return err
			}
		}
	}
	if b.shared > 0 {
		b.warn("accounts: %d accounts are claimed by two persons; the first claim is kept", b.shared)
	}
	if n := &b.names; n.unknown+n.ambiguous > 0 {
		b.warn("names: %d names of children or accounts are nobody's, %d are those of two persons; "+
			"none of these is linked", n.unknown, n.ambiguous)
	}
	b.names.bearers = nil // nobody is looked up by name any more
	return nil
}

// maps reports whether a mapping has a field.
func maps(m *tabular.Mapping, field string) bool {
	if m == nil {
		return false
	}
	_, column := m.Columns[field]
	_, constant := m.Constants[field]
	return column || constant
}

// contacts notes that a table knows of e-mail addresses or phone numbers: the
// portal's word is then taken in the place of AAF's, for it is the portal that
// writes to families.
func (b *builder) contacts(m *tabular.Mapping) {
	if m == nil {
		return
	}
	if _, ok := m.Columns["email"]; ok && !b.emailTable {
		b.emailTable = true
		for i := range b.d.Persons {
			b.d.Persons[i].EmailKnown = -1
		}
	}
	if _, ok := m.Columns["phone"]; ok && !b.phoneTable {
		b.phoneTable = true
		for i := range b.d.Persons {
			b.d.Persons[i].PhoneKnown = -1
		}
	}
}

func (b *builder) accountRow(t *Table, rows *tabular.Rows) ingest.Reason {
	if tooLong(rows, fPerson, fAccount, fSchool) {
		return ingest.ReasonTooLong
	}
	profile, ok := ingest.ParseProfile(rows.Text(fProfile))
	if !ok {
		return ingest.ReasonUnknownValue
	}
	person := int32(-1)
	if !rows.Mapped(fPerson) {
		if person = b.namedPerson(profile, rows); person < 0 {
			return ingest.ReasonUnknownValue
		}
	} else if !rows.Has(fPerson) {
		return ingest.ReasonMissingField
	} else if profile != ingest.ProfileUnknown {
		if person = b.find(profile, rows.Text(fPerson)); person < 0 {
			person = b.person("aaf/"+kind(profile), rows.Text(fPerson), profile)
			b.d.Persons[person].stranger = true
		}
	} else {
		for _, p := range []ingest.Profile{ingest.ProfileParent, ingest.ProfilePupil, ingest.ProfileTeacher} {
			if n := b.find(p, rows.Text(fPerson)); n >= 0 && person >= 0 {
				return ingest.ReasonUnknownValue // a parent or a pupil? The profile is needed
			} else if n >= 0 {
				person = n
			}
		}
		if person < 0 {
			return ingest.ReasonUnknownValue
		}
	}
	if !b.account(t.Accounts, rows.Text(fAccount), person) {
		return "" // counted in the warning
	}
	b.enrol(t.Accounts, !b.d.Persons[person].stranger)
	b.describe(t, person, rows)
	if school := rows.Text(fSchool); rows.Mapped(fPerson) && len(school) > 0 && profile != ingest.ProfileParent {
		b.memberOf(person, school, nil, nil, -1, -1)
	}
	return ""
}

// describe adds what a row says of a person's account.
func (b *builder) describe(t *Table, person int32, rows *tabular.Rows) {
	p := &b.d.Persons[person]
	p.CreatedDay = first(p.CreatedDay, rows.Day(fCreated))
	p.ActivatedDay = first(p.ActivatedDay, rows.Day(fActivated))
	if _, mapped := t.Mapping.Columns["email"]; mapped {
		p.EmailKnown = known(p.EmailKnown, rows.Number(fEmail))
	}
	if _, mapped := t.Mapping.Columns["phone"]; mapped {
		p.PhoneKnown = known(p.PhoneKnown, rows.Number(fPhone))
	}
}

// memberOf books a membership that a table names.
func (b *builder) memberOf(person int32, school, level, class []byte, from, to int32) {
	place, _ := b.places.add(school)
	name := grade.Level(string(level))
	n, _ := b.levels.add([]byte(name))
	k := memberKey{person, place, n, -1}
	if len(class) > 0 {
		k.class = b.class(place, class)
	}
	begin, _ := yearBounds(b.o.Start)
	if from >= 0 {
		begin = from
	}
	if at := b.rows.find(k); at >= 0 {
		m := &b.members[at]
		m.from = min(m.from, begin)
		if to < 0 || m.to >= 0 && to > m.to {
			m.to = to
		}
		return
	}
	b.members = append(b.members, member{memberKey: k, from: begin, to: to})
	b.rows.put(k, int32(len(b.members)-1))
}

// readPersons reads the tables of persons.
func (b *builder) readPersons(ctx context.Context) error {
	for i := range b.o.Persons {
		t := &b.o.Persons[i]
		b.contacts(t.Mapping)
		for _, name := range t.Files {
			row := func(rows *tabular.Rows) ingest.Reason { return b.personRow(t, rows) }
			if err := b.table(ctx, name, "persons", t, PersonFields, row); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *builder) personRow(t *Table, rows *tabular.Rows) ingest.Reason {
	if tooLong(rows, fPerson, fAccount, fSchool, fClass, fChild) {
		return ingest.ReasonTooLong
	}
	profile, ok := ingest.ParseProfile(rows.Text(fProfile))
	if !ok || profile == ingest.ProfileUnknown {
		return ingest.ReasonUnknownValue
	}
	band, rank := rows.Number(fBand), rows.Number(fRank)
	if band < 0 || band > 5 || rank < 0 || rank > 2 {
		return ingest.ReasonType
	}
	id := rows.Text(fPerson)
	person := b.person("person/"+kind(profile), id, profile)
	b.d.Persons[person].own = true
	if band > 0 && b.d.Persons[person].SocialBand == 0 {
		b.d.Persons[person].SocialBand = int8(band)
	}
	if t.Accounts != "" {
		account := rows.Text(fAccount)
		if len(account) == 0 {
			account = id
		}
		b.account(t.Accounts, account, person)
	}
	b.describe(t, person, rows)
	if child := rows.Text(fChild); len(child) > 0 {
		b.link(b.person("person/pupil", child, ingest.ProfilePupil), person, int8(rank))
	}
	if school := rows.Text(fSchool); len(school) > 0 {
		b.memberOf(person, school, rows.Text(fLevel), rows.Text(fClass), rows.Day(fFrom), rows.Day(fTo))
	}
	return ""
}
