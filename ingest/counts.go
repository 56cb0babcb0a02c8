package ingest

import "sort"

// Counts accounts for the records of a delivery: Read = Events + the sum of
// Ignored + the sum of Rejects.
type Counts struct {
	Read    int64            `json:"read"`
	Events  int64            `json:"events"`
	Ignored map[Rule]int64   `json:"ignored,omitempty"`
	Rejects map[Reason]int64 `json:"rejects,omitempty"`
	// Unknown counts, by kind and shape, the names the catalog lacks. These
	// records are events all the same, of an unknown service.
	Unknown map[string]int64 `json:"unknown,omitempty"`
}

// Add adds the counts of another part.
func (c *Counts) Add(d *Counts) {
	c.Read += d.Read
	c.Events += d.Events
	c.Ignored = addAll(c.Ignored, d.Ignored)
	c.Rejects = addAll(c.Rejects, d.Rejects)
	c.Unknown = addAll(c.Unknown, d.Unknown)
}

// Rejected is the number of rejects of any reason.
func (c *Counts) Rejected() int64 { return total(c.Rejects) }

// Skipped is the number of records ignored by any rule.
func (c *Counts) Skipped() int64 { return total(c.Ignored) }

// Balanced reports whether every record read is accounted for.
func (c *Counts) Balanced() bool { return c.Read == c.Events+c.Skipped()+c.Rejected() }

func addAll[K ~string](into, from map[K]int64) map[K]int64 {
	if into == nil && len(from) > 0 {
		into = make(map[K]int64, len(from))
	}
	for k, n := range from {
		into[k] += n
	}
	return into
}

func total[K ~string](m map[K]int64) (n int64) {
	for _, v := range m {
		n += v
	}
	return n
}

// ByCount lists the keys of a count, the most frequent first, ties by name.
func ByCount[K ~string](m map[K]int64) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		if m[keys[i]] != m[keys[j]] {
			return m[keys[i]] > m[keys[j]]
		}
		return keys[i] < keys[j]
	})
	return keys
}

// maxShapes bounds how many different shapes a delivery remembers.
const maxShapes = 256

// Tally counts the records of one chunk without a map lookup per record: rules
// and reasons are few and come in runs. The zero Tally is ready.
type Tally struct {
	Events  int64
	rules   []tallied[Rule]
	reasons []tallied[Reason]
	unknown map[string]*int64
}

type tallied[K ~string] struct {
	key K
	n   int64
}

func bump[K ~string](list []tallied[K], key K) []tallied[K] {
	for i := range list {
		if list[i].key == key {
			list[i].n++
			return list
		}
	}
	return append(list, tallied[K]{key, 1})
}

// Ignore counts a record ignored by a rule.
func (t *Tally) Ignore(r Rule) { t.rules = bump(t.rules, r) }

// Reject counts a reject.
func (t *Tally) Reject(r Reason) { t.reasons = bump(t.reasons, r) }

// Unknown counts a name the catalog lacks, by its shape.
func (t *Tally) Unknown(kind string, name []byte) {
	var buffer [64]byte // a log may be full of them: what is known already costs no memory
	key := appendShape(append(append(buffer[:0], kind...), ' '), name)
	n := t.unknown[string(key)]
	if n == nil {
		n = t.newUnknown(kind, string(key))
	}
	*n++
}

// newUnknown is the count of a name that is not among those counted; of one too many,
// that of all others.
func (t *Tally) newUnknown(kind, key string) *int64 {
	if t.unknown == nil {
		t.unknown = make(map[string]*int64)
	}
	if len(t.unknown) >= maxShapes {
		key = kind + " (other shapes)"
	}
	n := t.unknown[key]
	if n == nil {
		n = new(int64)
		t.unknown[key] = n
	}
	return n
}

// Flush adds the tally to counts and empties it.
func (t *Tally) Flush(c *Counts) {
	part := Counts{Read: t.Events, Events: t.Events}
	if len(t.unknown) > 0 {
		part.Unknown = make(map[string]int64, len(t.unknown))
	}
	for key, n := range t.unknown {
		part.Unknown[key] = *n
	}
	for i := range t.rules {
		if n := t.rules[i].n; n > 0 {
			part.Ignored = addAll(part.Ignored, map[Rule]int64{t.rules[i].key: n})
			part.Read += n
			t.rules[i].n = 0
		}
	}
	for i := range t.reasons {
		if n := t.reasons[i].n; n > 0 {
			part.Rejects = addAll(part.Rejects, map[Reason]int64{t.reasons[i].key: n})
			part.Read += n
			t.reasons[i].n = 0
		}
	}
	c.Add(&part)
	t.Events, t.unknown = 0, nil
}

// Shape is what may be remembered of a name nobody knows: its pattern of
// letters (A, a), digits (9) and punctuation, the first 24 characters of it.
// Pronote_JMonnet gives Aaaaaaa_AAaaaaa: enough for an operator to find it in
// the logs, nothing of its text.
func Shape(name []byte) string { return string(appendShape(nil, name)) }

const shapeLength = 24

func appendShape(shape, name []byte) []byte {
	for _, c := range name[:min(len(name), shapeLength)] {
		shape = append(shape, shapeOf[c])
	}
	return shape
}

// shapeOf is how each byte reads in a shape.
var shapeOf = func() (of [256]byte) {
	for i := range of {
		c := byte(i)
		switch {
		case c >= 'a' && c <= 'z', c >= 0x80:
			c = 'a'
		case c >= 'A' && c <= 'Z':
			c = 'A'
		case c >= '0' && c <= '9':
			c = '9'
		case c < ' ' || c == 0x7f:
			c = '?'
		}
		of[i] = c
	}
	return of
}()
