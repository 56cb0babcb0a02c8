package directory

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/source"
)

// builder gathers a Directory.
type builder struct {
	o Options
	d *Directory
	// places are the names of schools as the sources spell them: a UAI, an AAF
	// structure number, an alias. resolve turns them into Schools.
	places     *ids
	levels     *ids
	classes    *ids // "place number"$code, see class
	namespaces map[string]int32
	members    []member
	rows       *index[memberKey] // the latest of members with a key
	links      *index[[2]int32]  // of d.Links by (child, guardian)
	etabs      map[string]string // AAF structure number to UAI
	etabInfo   map[string]etab   // by UAI
	mefs       map[string]string // MEF code to grade level
	hasFirst   map[int32]bool    // imported children who have a first guardian
	names      names             // of persons in files without identifiers
	emailTable bool              // an accounts table knows of e-mail addresses
	phoneTable bool
	shared     int64 // accounts that two persons claim
	objecting  int64 // links that are left out, as one of the two objects
	enrolled   map[int32]*enrolment
	schoolBy   map[int32]int32 // school key to Schools
	holidays   *Holidays
}

func newBuilder(o Options) *builder {
	b := &builder{
		o: o, d: &Directory{persons: newIDs(), accounts: newIDs(), Aliases: map[string]int32{}},
		places: newIDs(), levels: newIDs(), classes: newIDs(), namespaces: map[string]int32{},
		etabs: map[string]string{}, etabInfo: map[string]etab{}, mefs: map[string]string{}, hasFirst: map[int32]bool{},
		schoolBy: map[int32]int32{}, enrolled: map[int32]*enrolment{},
	}
	b.rows = newIndex(func(i int32) memberKey { return b.members[i].memberKey })
	b.links = newIndex(func(i int32) [2]int32 { return [2]int32{b.d.Links[i].Child, b.d.Links[i].Guardian} })
	return b
}

func (b *builder) warn(format string, args ...any) {
	b.d.Warnings = append(b.d.Warnings, fmt.Sprintf(format, args...))
}

// read opens a file, hands it to use and books what use counts.
func (b *builder) read(ctx context.Context, name, kind string, use func(io.Reader, *FileCounts) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	base := filepath.Base(name)
	counts := FileCounts{Name: base, Kind: kind, path: name}
	if b.o.Open != nil {
		r, err := b.o.Open(name)
		if err != nil {
			return fmt.Errorf("open %s: %w", base, err)
		}
		defer r.Close()
		if err := use(r, &counts); err != nil {
			return fmt.Errorf("%s: %w", base, err)
		}
		b.d.Files = append(b.d.Files, counts)
		return nil
	}
	d, err := source.Open(name)
	if err != nil {
		return fmt.Errorf("open %s: %w", base, err)
	}
	defer d.Close()
	if err := use(d, &counts); err != nil {
		return fmt.Errorf("%s: %w", base, err)
	}
	if counts.SHA256, err = d.Sum(); err != nil {
		return fmt.Errorf("%s: %w", base, err)
	}
	b.d.Files = append(b.d.Files, counts)
	return nil
}

// namespace numbers a namespace.
func (b *builder) namespace(name string) int32 {
	n, ok := b.namespaces[name]
	if !ok {
		n = int32(len(b.d.Namespaces))
		b.namespaces[name] = n
		b.d.Namespaces = append(b.d.Namespaces, name)
	}
	return n
}

// key is an id with its namespace before it, at a fixed length.
func key(namespace int32, id []byte) []byte {
	return append([]byte{byte(namespace >> 8), byte(namespace)}, id...)
}

func trimNamespace(key []byte) []byte { return key[2:] }

// kinds of person in a namespace.
func kind(p ingest.Profile) string {
	switch p {
	case ingest.ProfileParent:
		return "parent"
	case ingest.ProfilePupil:
		return "pupil"
	}
	return "staff"
}

// person returns the person of an id, who is new if nobody had it.
func (b *builder) person(namespace string, id []byte, profile ingest.Profile) int32 {
	ns := b.namespace(namespace)
	n, isNew := b.d.persons.add(key(ns, id))
	if isNew {
		b.d.Persons = append(b.d.Persons, Person{Namespace: ns, Profile: profile, CreatedDay: -1, ActivatedDay: -1,
			EmailKnown: -1, PhoneKnown: -1, Family: n, Same: n})
	}
	return n
}

// origins are where persons come from, the first asked first.
var origins = []string{"aaf/", "siecle/", "import/", "person/"}

// find returns the person of an id, of a profile, wherever the person came from; -1 if unknown.
func (b *builder) find(profile ingest.Profile, id []byte) int32 {
	for _, origin := range origins {
		if ns, ok := b.namespaces[origin+kind(profile)]; ok {
			if n := b.d.persons.find(key(ns, id)); n >= 0 {
				return b.d.Persons[n].Same
			}
		}
	}
	return -1
}

// account says that a person has an account; false when it is another's.
func (b *builder) account(namespace string, id []byte, person int32) bool {
	ns := b.namespace("account/" + namespace)
	n, isNew := b.d.accounts.add(key(ns, b.folded(namespace, id)))
	if isNew {
		b.d.Accounts = append(b.d.Accounts, Account{Namespace: ns, Person: person})
	} else if b.d.Accounts[n].Person != person {
		b.shared++
		return false
	}
	return true
}

// folded is the id of an account, in small letters where their case says nothing.
func (b *builder) folded(namespace string, id []byte) []byte {
	if slices.Contains(b.o.IgnoreCase, namespace) {
		return bytes.ToLower(id)
	}
	return id
}

// link keeps one link for each pair, with the rank last read.
func (b *builder) link(child, guardian int32, rank int8) {
	pair := [2]int32{child, guardian}
	if at := b.links.find(pair); at >= 0 {
		b.d.Links[at].LegalRank = rank
		return
	}
	b.d.Links = append(b.d.Links, Link{Child: child, Guardian: guardian, LegalRank: rank})
	b.links.put(pair, int32(len(b.d.Links)-1))
}

// first and known combine what several accounts of one person say.
func first(a, b int32) int32 {
	if a < 0 || b >= 0 && b < a {
		return b
	}
	return a
}

func known(a int8, b int64) int8 { return max(a, int8(b)) }
