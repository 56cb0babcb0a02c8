package pseudonym

import (
	"path/filepath"
	"testing"
)

// Whatever file a synthetic key is restored to, it says what it is; a key of
// which one bit differs, or that was drawn at random, does not.
func TestSyntheticKey(t *testing.T) {
	load := func(key [32]byte) *MasterKey {
		path := filepath.Join(t.TempDir(), "master.key")
		if err := RestoreKey(path, nil, key); err != nil {
			t.Fatal(err)
		}
		m, err := LoadKey(path, "")
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for seed := range uint64(20) {
		key := SyntheticKey(seed)
		if !load(key).Synthetic() || key != SyntheticKey(seed) || key == SyntheticKey(seed+1) {
			t.Errorf("seed %d: not recognised, or not its own", seed)
		}
		key[seed] ^= 1
		if load(key).Synthetic() {
			t.Errorf("seed %d: another key is taken for synthetic", seed)
		}
	}
	path := filepath.Join(t.TempDir(), "master.key")
	if err := CreateKey(path, nil); err != nil {
		t.Fatal(err)
	}
	if m, err := LoadKey(path, ""); err != nil || m.Synthetic() {
		t.Errorf("a key drawn at random is taken for synthetic: %v", err)
	}
}
