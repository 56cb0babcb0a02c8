package anonymize

import (
	"path/filepath"
	"testing"

	"github.com/entscope/entscope/anonymize/release"
)

// register is an empty register of releases.
func register(t *testing.T) *release.Register {
	t.Helper()
	return registerAt(t, filepath.Join(t.TempDir(), "master.key"))
}

// registerAt is the register beside a master key.
func registerAt(t *testing.T, file string) *release.Register {
	t.Helper()
	key, err := testMaster(t).Lasting()
	if err != nil {
		t.Fatal(err)
	}
	r, err := release.Open(release.File(file), key)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
