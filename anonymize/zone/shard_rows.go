package zone

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"slices"

	"github.com/entscope/entscope/anonymize/durable"
)

// errDamaged says that the rows of a shard are not those that it wrote.
var errDamaged = errors.New("the rows of a shard are damaged")

// maxChunk bounds what is read at once, whatever a damaged file says.
const maxChunk = 1 << 28

// readChunk reads the rows of one chunk into b; io.EOF says that there is none.
func readChunk(r *bufio.Reader, b []byte) ([]byte, error) {
	n, err := binary.ReadUvarint(r)
	if err == io.EOF {
		return nil, io.EOF
	} else if err != nil || n > maxChunk {
		return nil, errors.Join(errDamaged, err)
	}
	b = slices.Grow(b[:0], int(n))[:n]
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, errors.Join(errDamaged, err)
	}
	return b, nil
}

// encode appends a row, as varints in the order of its columns.
func (r *EventRow) encode(b []byte) []byte {
	for _, v := range [...]int64{
		r.PersonKey, r.TsMs, int64(r.LocalDate), int64(r.LocalHour), int64(r.SchoolKey), int64(r.Profile),
		int64(r.Service), int64(r.Action), int64(r.Device), int64(r.Channel), r.ChildKey, r.ObjectKey, r.EventKey,
		int64(r.Weight), int64(r.Feed),
	} {
		b = binary.AppendVarint(b, v)
	}
	return b
}

// decode reads a row, all but Delivery, and returns what follows it.
func (r *EventRow) decode(b []byte) ([]byte, error) {
	var v [15]int64
	for i := range v {
		n := 0
		if v[i], n = binary.Varint(b); n <= 0 {
			return nil, errDamaged
		}
		b = b[n:]
	}
	*r = EventRow{
		PersonKey: v[0], TsMs: v[1], LocalDate: int32(v[2]), LocalHour: int8(v[3]), SchoolKey: int32(v[4]),
		Profile: int8(v[5]), Service: int8(v[6]), Action: int8(v[7]), Device: int8(v[8]), Channel: int8(v[9]),
		ChildKey: v[10], ObjectKey: v[11], EventKey: v[12], Weight: int32(v[13]), Feed: int8(v[14]),
	}
	return b, nil
}

// rowsWriter writes the rows of a delivery for whoever takes them.
type rowsWriter struct {
	file  durable.File
	sum   hash.Hash
	out   *bufio.Writer
	chunk []byte
}

func newRowsWriter(disk durable.Disk, path string) (*rowsWriter, error) {
	file, err := disk.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	w := &rowsWriter{file: file, sum: sha256.New()}
	w.out = bufio.NewWriterSize(io.MultiWriter(file, w.sum), 1<<18)
	return w, nil
}

// add writes the rows of a chunk; one without rows changes nothing of what is written in the end.
func (w *rowsWriter) add(rows []EventRow) error {
	if len(rows) == 0 {
		return nil
	}
	w.chunk = w.chunk[:0]
	for i := range rows {
		w.chunk = rows[i].encode(w.chunk)
	}
	if _, err := w.out.Write(binary.AppendUvarint(nil, uint64(len(w.chunk)))); err != nil {
		return err
	}
	_, err := w.out.Write(w.chunk)
	return err
}

// close ends the file and gives its SHA-256.
func (w *rowsWriter) close() (string, error) {
	err := errors.Join(w.out.Flush(), w.file.Close())
	return hex.EncodeToString(w.sum.Sum(nil)), err
}
