package zone

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/ingest/directory"
)

// Messages are the rows of the register of messages on their way from the
// directory to the zone. A region has more of them than memory holds: Add puts
// each, pseudonymised, into one of 256 files by the high bits of the message's key,
// and WritePeople makes the table of one file after the other. What is known of a
// message lies in one file, and a hundred million rows are 400,000 in each.
type Messages struct {
	dir                    string
	message, thread, other *pseudonym.Hasher
	parts                  [messageParts]*messagePart
	buffer                 []byte
}

const messageParts = 256

type messagePart struct {
	*bufio.Writer
	file *os.File
}

// received is a row as the files hold it: Check tells two messages of one key
// apart, Unknown an account nobody knows, and persons and schools are numbers of
// the directory.
type received struct {
	Message, Check, Thread, Unknown     int64
	SentMs, OpenedMs, Bytes, DeadlineMs int64
	School, Sender, Recipient           int32
	Recipients, SentDate                int32
	SentHour, Attached                  int8
	SenderProfile, RecipientProfile     int8
}

// NewMessages makes the files of a register in the zone in dir, unlisted by any
// manifest; Close takes them away.
func NewMessages(dir string, k *pseudonym.StudyKey) (*Messages, error) {
	folder := filepath.Join(dir, partialDir, "messages")
	if err := errors.Join(os.RemoveAll(folder), os.MkdirAll(folder, 0o700)); err != nil {
		return nil, fmt.Errorf("zone: messages: %w", err)
	}
	return &Messages{dir: folder, message: k.Hasher("message"), thread: k.Hasher("thread"), other: k.Hasher("recipient")}, nil
}

// Add takes a row of the register: it is directory.Options.Message.
func (m *Messages) Add(row *directory.Message) error {
	sum := m.message.Sum(row.ID)
	r := received{
		Message: pseudonym.PersonKey(sum), Check: int64(binary.BigEndian.Uint64(sum[8:])),
		SentMs: row.SentMs, OpenedMs: row.OpenedMs, Bytes: row.Bytes, DeadlineMs: row.DeadlineMs,
		School: row.School, Sender: row.Sender, Recipient: row.Recipient, Recipients: row.Recipients, SentDate: row.SentDate,
		SentHour: row.SentHour, Attached: row.Attached, SenderProfile: int8(row.SenderProfile), RecipientProfile: int8(row.RecipientProfile),
	}
	if r.Thread = r.Message; row.Thread != nil {
		r.Thread = m.thread.Key(row.Thread)
	}
	if row.Unknown != nil {
		r.Unknown = m.other.Key(row.Unknown)
	}
	part, err := m.part(pseudonym.Bucket(r.Message, 8))
	if err == nil {
		if m.buffer, err = binary.Append(m.buffer[:0], binary.LittleEndian, &r); err == nil {
			_, err = part.Write(m.buffer)
		}
	}
	if err != nil {
		return fmt.Errorf("zone: messages: %w", err)
	}
	return nil
}

