package zone

import (
	"encoding/binary"
	"hash/maphash"
)

// cache is a bounded table from identifiers to keys, by open addressing. A slot
// is half a cache line and holds an identifier of up to inline bytes itself, so
// that a look-up costs one miss; longer ones stand in bytes. The table forgets
// everything when it is full. Its hash differs from run to run; what it answers
// does not.
type cache struct {
	seed  maphash.Seed
	slots []cacheSlot
	bytes []byte
	n     int
}

type cacheSlot struct {
	key    int64
	hash   uint32
	length uint16 // plus one; 0 is an empty slot
	id     [inline]byte
}

const (
	inline     = 18      // bytes of an identifier in its slot
	cacheSlots = 1 << 18 // 8 MiB, of 196,608 identifiers
	cacheBytes = 8 << 20
)

// find is the place of an identifier's key; found is false when it is new and
// the caller has to fill the place.
func (c *cache) find(id []byte) (key *int64, found bool) {
	if c.slots == nil {
		c.seed = maphash.MakeSeed()
		c.slots = make([]cacheSlot, 1<<6)
	}
	if len(id) >= 1<<16-1 {
		return new(int64), false
	}
	h := maphash.Bytes(c.seed, id)
	mask := uint64(len(c.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		s := &c.slots[i]
		if s.length == 0 {
			break
		}
		if s.hash == uint32(h>>32) && string(c.id(s)) == string(id) {
			return &s.key, true
		}
	}
	if 4*(c.n+1) > 3*len(c.slots) {
		c.grow()
	}
	if len(id) > inline && len(c.bytes)+len(id) > cacheBytes {
		c.forget()
	}
	mask = uint64(len(c.slots) - 1)
	i := h & mask
	for c.slots[i].length != 0 {
		i = (i + 1) & mask
	}
	s := &c.slots[i]
	*s = cacheSlot{hash: uint32(h >> 32), length: uint16(len(id)) + 1}
	if len(id) <= inline {
		copy(s.id[:], id)
	} else {
		binary.LittleEndian.PutUint32(s.id[:], uint32(len(c.bytes)))
		c.bytes = append(c.bytes, id...)
	}
	c.n++
	return &s.key, false
}

// id is the identifier of a slot that is not empty.
func (c *cache) id(s *cacheSlot) []byte {
	n := int(s.length) - 1
	if n <= inline {
		return s.id[:n]
	}
	from := binary.LittleEndian.Uint32(s.id[:])
	return c.bytes[from:][:n]
}

func (c *cache) grow() {
	if len(c.slots) >= cacheSlots {
		c.forget()
		return
	}
	old := c.slots
	c.slots = make([]cacheSlot, 2*len(old))
	mask := uint64(len(c.slots) - 1)
	for k := range old {
		if old[k].length == 0 {
			continue
		}
		i := maphash.Bytes(c.seed, c.id(&old[k])) & mask
		for c.slots[i].length != 0 {
			i = (i + 1) & mask
		}
		c.slots[i] = old[k]
	}
}

func (c *cache) forget() {
	clear(c.slots)
	c.bytes, c.n = c.bytes[:0], 0
}
