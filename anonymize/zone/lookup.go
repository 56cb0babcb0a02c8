package zone

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/entscope/entscope/ingest"
)

// ErrCollision says that two identifiers have one 64-bit key: among ten million
// persons this happens once in 370,000 studies. Another salt helps.
var ErrCollision = errors.New("two identifiers have the same key (hint: entscope key rotate)")

// People answers, for every event, whose an account is and which school an ENT
// means by an id. It may be shared between goroutines.
type People struct {
	// Files are the tables that WritePeople staged.
	Files []TableFile
	// Persons and Accounts are how many the directory has.
	Persons, Accounts int

	keys, persons []int64 // open addressing on the account key; 0 is empty
	known         []int64 // the keys of all persons, in order
	schools       map[string]int32
	// objecting are the keys of persons who object and of their accounts.
	objecting map[int64]bool
	hash      string
}

// Lookup returns the person key of an account key, 0 when its holder objects to
// being studied; ok is false for an account that no directory knows. It allocates
// nothing.
func (p *People) Lookup(accountKey int64) (personKey int64, ok bool) {
	mask := len(p.keys) - 1
	for i := int(accountKey) & mask; ; i = (i + 1) & mask {
		switch p.keys[i] {
		case accountKey:
			return p.persons[i], accountKey != 0
		case 0:
			return 0, false
		}
	}
}

// Knows reports whether a key is that of a person of the directory.
func (p *People) Knows(personKey int64) bool {
	_, found := slices.BinarySearch(p.known, personKey)
	return found
}

// School is the key of the school that a record names: by its UAI, or by the id
// it has in an ENT or in AAF. An empty name gives 0. It allocates nothing.
func (p *People) School(name []byte) int32 {
	if key, ok := p.schools[string(name)]; ok {
		return key
	}
	return ingest.SchoolKey(name)
}

// Hash identifies what of the directory decides how an event is read, under the
// study key: whose an account is and what a school is called. A register may
// change, or a class, without any event being another. It is a SHA-256 in
// hexadecimal.
func (p *People) Hash() string { return p.hash }

// Objections identifies the persons who object and their accounts, under the study
// key; "" is nobody.
func (p *People) Objections() string {
	if p == nil || len(p.objecting) == 0 {
		return ""
	}
	h := sha256.New()
	for _, key := range slices.Sorted(maps.Keys(p.objecting)) {
		fmt.Fprintln(h, key)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// insert adds an account; the table is large enough. It reports false when the
// key is taken.
func (p *People) insert(account, person int64) bool {
	mask := len(p.keys) - 1
	for i := int(account) & mask; ; i = (i + 1) & mask {
		if p.keys[i] == account {
			return false
		}
		if p.keys[i] == 0 {
			p.keys[i], p.persons[i] = account, person
			return true
		}
	}
}
