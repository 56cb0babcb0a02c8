package anonymize

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/entscope/entscope/anonymize/edition"
)

// told is what an edition tells: a sum of digests of the rows of cells and of the population, but for the numbers of
// clusters and the edition's own name, so that of two editions of one draw of the noise it is another exactly where a
// number differs; and the families of what must not be known of a school of which there is any row.
type told struct {
	digest   [sha256.Size / 8]uint64
	families map[string]bool
}

// add adds a row; a nil told takes none.
func (t *told) add(row any) {
	if t == nil {
		return
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%T%+v", row, row))
	for i := range t.digest {
		t.digest[i] += binary.BigEndian.Uint64(sum[8*i:])
	}
}

// addOf adds a row of a measure or curve.
func (t *told) addOf(name string, row any) {
	if family := edition.FamilyOf(name); t != nil && family != "" {
		t.families[family] = true
	}
	t.add(row)
}

func (t *told) bytes() (b []byte) {
	for _, part := range t.digest {
		b = binary.BigEndian.AppendUint64(b, part)
	}
	return b
}
