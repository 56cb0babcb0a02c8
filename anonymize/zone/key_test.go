package zone

import (
	"path/filepath"
	"testing"

	"github.com/entscope/entscope/anonymize/pseudonym"
)

func testMaster(t testing.TB) *pseudonym.MasterKey {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	var key [32]byte
	for i := range key {
		key[i] = byte(i*i*7 + 13*i + 5)
	}
	if err := pseudonym.RestoreKey(path, nil, key); err != nil {
		t.Fatal(err)
	}
	m, err := pseudonym.LoadKey(path, "")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func testStudy(t testing.TB) *pseudonym.StudyKey {
	t.Helper()
	k, err := testMaster(t).Study("usages-familles", "2025-2026", [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	return k
}
