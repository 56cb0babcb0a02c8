package pseudonym

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
)

// syntheticMark is how many of the last bytes of a synthetic key follow from the
// others. A key drawn at random has them once in 2^64.
const syntheticMark = 8

// SyntheticKey is the master key of the synthetic region of a seed, so that the
// same seed gives the same bytes on any machine. Anybody can compute it: it
// protects nobody, for nobody in the region exists. The key itself says that it
// is one, whatever file it is copied to: see Synthetic.
//
//	first 24 bytes = SHA-256("entscope synthetic key" ‖ seed, big-endian)
//	last 8 bytes   = SHA-256("entscope synthetic mark" ‖ first 24 bytes)
func SyntheticKey(seed uint64) [32]byte {
	key := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("entscope synthetic key"), seed))
	copy(key[len(key)-syntheticMark:], markOf(key[:]))
	return key
}

func markOf(key []byte) []byte {
	sum := sha256.Sum256(append([]byte("entscope synthetic mark"), key[:len(key)-syntheticMark]...))
	return sum[:syntheticMark]
}

// Synthetic reports whether the key is one that SyntheticKey made: a study of
// persons must not use it.
func (m *MasterKey) Synthetic() bool {
	key := m.key.bytes[:]
	return bytes.Equal(key[len(key)-syntheticMark:], markOf(key))
}
