package directory

import (
	"bytes"
	"hash/maphash"
)

// ids numbers the different strings it is given, 0, 1, 2 … in the order of
// their first sight. A million ids cost about 30 MB: blocks of bytes that are
// never moved and an open-addressing table, where a Go map of strings would cost
// four times that.
type ids struct {
	seed   maphash.Seed
	blocks [][]byte
	refs   []uint64 // of each string: its place in the blocks << refLength | its length
	slots  []int32  // number+1, 0 empty
}

const (
	blockSize = 1 << 16 // no string is longer
	refLength = 16
)

func newIDs() *ids { return &ids{seed: maphash.MakeSeed(), slots: make([]int32, 64)} }

func (t *ids) len() int { return len(t.refs) }

func (t *ids) at(i int32) []byte {
	place, length := t.refs[i]>>refLength, t.refs[i]&(1<<refLength-1)
	begin := place % blockSize
	return t.blocks[place/blockSize][begin : begin+length : begin+length]
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
	if 2*len(t.refs) > len(t.slots) {
		t.slots = make([]int32, 2*len(t.slots))
		for j := range t.refs {
			t.slots[t.slot(t.at(int32(j)))] = int32(j) + 1
		}
	}
	return n, true
}

// append stores id, of at most 64 kB, under a new number.
func (t *ids) append(id []byte) int32 {
	last := len(t.blocks) - 1
	if last < 0 || len(t.blocks[last])+len(id) > blockSize {
		t.blocks = append(t.blocks, make([]byte, 0, blockSize))
		last++
	}
	begin := len(t.blocks[last])
	t.blocks[last] = append(t.blocks[last], id...)
	t.refs = append(t.refs, uint64(last*blockSize+begin)<<refLength|uint64(len(id)))
	return int32(len(t.refs) - 1)
}

// index finds the entries of a slice by their keys: open addressing over their
// numbers, 8 to 16 bytes an entry.
type index[K comparable] struct {
	seed  maphash.Seed
	slots []int32 // number+1, 0 empty
	n     int
	key   func(int32) K // of an entry
}

func newIndex[K comparable](key func(int32) K) *index[K] {
	return &index[K]{seed: maphash.MakeSeed(), slots: make([]int32, 64), key: key}
}

// find returns the number of the entry with a key, -1 if there is none.
func (x *index[K]) find(k K) int32 { return x.slots[x.slot(k)] - 1 }

func (x *index[K]) slot(k K) int {
	mask := len(x.slots) - 1
	for i := int(maphash.Comparable(x.seed, k)) & mask; ; i = (i + 1) & mask {
		if n := x.slots[i]; n == 0 || x.key(n-1) == k {
			return i
		}
	}
}

// put makes entry i the one with key k, in the place of an earlier one.
func (x *index[K]) put(k K, i int32) {
	s := x.slot(k)
	if x.slots[s] == 0 {
		x.n++
	}
	x.slots[s] = i + 1
	if 2*x.n > len(x.slots) {
		old := x.slots
		x.slots = make([]int32, 2*len(old))
		for _, n := range old {
			if n != 0 {
				x.slots[x.slot(x.key(n-1))] = n
			}
		}
	}
}