func (m *Messages) part(n int) (*messagePart, error) {
	if m.parts[n] == nil {
		file, err := os.OpenFile(filepath.Join(m.dir, fmt.Sprintf("%03d", n)), os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
		if err != nil {
			return nil, err
		}
		m.parts[n] = &messagePart{bufio.NewWriterSize(file, 1<<15), file}
	}
	return m.parts[n], nil
}

// Close removes the files.
func (m *Messages) Close() error {
	var err error
	for _, part := range m.parts {
		if part != nil {
			err = errors.Join(err, part.file.Close())
		}
	}
	return errors.Join(err, os.RemoveAll(m.dir))
}

// rows are those of one file, in reading order.
func (p *messagePart) rows() ([]received, error) {
	if err := p.Flush(); err != nil {
		return nil, err
	}
	size, err := p.file.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	data := make([]byte, size)
	if _, err := p.file.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	rows := make([]received, int(size)/binary.Size(received{}))
	return rows, binary.Read(bytes.NewReader(data), binary.LittleEndian, rows)
}

// messages are the one register of many rows. Each recipient of a message is in
// it once; recipients whom nobody knows all have key 0.
func (w *peopleWriter) messages() error {
	table, err := newTable[MessageRow](w.ctx, w.dir, "messages")
	if err != nil {
		return fmt.Errorf("messages: %w", err)
	}
	defer table.discard()
	for n := range messageParts {
		if w.sent == nil || w.sent.parts[n^messageParts/2] == nil {
			continue
		}
		part := w.sent.parts[n^messageParts/2] // in the order of signed keys
		rows, err := part.rows()
		if err == nil {
			rows, err = eachRecipientOnce(rows)
		}
		if err != nil {
			return fmt.Errorf("messages: %w", err)
		}
		for _, row := range w.messageRows(rows) {
			if err := table.add(row); err != nil {
				return fmt.Errorf("messages: %w", err)
			}
		}
	}
	f, err := table.close()
	if err != nil {
		return fmt.Errorf("messages: %w", err)
	}
	w.out.Files = append(w.out.Files, f)
	return nil
}

// eachRecipientOnce keeps the first of the rows that an export repeats, with the
// earliest opening, and counts the recipients where the register does not. Rows
// that name no recipient are as many recipients, unless the register says how many
// there are: then they are one.
func eachRecipientOnce(rows []received) ([]received, error) {
	type recipient struct {
		message, unknown int64
		person           int32
	}
	kept, at := rows[:0], make(map[recipient]int, len(rows))
	checks, counts := map[int64]int64{}, map[int64]int32{}
	for _, r := range rows {
		if check, ok := checks[r.Message]; r.Message == 0 || ok && check != r.Check {
			return nil, ErrCollision
		}
		checks[r.Message] = r.Check
		k := recipient{r.Message, r.Unknown, r.Recipient}
		if r.Recipient >= 0 || r.Unknown != 0 || r.Recipients > 0 {
			if i, ok := at[k]; ok {
				if first := &kept[i]; r.OpenedMs > 0 && (first.OpenedMs <= 0 || r.OpenedMs < first.OpenedMs) {
					first.OpenedMs = r.OpenedMs
				}
				continue
			}
			at[k] = len(kept)
		}
		kept = append(kept, r)
		counts[r.Message]++
	}
	for i := range kept {
		if r := &kept[i]; r.Recipients == 0 {
			r.Recipients = counts[r.Message]
		}
	}
	return kept, nil
}

// messageRows gives the rows their keys and the order of the table.
func (w *peopleWriter) messageRows(kept []received) []MessageRow {
	rows := make([]MessageRow, len(kept))
	for i, r := range kept {
		rows[i] = MessageRow{
			MessageKey: r.Message, ThreadKey: r.Thread, SchoolKey: w.schoolKey(r.School),
			SenderKey: w.personKey(r.Sender), SenderProfile: r.SenderProfile, RecipientKey: w.personKey(r.Recipient), RecipientProfile: r.RecipientProfile,
			Recipients: r.Recipients, SentMs: r.SentMs, SentDate: r.SentDate, SentHour: r.SentHour, OpenedMs: r.OpenedMs,
			Bytes: r.Bytes, Attached: r.Attached, DeadlineMs: r.DeadlineMs,
		}
	}
	slices.SortFunc(rows, func(a, b MessageRow) int {
		return cmp.Or(cmp.Compare(a.MessageKey, b.MessageKey), cmp.Compare(a.RecipientKey, b.RecipientKey), cmp.Compare(a.RecipientProfile, b.RecipientProfile),
			cmp.Compare(a.OpenedMs, b.OpenedMs), cmp.Compare(a.SentMs, b.SentMs), cmp.Compare(a.Bytes, b.Bytes), cmp.Compare(a.Attached, b.Attached),
			cmp.Compare(a.DeadlineMs, b.DeadlineMs), cmp.Compare(a.SenderKey, b.SenderKey), cmp.Compare(a.SenderProfile, b.SenderProfile),
			cmp.Compare(a.ThreadKey, b.ThreadKey), cmp.Compare(a.Recipients, b.Recipients))
	})
	return rows
}
