package anonymize

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// told is a sum of digests of the rows of cells and of the population that an edition tells, but for the numbers of clusters and the
// edition's own name: of two editions of one draw of the noise it is another exactly where a number differs.
type told [sha256.Size / 8]uint64

// add adds a row; a nil told takes none.
func (t *told) add(row any) {
	if t == nil {
		return
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%T%+v", row, row))
	for i := range t {
		t[i] += binary.BigEndian.Uint64(sum[8*i:])
	}
}

func (t *told) bytes() (b []byte) {
	for _, part := range t {
		b = binary.BigEndian.AppendUint64(b, part)
	}
	return b
}
