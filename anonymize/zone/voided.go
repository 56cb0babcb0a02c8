package zone

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/ingest"
)

// voidedFile remembers which records were voided, by feed: the file that voids one may be gone before that which holds
// it. Only ids stand in it, which the store made.
const voidedFile = "voided.json"

// Voided are the ids of records of a feed that were voided by others, as far as the zone in dir knows.
func Voided(dir, feed string) ([]string, error) {
	all, err := readVoided(dir)
	return all[feed], err
}

func readVoided(dir string) (map[string][]string, error) {
	return remembered[[]string](dir, voidedFile)
}

// keepVoided remembers what the feeds have voided.
func keepVoided(dir string, feeds []ingest.Feed) error {
	last, err := readVoided(dir)
	if err != nil {
		return err
	}
	all := maps.Clone(last)
	for i := range feeds {
		if f := &feeds[i]; len(f.Voided) > 0 {
			all[f.Name] = f.Voided
		}
	}
	if maps.EqualFunc(all, last, slices.Equal) {
		return nil
	}
	data, err := json.MarshalIndent(all, "", " ")
	if err == nil {
		err = durable.WriteFile(filepath.Join(dir, voidedFile), append(data, '\n'), 0o600)
	}
	if err != nil {
		return fmt.Errorf("zone: %s: %w", voidedFile, err)
	}
	return nil
}
