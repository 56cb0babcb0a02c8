package pull

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/ingest/source"
)

// LedgerName is the name of the ledger in an inbox. Without it, or without a line of
// it, files are fetched again, and found to be there.
const LedgerName = ".pulled.json"

// record is a file as it was fetched.
type record struct {
	// Size, Modified and Version are the state on the server.
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified,omitzero"`
	Version  string    `json:"version,omitempty"`
	// File is the name in the inbox, empty for a window without events.
	File   string `json:"file,omitempty"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// ledger is what was fetched from one server; others keep theirs in the same file.
type ledger struct {
	disk   durable.Disk
	path   string
	id     string
	all    map[string]map[string]record // by server, by name there
	Files  map[string]record
	unsafe int // records not written yet
}

// saveEvery is how many files may be fetched again after a crash; they are then
// found to be there. Of a long ledger it is one in so many, for each time it is
// written it is written whole.
const saveEvery = 32

func openLedger(disk durable.Disk, inbox, id string) (*ledger, error) {
	l := &ledger{disk: disk, path: filepath.Join(inbox, LedgerName), id: id, all: map[string]map[string]record{}}
	data, err := os.ReadFile(l.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("ledger: %w", err)
	default:
		if err := json.Unmarshal(data, &l.all); err != nil {
			return nil, fmt.Errorf("ledger: %s is damaged; hint: remove it, and everything is fetched once more",
				l.path)
		}
	}
	if l.all[id] == nil {
		l.all[id] = map[string]record{}
	}
	l.Files = l.all[id]
	return l, nil
}

// knows reports whether e was fetched in the state that it has. A state that
// says nothing is never known.
func (l *ledger) knows(e source.Entry) bool {
	r, ok := l.Files[e.Name]
	if !ok || e.Version == "" && e.Modified.IsZero() {
		return false
	}
	return r.Size == e.Size && r.Version == e.Version && r.Modified.Equal(e.Modified)
}

// add notes a file that is in place.
func (l *ledger) add(e source.Entry, r record) error {
	r.Size, r.Modified, r.Version = e.Size, e.Modified.UTC(), e.Version
	l.Files[e.Name] = r
	if l.unsafe++; l.unsafe < max(saveEvery, len(l.Files)/saveEvery) {
		return nil
	}
	return l.save()
}

func (l *ledger) save() error {
	if l.unsafe == 0 {
		return nil
	}
	data, err := json.MarshalIndent(l.all, "", " ")
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	if err := l.disk.WriteFile(l.path, append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	l.unsafe = 0
	return nil
}
