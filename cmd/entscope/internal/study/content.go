package study

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// unread are the tables of study.toml that no cell of an edition depends on: where things lie and who answers for
// them, what is asked of an edition and what it may lose.
var unread = []string{"key", "output", "policies", "indicators", "limits", "engine", "legal", "plan"}

// Content identifies what the study makes its cells of beside its logs: what study.toml says of the window, the
// feeds, registers, deadlines and so on, and every file that it names there, by its bytes. It is the same for a
// copy of the study under another name or purpose, and after a rotated salt.
func (s *Study) Content() (string, error) {
	var tree map[string]any
	if err := toml.Unmarshal(s.text, &tree); err != nil {
		return "", fmt.Errorf("study: %w", err)
	}
	for _, table := range unread {
		delete(tree, table)
	}
	if about, ok := tree["study"].(map[string]any); ok {
		for _, name := range []string{"name", "purpose", "term"} {
			delete(about, name)
		}
	}
	h := sha256.New()
	meaning, err := json.Marshal(tree)
	if err != nil {
		return "", fmt.Errorf("study: %w", err)
	}
	fmt.Fprintf(h, "%d %s", len(meaning), meaning)
	if sources, ok := tree["source"].([]any); ok {
		for _, source := range sources {
			if table, ok := source.(map[string]any); ok {
				delete(table, "files") // the zone knows what came of them
			}
		}
	}
	files := map[string]bool{}
	s.filesIn(tree, files)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := hashFile(h, name); err != nil {
			return "", fmt.Errorf("study: %w", err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// filesIn adds the files that a text of the tree names, as itself, as a pattern, or as the archive of one.
func (s *Study) filesIn(tree any, files map[string]bool) {
	switch node := tree.(type) {
	case map[string]any:
		for _, child := range node {
			s.filesIn(child, files)
		}
	case []any:
		for _, child := range node {
			s.filesIn(child, files)
		}
	case string:
		archive, _, _ := strings.Cut(node, "!")
		for _, pattern := range []string{node, archive} {
			if pattern == "" {
				continue
			}
			found, err := filepath.Glob(s.Path(pattern))
			if err != nil {
				continue // no pattern, so no file
			}
			for _, name := range found {
				files[name] = true
			}
		}
	}
}

// hashFile adds the content of a file; a folder has none.
func hashFile(h io.Writer, name string) error {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return err
	}
	_, err = h.Write(sum.Sum(nil))
	return err
}
