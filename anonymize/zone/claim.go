package zone

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/pseudonym"
)

// zoneMark is a file that says that a folder is a restricted zone.
const zoneMark = ".entscope-zone"

// zoneNames is everything that stands at the top of a restricted zone.
var zoneNames = []string{
	zoneMark, pseudonym.SaltFile, eventsDir, rejectsDir, tableFolder, partialDir, "ledger.json", "spill", "stdin",
}

// Claim makes dir a restricted zone (0700) or finds it to be one already.
// A folder with anything else in it is refused: the error wraps durable.ErrForeign.
func Claim(dir string) error {
	if _, err := durable.Check(dir, IsZone); err != nil {
		return fmt.Errorf("zone: restricted zone: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("zone: restricted zone: %w", err)
	}
	path := filepath.Join(dir, zoneMark)
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	if err := durable.WriteFile(path, []byte("A restricted zone of entscope: personal data. Never back it up.\n"), 0o600); err != nil {
		return fmt.Errorf("zone: restricted zone: %w", err)
	}
	return nil
}

// IsZone reports, as an error, why dir is no restricted zone that entscope made:
// it has neither the mark nor a salt, or holds something else as well.
func IsZone(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	ours := false
	for _, e := range entries {
		if !slices.Contains(zoneNames, e.Name()) {
			return errors.New("it holds something that is no part of a restricted zone")
		}
		ours = ours || e.Name() == zoneMark
	}
	if _, err := pseudonym.LoadSalt(dir); err == nil {
		ours = true // made before zones had a mark
	}
	if !ours {
		return errors.New("it is no restricted zone")
	}
	return nil
}

// Destroy shreds the salt of the zone in dir and removes the zone, its mark
// last, so that what a killed run leaves is still known as ours. A zone that is not
// there is destroyed already.
func Destroy(dir string) error {
	there, err := durable.Check(dir, IsZone)
	if err != nil {
		return fmt.Errorf("zone: destroy zone: %w", err)
	}
	if !there {
		return nil
	}
	if err := Claim(dir); err != nil {
		return err
	}
	if err := pseudonym.DestroySalt(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, name := range zoneNames[1:] {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("zone: destroy zone: %w", err)
		}
	}
	return durable.Remove(dir, IsZone)
}
