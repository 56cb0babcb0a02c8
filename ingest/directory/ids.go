package directory

import (
	"bytes"
	"hash/maphash"
)

// ids numbers the different strings it is given, 0, 1, 2 … in the order of
// their first sight. A million ids cost about 30 MB: one arena of bytes and an
// open-addressing table, where a Go map of strings would cost four times that.
type ids struct {
	seed  maphash.Seed
	arena []byte
	ends  []int   // of each string in the arena
	slots []int32 // number+1, 0 empty
}

func newIDs() *ids { return &ids{seed: maphash.MakeSeed(), slots: make([]int32, 64)} }

func (t *ids) len() int { return len(t.ends) }

func (t *ids) at(i int32) []byte {
	begin := 0
	if i > 0 {
		begin = t.ends[i-1]
	}
	return t.arena[begin:t.ends[i]:t.ends[i]]
}

// find returns the number of id, -1 if it has none.
func (t *ids) find(id []byte) int32 { return t.slots[t.slot(id)] - 1 }

func (t *ids) slot(id []byte) int {
	mask := len(t.slots) - 1
	for i := int(maphash.Bytes(t.seed, id)) & mask; ; i = (i + 1) & mask {
		if n := t.slots[i]; n == 0 || bytes.Equal(t.at(n-1), id) {
			return i
		}
	}
}

// add returns the number of id and whether it is new.
func (t *ids) add(id []byte) (int32, bool) {
	i := t.slot(id)
	if n := t.slots[i]; n != 0 {
		return n - 1, false
	}
	n := t.append(id)
	t.slots[i] = n + 1
	if 2*len(t.ends) > len(t.slots) {
		t.slots = make([]int32, 2*len(t.slots))
		for j := range t.ends {
			t.slots[t.slot(t.at(int32(j)))] = int32(j) + 1
		}
	}
	return n, true
}

// append stores id under a new number without looking whether it is known.
func (t *ids) append(id []byte) int32 {
	t.arena = append(t.arena, id...)
	t.ends = append(t.ends, len(t.arena))
	return int32(len(t.ends) - 1)
}
