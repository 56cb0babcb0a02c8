package zone

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/entscope/entscope/anonymize/durable"
)

// TestDestroyLeavesWhatIsForeign keeps a zone in which somebody put a file of theirs,
// and destroys one in which a killed writer left its temporary.
func TestDestroyLeavesWhatIsForeign(t *testing.T) {
	for name, refused := range map[string]bool{"precious.txt": true, ".manifest-1.json.entscope-new": false} {
		dir := filepath.Join(t.TempDir(), "restricted")
		if err := Claim(durable.Disk{}, dir); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, eventsDir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		err := Destroy(durable.Disk{}, dir)
		if refused != errors.Is(err, durable.ErrForeign) {
			t.Errorf("%s: error %v", name, err)
		}
		if _, missing := os.Stat(path); (missing == nil) != refused {
			t.Errorf("%s: there afterwards: %v", name, missing == nil)
		}
	}
}

// TestZoneInsideAZone refuses a zone that could not be destroyed with the outer one.
func TestZoneInsideAZone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "restricted")
	if err := Claim(durable.Disk{}, dir); err != nil {
		t.Fatal(err)
	}
	if err := Claim(durable.Disk{}, filepath.Join(dir, "sub")); !errors.Is(err, durable.ErrForeign) {
		t.Errorf("error %v, want ErrForeign", err)
	}
}
