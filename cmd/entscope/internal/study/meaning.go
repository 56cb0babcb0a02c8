package study

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"

	"github.com/pelletier/go-toml/v2"
)

// hash covers what decides the output: the meaning of the study and of its policies,
// not how they are written, what computes and where the zone lies, how much memory and how many threads may be used, nor the
// key or what is said to the officer. A comment makes no new edition.
func (s *Study) hash(data []byte) error {
	h, editions := sha256.New(), sha256.New()
	for _, name := range []string{"", s.Policies.Research, s.Policies.Schools, s.Policies.Publication} {
		if name != "" {
			var err error
			if data, err = os.ReadFile(s.Path(name)); err != nil {
				return fmt.Errorf("policy: %w", err)
			}
		}
		meaning, err := meaningOf(data)
		if err != nil && name == "" {
			return err
		}
		if err != nil { // said by whoever reads the policy
			meaning = data
		}
		fmt.Fprintf(h, "%d\x00%s", len(meaning), meaning)
		if name != "" && name != s.Policies.Publication {
			fmt.Fprintf(editions, "%d\x00%s", len(meaning), meaning)
		}
	}
	s.Hash, s.PolicyHash = hex.EncodeToString(h.Sum(nil)), hex.EncodeToString(editions.Sum(nil))
	return nil
}

// meaningOf is a TOML text as JSON, keys sorted, without what no output depends on.
func meaningOf(text []byte) ([]byte, error) {
	var tree map[string]any
	if err := toml.Unmarshal(text, &tree); err != nil {
		return nil, err
	}
	delete(tree, "legal") // no edition holds it; a publication knows it by itself
	delete(tree, "plan")  // it makes no new edition: one that was made without it came first
	delete(tree, "engine")
	delete(tree, "store")
	if limits, ok := tree["limits"].(map[string]any); ok {
		delete(limits, "memory_mb")
		delete(limits, "threads")
	}
	return json.Marshal(tree)
}
