package publication

import (
	"bytes"
	"errors"
	"io/fs"
	"os"

	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/durable"
)

// readLedger reads the ledger of releases; a file that is not there is an empty one.
func readLedger(file string) (disclosure.Ledger, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return disclosure.Ledger{}, nil
	}
	if err != nil {
		return disclosure.Ledger{}, err
	}
	defer f.Close()
	return disclosure.ReadLedger(f)
}

func writeLedger(file string, l disclosure.Ledger) error {
	var text bytes.Buffer
	if err := l.Write(&text); err != nil {
		return err
	}
	return durable.WriteFile(file, text.Bytes(), 0o600)
}
