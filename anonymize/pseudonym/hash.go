package pseudonym

import (
	"cmp"
	"crypto/sha256"
	"encoding"
	"encoding/binary"
	"encoding/hex"
	"hash"
)

// StudyKey is the key of one study: one purpose, one school year, one salt. It
// prints as a placeholder. It may be shared between goroutines.
type StudyKey struct {
	redacted
	key           *secret
	lasting       *LastingKey
	purpose, year string
}

// ID is the check value of the study key, 16 hexadecimal digits: safe to print
// and to store, so that a run can tell that the key is the one it began with.
func (k *StudyKey) ID() string { return checkValue(k.key.bytes[:]) }

// Hasher gives the pseudonyms of one namespace. It is not for concurrent use:
// make one for each goroutine.
//
// The pseudonym of id is the first 128 bits of
//
//	HMAC-SHA-256(study key, context ‖ id)
//	context = ("v1", purpose, school year, namespace), each preceded by its
//	          length (32 bits, big-endian), then zeros up to a multiple of 64 bytes
//
// No two (namespace, id) give the same message: the context ends at a block
// boundary that its own lengths determine. The padding lets both the key block
// and the context be hashed once; an id up to 55 bytes then costs two SHA-256
// blocks, the least HMAC can do.
type Hasher struct {
	redacted
	c *core
	// record gives the record key of a person; nil where no person is named.
	record *core
}

// Hasher returns the hasher of a namespace, such as "aaf/parent" or "account/entcore".
func (k *StudyKey) Hasher(namespace string) *Hasher {
	context := appendParts(nil, "v1", k.purpose, k.year, namespace)
	if odd := len(context) % sha256.BlockSize; odd != 0 {
		context = append(context, make([]byte, sha256.BlockSize-odd)...)
	}
	return &Hasher{c: newCore(k.key.bytes[:], context)}
}

// Persons returns the hasher of a namespace of persons or accounts. Its pseudonyms are those
// of Hasher, but for bytes 4 to 7: they are the record key of the person (package perturb),
// the first four bytes of
//
//	HMAC-SHA-256(lasting key, ("lasting/v1", "record/" ‖ namespace) ‖ id)
//
// so that a copy of a study, and a study whose salt was drawn again, have the same noise for
// the same persons. To whoever lacks the master key they are as random as the others.
func (k *StudyKey) Persons(namespace string) *Hasher {
	return &Hasher{c: k.Hasher(namespace).c, record: k.lasting.Hasher("record/" + namespace).c}
}

// Sum is the pseudonym of id. It allocates nothing.
func (h *Hasher) Sum(id []byte) [16]byte {
	p := [16]byte(h.c.sum(id)[:16])
	if h.record != nil {
		copy(p[4:8], h.record.sum(id)[:4])
	}
	return p
}

// Key is PersonKey(h.Sum(id)).
func (h *Hasher) Key(id []byte) int64 { return PersonKey(h.Sum(id)) }

// PersonKey is the 64-bit key of a pseudonym: its first eight bytes, big-endian. Of a person
// the lower half is the record key.
func PersonKey(p [16]byte) int64 { return int64(binary.BigEndian.Uint64(p[:8])) }

// CompareRecords orders the keys of persons by their record keys, which every study of a
// master key orders alike.
func CompareRecords(a, b int64) int {
	return cmp.Or(cmp.Compare(uint32(a), uint32(b)), cmp.Compare(a, b))
}

// Bucket is the bucket of a person key when there are 2^bits buckets: its top bits.
func Bucket(key int64, bits int) int { return int(uint64(key) >> (64 - bits)) }

// Lasting returns the hasher of a namespace under the lasting key; see LastingKey.
func (k *StudyKey) Lasting(namespace string) *Hasher { return k.lasting.Hasher(namespace) }

// PRF is a keyed source of numbers that look random to whoever lacks the study
// key and are the same in every run that has it: cluster ids, tie-breaking,
// noise. It is not for concurrent use.
type PRF struct {
	redacted
	c   *core
	buf []byte
}

// LastingPRF returns the function of a label under the lasting key: the same for every study
// of a master key.
func (k *StudyKey) LastingPRF(label string) *PRF { return k.lasting.PRF(label) }

// PRF returns the function of a label.
func (k *LastingKey) PRF(label string) *PRF {
	return &PRF{c: newCore(k.key.bytes[:], appendParts(nil, "lasting prf/v1", label))}
}

// PRF returns the function of a label; two labels give unrelated functions.
func (k *StudyKey) PRF(label string) *PRF {
	return &PRF{c: newCore(k.key.bytes[:], appendParts(nil, "prf/v1", k.purpose, k.year, label))}
}

// Uint64 is uniform over 64 bits, as a function of its arguments and their number.
func (p *PRF) Uint64(parts ...int64) uint64 {
	b := binary.BigEndian.AppendUint32(p.buf[:0], uint32(len(parts)))
	for _, v := range parts {
		b = binary.BigEndian.AppendUint64(b, uint64(v))
	}
	p.buf = b
	sum := p.c.sum(b)
	return binary.BigEndian.Uint64(sum[:8])
}

// core is HMAC-SHA-256 (RFC 2104) of prefix ‖ message with the key blocks and
// the prefix hashed in advance: crypto/hmac would hash the prefix again for
// each message. The arithmetic is that of crypto/sha256, entered at a stored state.
type core struct {
	digest interface {
		hash.Hash
		encoding.BinaryUnmarshaler
	}
	*states
}

// states is apart from core for the reason given at secret.
type states struct {
	inner, outer []byte // marshalled
	buf          [sha256.Size]byte
}

func newCore(key, prefix []byte) *core {
	var block [sha256.BlockSize]byte
	if len(key) > len(block) {
		sum := sha256.Sum256(key)
		key = sum[:]
	}
	state := func(pad byte, prefix []byte) []byte {
		clear(block[:])
		copy(block[:], key)
		for i := range block {
			block[i] ^= pad
		}
		d := sha256.New()
		d.Write(block[:])
		d.Write(prefix)
		clear(block[:])
		b, err := d.(encoding.BinaryMarshaler).MarshalBinary()
		if err != nil { // never: the state of crypto/sha256 can always be stored
			panic("pseudonym: sha256 state: " + err.Error())
		}
		return b
	}
	c := &core{states: &states{inner: state(0x36, prefix), outer: state(0x5c, nil)}}
	c.digest = sha256.New().(interface {
		hash.Hash
		encoding.BinaryUnmarshaler
	})
	return c
}

// sum returns the whole HMAC; the array is overwritten by the next call.
func (c *core) sum(message []byte) *[sha256.Size]byte {
	c.enter(c.inner)
	c.digest.Write(message)
	c.digest.Sum(c.buf[:0])
	c.enter(c.outer)
	c.digest.Write(c.buf[:])
	c.digest.Sum(c.buf[:0])
	return &c.buf
}

func (c *core) enter(state []byte) {
	if err := c.digest.UnmarshalBinary(state); err != nil { // never: we made the state
		panic("pseudonym: sha256 state: " + err.Error())
	}
}

// checkValue is a one-way function of the key under a label no pseudonym uses.
func checkValue(key []byte) string {
	c := newCore(key, appendParts(nil, "entscope/check/v1"))
	sum := c.sum(nil)
	return hex.EncodeToString(sum[:8])
}
