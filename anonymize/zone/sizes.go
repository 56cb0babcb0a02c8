package zone

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/anonymize/durable"
)

// sizesFile remembers how many records the tables of the directory and the registers had when they were accepted.
const sizesFile = "sizes.json"

func readSizes(dir string) (map[string]int64, error) { return remembered[int64](dir, sizesFile) }

// remembered reads what an earlier run kept in a file of the zone, by name; a file that is not there is empty.
func remembered[T any](dir, file string) (map[string]T, error) {
	all := map[string]T{}
	data, err := os.ReadFile(filepath.Join(dir, file))
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil {
		return nil, fmt.Errorf("zone: %s: %w", file, err)
	}
	return all, nil
}

// accept remembers the sizes of tables that have not shrunk beyond notice, so that a doubt is said each time until the
// rows are back or the loss is accepted.
func accept(disk durable.Disk, dir string, now, last map[string]int64) error {
	sizes := maps.Clone(last)
	for table, size := range now {
		if float64(size) >= (1-noticed)*float64(last[table]) {
			sizes[table] = size
		}
	}
	if maps.Equal(sizes, last) {
		return nil
	}
	data, err := json.MarshalIndent(sizes, "", " ")
	if err == nil {
		err = disk.WriteFile(filepath.Join(dir, sizesFile), append(data, '\n'), 0o600)
	}
	if err != nil {
		return fmt.Errorf("zone: %s: %w", sizesFile, err)
	}
	return nil
}
