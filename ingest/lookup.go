package ingest

import (
	"bytes"
	"strings"
)

// Meaning is what the catalog says of a name: the service it belongs to, the
// profile it gives away (the parents' pages of Pronote), the action, or the
// rule by which records that bear it are not activity.
type Meaning struct {
	Service Service
	Profile Profile
	Action  Action
	// Ignore, when set, is why such a record is not an event.
	Ignore Rule
}

// Names maps names to meanings, without regard to ASCII case. It is built once
// and may then be read by any number of goroutines.
type Names struct {
	slots []nameSlot // open addressing, a power of two, at most half full
	n     int
}

type nameSlot struct {
	name    string
	meaning Meaning
}

// Add adds a name; it reports false when the name is there already.
func (t *Names) Add(name string, m Meaning) bool {
	if 2*(t.n+1) > len(t.slots) {
		old := t.slots
		t.slots = make([]nameSlot, max(16, 2*len(old)))
		for _, s := range old {
			if s.name != "" {
				t.slots[t.find([]byte(s.name))] = s
			}
		}
	}
	i := t.find([]byte(name))
	if name == "" || t.slots[i].name != "" {
		return false
	}
	t.slots[i] = nameSlot{name, m}
	t.n++
	return true
}

// Lookup finds a name.
func (t *Names) Lookup(name []byte) (Meaning, bool) {
	if t == nil || t.n == 0 || len(name) == 0 {
		return Meaning{}, false
	}
	s := &t.slots[t.find(name)]
	return s.meaning, s.name != ""
}

// find is the slot that holds the name, or the empty one where it would stand.
func (t *Names) find(name []byte) int {
	h := uint32(2166136261)
	for _, c := range name {
		h = (h ^ uint32(lower(c))) * 16777619
	}
	mask := len(t.slots) - 1
	for i := int(h) & mask; ; i = (i + 1) & mask {
		if s := t.slots[i].name; s == "" || equalFold(s, name) {
			return i
		}
	}
}

func equalFold(s string, b []byte) bool {
	if len(s) != len(b) {
		return false
	}
	for i := range b {
		if lower(s[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if c-'A' < 26 {
		c |= 0x20
	}
	return c
}

// Paths maps URL paths to meanings by their longest known prefix: "/auth/login"
// stands for itself and all that is below it ("/auth/login/…", not
// "/auth/logins"), a prefix that ends in "/" or "*" for whatever begins so. It
// is a radix tree, built once and then only read.
type Paths struct {
	root pathNode
	n    int
}

type pathNode struct {
	label    []byte
	children []*pathNode
	meaning  Meaning
	set      bool
	open     bool // needs no boundary behind it
}

// Add adds a prefix; it reports false when it is there already.
func (t *Paths) Add(prefix string, m Meaning) bool {
	p := []byte(prefix)
	open := bytes.HasSuffix(p, []byte("/")) || bytes.HasSuffix(p, []byte("*"))
	p = bytes.TrimSuffix(p, []byte("*"))
	if len(p) == 0 {
		return false
	}
	node := &t.root
	for len(p) > 0 {
		child := node.child(p[0])
		if child == nil {
			child = &pathNode{label: p}
			node.children = append(node.children, child)
		}
		same := 0
		for same < len(p) && same < len(child.label) && p[same] == child.label[same] {
			same++
		}
		if same < len(child.label) { // split the edge
			rest := *child
			rest.label = child.label[same:]
			*child = pathNode{label: child.label[:same:same], children: []*pathNode{&rest}}
		}
		p, node = p[same:], child
	}
	if node.set {
		return false
	}
	node.meaning, node.set, node.open = m, true, open
	t.n++
	return true
}

func (n *pathNode) child(c byte) *pathNode {
	for _, child := range n.children {
		if child.label[0] == c {
			return child
		}
	}
	return nil
}

// Lookup finds the longest prefix of path that has a meaning. The path is
// without its query.
func (t *Paths) Lookup(path []byte) (m Meaning, ok bool) {
	if t == nil {
		return m, false
	}
	node := &t.root
	for {
		if node.set && (node.open || len(path) == 0 || boundary(path[0])) {
			m, ok = node.meaning, true
		}
		if len(path) == 0 {
			return m, ok
		}
		if node = node.child(path[0]); node == nil || !bytes.HasPrefix(path, node.label) {
			return m, ok
		}
		path = path[len(node.label):]
	}
}

func boundary(c byte) bool { return c == '/' || c == ';' || c == '?' || c == '#' }

// URLPath is the path of an http or https URL, without host, query and fragment; it is
// empty for any other text.
func URLPath(url string) string {
	_, rest, ok := strings.Cut(url, "://")
	if !ok || !strings.HasPrefix(url, "http") {
		return ""
	}
	i := strings.IndexByte(rest, '/')
	if i < 0 {
		return ""
	}
	path := rest[i:]
	if end := strings.IndexAny(path, "?#"); end >= 0 {
		path = path[:end]
	}
	return path
}
