package draft

import (
	"maps"
	"path/filepath"
	"strconv"
	"strings"
)

// namespace is a list of accounts, and what its identifiers are called.
type namespace struct {
	name     string
	accounts map[uint64]bool
}

// namespaces names the lists of accounts: one for the tables of persons, one for each other
// list, after its file.
func namespaces(files []*File) map[*File]*namespace {
	persons := &namespace{name: "ent", accounts: map[uint64]bool{}}
	of := map[*File]*namespace{}
	taken := map[string]bool{persons.name: true}
	for _, f := range files {
		switch f.Kind {
		case Persons:
			maps.Copy(persons.accounts, f.accounts)
			of[f] = persons
		case Accounts:
			stem, _, _ := strings.Cut(filepath.Base(f.Path), ".")
			name := Key(stem)
			for i := 2; name == "" || taken[name]; i++ {
				name = Key(stem) + "_" + strconv.Itoa(i)
			}
			taken[name] = true
			of[f] = &namespace{name, f.accounts}
		}
	}
	return of
}

// nearest is the namespace that knows most of the accounts, if it knows half of them.
func nearest(accounts map[uint64]bool, spaces map[*File]*namespace) (name string, joined int) {
	for _, space := range spaces {
		n := shared(accounts, space.accounts)
		if n > joined || n == joined && space.name < name {
			name, joined = space.name, n
		}
	}
	if joined*2 < len(accounts) || joined == 0 {
		return "", joined
	}
	return name, joined
}

func shared(a, b map[uint64]bool) (n int) {
	for k := range a {
		if b[k] {
			n++
		}
	}
	return n
}
