package microdata

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/kanon"
)

// apart refuses a sealed map within the folder that leaves, or over a file that is there.
func apart(sealed, out string) error {
	if sealed == "" {
		return nil
	}
	file, err := filepath.Abs(sealed)
	if err != nil {
		return fmt.Errorf("microdata: the sealed map: %w", pathless(err))
	}
	folder, err := filepath.Abs(out)
	if err != nil {
		return fmt.Errorf("microdata: the output folder: %w", pathless(err))
	}
	if strings.HasPrefix(file, folder+string(filepath.Separator)) {
		return fmt.Errorf("microdata: the sealed map would leave with the table: %w", edition.ErrExists)
	}
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("microdata: the sealed map is there already: %w", edition.ErrExists)
	}
	return nil
}

// seal writes whose row each released row is. Persons are numbered as they come in the
// released order, which depends on released values alone.
func seal(path string, released *kanon.Table) error {
	if path == "" {
		return nil
	}
	var text bytes.Buffer
	text.WriteString("row,person\n")
	for row, person := range personsOf(released) {
		fmt.Fprintf(&text, "%d,%d\n", row, person)
	}
	if err := durable.WriteFile(path, text.Bytes(), 0o600); err != nil {
		return fmt.Errorf("microdata: the sealed map: %w", pathless(err))
	}
	return nil
}
